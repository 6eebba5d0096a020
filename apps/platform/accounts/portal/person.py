"""A person's own data: another email or phone, addresses, consents, download, and the end of the account."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from apps.core.errors import BusinessError, NotFound
from apps.core.portal.responses import redirect_to
from apps.platform.accounts import selectors, services
from apps.platform.accounts.models import Address, Consent
from apps.platform.accounts.person_forms import AddressForm, ContactCodeForm, EraseForm, NewEmailForm, NewPhoneForm
from apps.platform.accounts.phones import format_phone
from apps.platform.accounts.portal.frame import AccountPage
from apps.platform.accounts.portal.legal import find_text
from apps.platform.accounts.services.contacts import (
    CONTACTS,
    Contact,
    confirm_contact_change,
    find_awaited_address,
    request_contact_change,
)
from apps.platform.accounts.services.erase import ask_to_be_forgotten, find_erasure
from apps.platform.accounts.services.own_data import (
    DAYS,
    download_path,
    find_running_job,
    list_downloads,
    open_own_data,
    request_own_data,
)

CONSENTS_SHOWN = 20
secret_page = method_decorator(sensitive_post_parameters("password", "code"), name="dispatch")


class ContactPage(AccountPage):
    """Another email or phone, in two steps: `kind` comes from the address of the page."""

    form_classes: ClassVar[dict[str, type[forms.Form]]] = {"email": NewEmailForm, "phone": NewPhoneForm}

    @property
    def contact(self) -> Contact:
        return CONTACTS[self.kwargs["kind"]]

    def get_title(self) -> Any:
        return _("Change the email address") if self.contact.kind == "email" else _("Change the phone number")


@secret_page
class ChangeContactView(ContactPage):
    """Asks for the new one and the password."""

    template_name = "accounts/account/contact.html"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        present = getattr(self.user, self.contact.kind) or ""
        shown = present if "@" in present else format_phone(present)
        return super().get_context(**{"form": self.form_classes[self.contact.kind](), "present": shown, **extra})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_classes[self.contact.kind](request.POST)
        if self.call(form, request_contact_change, contact=self.contact) is None:
            return self.show(form=form, status=422)
        return HttpResponseRedirect(reverse(f"account-{self.contact.kind}-confirm"))


@secret_page
class ConfirmContactView(ContactPage):
    """Asks for the code that was sent to the new one."""

    template_name = "accounts/account/contact_code.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not find_awaited_address(self.actor, self.contact):
            return HttpResponseRedirect(reverse(f"account-{self.contact.kind}"))
        return super().dispatch(request, *args, **kwargs)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        address = find_awaited_address(self.actor, self.contact)
        shown = address if "@" in address else format_phone(address)
        return super().get_context(**{"form": ContactCodeForm(), "address": shown, **extra})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ContactCodeForm(request.POST)
        if self.call(form, confirm_contact_change, contact=self.contact) is None:
            return self.show(form=form, status=422)
        return self.go_back(_("Changed. From now on you log in with it."))


class AddressesView(AccountPage):
    section = "account-addresses"
    template_name = "accounts/account/addresses.html"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(addresses=selectors.list_addresses(self.actor), **extra)


class AddressPage(AccountPage):
    """Base of what concerns one of one's own addresses."""

    section = "account-addresses"

    @property
    def address(self) -> Address:
        """Raises NotFound for an address of somebody else."""
        found = selectors.list_addresses(self.actor).filter(pk=self.kwargs["id"]).first()
        if found is None:
            raise NotFound
        return found


class AddAddressView(AccountPage):
    section = "account-addresses"
    template_name = "accounts/account/address.html"
    title = _("New address")

    def get_context(self, **extra: Any) -> dict[str, Any]:
        first = {"recipient": self.user.full_name, "phone": format_phone(self.user.phone)}
        return super().get_context(**{"form": AddressForm(initial=first), **extra})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AddressForm(request.POST)
        if self.call(form, services.add_address) is None:
            return self.show(form=form, status=422)
        return self.go_back(_("The address is added."))


