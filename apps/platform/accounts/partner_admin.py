"""Programs of partners in the staff CMS: made here, their secret shown once."""

from typing import Any

from allauth.idp.oidc.models import Client
from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from apps.core.admin.groups import SYSTEM
from apps.core.admin.master import MasterAdmin
from apps.core.ids import parse_id
from apps.platform.accounts.provider.scopes import LABELS
from apps.platform.accounts.services import partner_clients
from apps.platform.accounts.services.partner_clients import CODE, CREDENTIALS

WAYS = [
    (CODE, _("for people who agree (authorization code)")),
    (CREDENTIALS, _("for one company (client credentials)")),
]


class ClientForm(forms.ModelForm):
    """The program in words that staff understand instead of the protocol's."""

    name = forms.CharField(label=_("Name"), max_length=100)
    ways = forms.MultipleChoiceField(label=_("Gets tokens"), choices=WAYS, widget=forms.CheckboxSelectMultiple)
    is_public = forms.BooleanField(
        label=_("Keeps no secret"), required=False, help_text=_("apps on phones and in browsers")
    )
    scopes = forms.MultipleChoiceField(
        label=_("May"), choices=list(LABELS.items()), widget=forms.CheckboxSelectMultiple
    )
    redirect_uris = forms.CharField(
        label=_("Addresses to come back to"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("one per line, https"),
    )  # fmt: skip
    organization = forms.CharField(
        label=_("Company"), required=False, help_text=_("id of the company for which the program acts by itself")
    )

    class Meta:
        model = Client
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        client: Client | None = kwargs.get("instance")
        if client is not None:
            grants = client.get_grant_types()
            held = {CODE: "authorization_code", CREDENTIALS: "client_credentials"}
            kwargs["initial"] = {
                "name": client.name,
                "ways": [way for way, grant in held.items() if grant in grants],
                "is_public": client.type == Client.Type.PUBLIC,
                "scopes": client.get_scopes(),
                "redirect_uris": client.redirect_uris,
                "organization": str(partner_clients.organization_of(client) or ""),
            }
        super().__init__(*args, **kwargs)
        if client is not None:
            self.fields["is_public"].disabled = True

    def clean_organization(self) -> Any:
        text = self.cleaned_data["organization"].strip()
        if text and parse_id(text) is None:
            raise forms.ValidationError(_("This is no id."))
        return parse_id(text) if text else None

    def read(self) -> dict[str, Any]:
        """What the services take."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "ways": data["ways"],
            "scopes": data["scopes"],
            "redirect_uris": data["redirect_uris"].split(),
            "organization_id": data["organization"],
        }


class ClientAdmin(MasterAdmin):
    """Made and changed by their services; the secret is shown right after, and never again."""

    nav_group, nav_order, nav_icon = SYSTEM, 894, "api"
    organization_path = ""
    is_deletable = True
    form = ClientForm
    list_display = ("name", "id", "type", "shown_scopes", "created_at")
    list_filter = ("type",)
    search_fields = ("name", "id")
    fieldsets = (
        (None, {"fields": ("name", "ways", "is_public", "scopes", "redirect_uris", "organization", "renew_link")}),
    )
    readonly_fields = ("renew_link",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A program reaches into companies, so administrators alone look after them."""
        return bool(request.user.is_superuser)

    has_add_permission = has_module_permission
    has_change_permission = has_view_permission

    @admin.display(description=_("May"))
    def shown_scopes(self, row: Client) -> str:
        return format_html_join(", ", "{}", ((code,) for code in row.get_scopes()))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actor = self.actor_for(request)
        if change:
            partner_clients.update_client(actor, obj, **form.read())
            return
        made = partner_clients.register_client(actor, **form.read(), is_public=form.cleaned_data["is_public"])
        obj.pk, obj._state.adding = made.client.pk, False
        obj.refresh_from_db()
        request.new_secret = made.secret  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self.show_secret(request, obj, request.new_secret)  # type: ignore[attr-defined]

    @admin.display(description=_("Secret"))
    def renew_link(self, row: Client) -> str:
        if row._state.adding or row.type == Client.Type.PUBLIC:
            return "—"
        address = reverse("admin:allauth_idp_oidc_client_secret", args=[row.pk])
        return format_html('<a class="text-primary-600" href="{}">{}</a>', address, _("Make a new secret"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.renew_secret)
        return [path("<str:object_id>/secret/", view, name="allauth_idp_oidc_client_secret"), *super().get_urls()]

    def renew_secret(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks first; the old secret ends at once."""
        client = self.get_object(request, object_id)
        if client is None:
            raise Http404
        if not self.has_change_permission(request, client):
            raise PermissionDenied
        if request.method != "POST":
            return self.show_secret(request, client, "", is_question=True)
        return self.show_secret(request, client, partner_clients.renew_client_secret(self.actor_for(request), client))

    def show_secret(
        self, request: HttpRequest, client: Client, secret: str, *, is_question: bool = False
    ) -> HttpResponse:
        """The page that shows a secret once; nothing keeps it."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": client.name,
            "client": client,
            "secret": secret,
            "is_question": is_question,
        }
        response = render(request, "accounts/provider/secret.html", context)
        response["Cache-Control"] = "no-store"
        return response