class EditAddressView(AddressPage):
    template_name = "accounts/account/address.html"
    title = _("Change the address")

    def get_context(self, **extra: Any) -> dict[str, Any]:
        row = self.address
        own = {name: getattr(row, name) for name in AddressForm.base_fields}
        own["phone"] = format_phone(row.phone)
        return super().get_context(**{"form": AddressForm(initial=own, present=row.province), **extra})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AddressForm(request.POST, present=self.address.province)
        if self.call(form, services.update_address, address_id=self.address.pk) is None:
            return self.show(form=form, status=422)
        return self.go_back(_("Saved."))


class RemoveAddressView(AddressPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.remove_address(self.actor, kwargs["id"])
        return self.go_back(_("The address is removed."))


class DefaultAddressView(AddressPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.make_default_address(self.actor, kwargs["id"])
        return self.go_back(_("This is your default address now."))


class PrivacyView(AccountPage):
    """What one agreed to, everything that is held about one, and how to be forgotten."""

    section = "account-privacy"
    template_name = "accounts/account/privacy.html"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        downloads = [
            {"url": download_path(link.pk), "made_at": link.created_at, "good_until": link.expires_at}
            for link in list_downloads(self.actor)
        ]
        return super().get_context(
            wants_news=selectors.agrees_to(self.user.pk, Consent.Kind.MARKETING),
            consents=self.list_consents(),
            downloads=downloads,
            running=find_running_job(self.actor),
            erasure=find_erasure(self.actor),
            days=DAYS,
            **extra,
        )

    def list_consents(self) -> list[Consent]:
        """The latest ones; those to a wording that can still be read know where."""
        rows = list(selectors.list_consents(self.actor)[:CONSENTS_SHOWN])
        for row in rows:
            row.text_url = find_text(row.kind, row.version)
        return rows


class MarketingView(PrivacyView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_granted = request.POST.get("is_granted") == "on"
        services.record_consent(self.actor, kind=Consent.Kind.MARKETING, is_granted=is_granted, source="account")
        return self.go_back(_("Saved."))


class RequestDataView(PrivacyView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            request_own_data(self.actor)
        except BusinessError as error:
            return self.go_back(error, tone="attention")
        return self.go_back(_("We are putting your data together. A message tells you when it is ready."))


class DownloadDataView(PrivacyView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        link_id: UUID = kwargs["id"]
        response = FileResponse(
            open_own_data(self.actor, link_id),
            as_attachment=True,
            filename="baylink-data.zip",
            content_type="application/zip",
        )
        response["X-Content-Type-Options"] = "nosniff"
        return response


@secret_page
class EraseView(AccountPage):
    """Explains what being forgotten means, asks twice, and does it."""

    section = "account-privacy"
    template_name = "accounts/account/erase.html"
    title = _("Delete my account")

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(**{"form": EraseForm(), **extra})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = EraseForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=422)
        try:
            job = ask_to_be_forgotten(self.actor, password=form.cleaned_data["password"])
        except BusinessError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self.show(form=form, status=error.status)
        if job is not None:
            return redirect_to(request, reverse("account-privacy"), message=_("Your account is being deleted."))
        logout(request)
        return redirect_to(request, reverse("log-in"), message=_("Your account is deleted. Goodbye."))


OWN = "account/privacy/"
BOOK = "account/addresses/"
urlpatterns = [
    *(
        path(f"account/{kind}/{step}", view.as_view(), {"kind": kind}, name=f"account-{kind}{suffix}")
        for kind in CONTACTS
        for step, view, suffix in (("", ChangeContactView, ""), ("confirm/", ConfirmContactView, "-confirm"))
    ),
    path(BOOK, AddressesView.as_view(), name="account-addresses"),
    path(f"{BOOK}add/", AddAddressView.as_view(), name="account-address-add"),
    path(f"{BOOK}<uuid:id>/", EditAddressView.as_view(), name="account-address"),
    path(f"{BOOK}<uuid:id>/remove/", RemoveAddressView.as_view(), name="account-address-remove"),
    path(f"{BOOK}<uuid:id>/default/", DefaultAddressView.as_view(), name="account-address-default"),
    path(OWN, PrivacyView.as_view(), name="account-privacy"),
    path(f"{OWN}marketing/", MarketingView.as_view(), name="account-marketing"),
    path(f"{OWN}data/", RequestDataView.as_view(), name="account-data-request"),
    path(f"{OWN}data/<uuid:id>/", DownloadDataView.as_view(), name="account-data"),
    path(f"{OWN}delete/", EraseView.as_view(), name="account-erase"),
]
