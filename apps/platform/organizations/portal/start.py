"""The guided set-up of a new company at /start/: one page per step, each saved, to be left and resumed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError, NotFound
from apps.core.portal.forms import FormScreen
from apps.core.portal.registry import register_person_link
from apps.core.portal.views import ANY_MEMBER
from apps.platform.organizations import selectors, services
from apps.platform.organizations.first_data import list_first_data
from apps.platform.organizations.middleware import BRANCH_KEY, ORGANIZATION_KEY
from apps.platform.organizations.models import Organization
from apps.platform.organizations.previews import draw_transfer
from apps.platform.organizations.services import build_actor
from apps.platform.organizations.start_forms import FirstBranchForm, FirstDataForm, MoneyForm, StartForm, TeamForm

LABELS = {
    "company": _("Company"),
    "branch": _("Branch"),
    "money": _("Tax and bank"),
    "team": _("Team"),
    "data": _("Start"),
}


class StartStep(FormScreen):
    """A step. Leaving is always possible: what is saved stays, and /start/ goes on at the next step."""

    permission = ANY_MEMBER
    template_name = "organizations/start/step.html"
    form_template = "organizations/start/step.html"
    step = "company"
    submit_label: Any = _("Continue")
    done: Any = ""
    intro: Any = ""
    is_optional = False

    @cached_property
    def company(self) -> Organization | None:
        return selectors.find_unfinished(self.actor.user_id)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.actor.is_authenticated and self.company is not None:
            self.act_in(self.company)
        return super().dispatch(request, *args, **kwargs)

    def check_access(self) -> None:
        if self.step != "company" and self.company is None:
            raise NotFound

    def act_in(self, company: Organization) -> None:
        """The person acts in the company that is being set up, whatever was chosen before."""
        session = self.request.session
        if self.actor.organization_id != company.pk:
            session[ORGANIZATION_KEY] = str(company.pk)
            session.pop(BRANCH_KEY, None)
            self.actor = build_actor(
                self.request.user,
                organization_id=company.pk,
                ip=self.actor.ip,
                user_agent=self.actor.user_agent,
                request_id=self.actor.request_id,
                session_id=self.actor.session_id,
            )

    def get_context(self, **extra: Any) -> dict[str, Any]:
        context = super().get_context(steps=self.list_steps(), company=self.company, **extra)
        return {**context, "layout": "layouts/auth.html"}

    def list_steps(self) -> list[dict[str, Any]]:
        names = list(LABELS)
        here = names.index(self.step)
        states = ["done" if number < here else "current" if number == here else "todo" for number in range(len(names))]
        return [{"label": LABELS[name], "state": state} for name, state in zip(names, states, strict=True)]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_optional and "skip" in request.POST:
            services.advance_setup(self.actor, done=self.step)
            return HttpResponseRedirect(self.get_success_url(None))
        return super().post(request, *args, **kwargs)

    def get_success_url(self, result: Any) -> str:
        return reverse("start")


class StartView(StartStep):
    """Name and kind; whoever has begun already goes on where they left."""

    title = _("Set up your company")
    intro = _("Five short steps. You can stop at any time and go on later.")
    form_class = StartForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.company is not None:
            return HttpResponseRedirect(reverse(f"start-{self.company.setup_step}"))
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> Mapping[str, Any]:
        return {"country": "VN", "kinds": ["garage"]}

    def save(self, data: Mapping[str, Any]) -> Organization:
        company = services.begin_company(self.actor, **data)
        self.request.session[ORGANIZATION_KEY] = str(company.pk)
        self.request.session.pop(BRANCH_KEY, None)
        return company


class BranchStep(StartStep):
    step = "branch"
    title = _("Your first branch")
    intro = _("Where customers find you, and when.")
    form_class = FirstBranchForm

    def get_initial(self) -> Mapping[str, Any]:
        branch = selectors.list_all_branches(self.actor).order_by("created_at", "pk").first()
        if branch is None:
            name, phone = (self.company.name, self.company.phone) if self.company else ("", "")
            return {"name": name, "phone": phone, "days": list("012345"), "hours": "08:00-12:00, 13:00-17:30"}
        spans = next(iter(branch.opening_hours.values()), [])
        known = {name: getattr(branch, name) for name in ("name", "address", "ward", "province", "phone")}
        return {**known, "days": list(branch.opening_hours), "hours": ", ".join("-".join(span) for span in spans)}

    @transaction.atomic
    def save(self, data: Mapping[str, Any]) -> Organization:
        form: Any = self.form
        services.save_first_branch(self.actor, **form.as_details())
        return services.advance_setup(self.actor, done=self.step)


class MoneyStep(StartStep):
    step = "money"
    title = _("Tax code and bank account")
    intro = _("For invoices, and for the QR code by which customers pay you.")
    form_class = MoneyForm
    is_optional = True

    def get_initial(self) -> Mapping[str, Any]:
        return {name: getattr(self.company, name) for name in MoneyForm.base_fields}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "preview" in request.POST and self.form.is_valid():
            return self.draw_form()
        return super().post(request, *args, **kwargs)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        shown = self.form.data or self.form.initial
        bank_bin, account = (str(shown.get(name) or "").replace(" ", "") for name in ("bank_bin", "bank_account"))
        is_right = account.isdigit() and 6 <= len(account) <= 19 and bank_bin.isdigit()
        qr = draw_transfer(bank_bin, account) if is_right else ""
        return super().get_context(qr=SafeString(qr), has_preview=True, **extra)

    @transaction.atomic
    def save(self, data: Mapping[str, Any]) -> Organization:
        services.update_organization(self.actor, **data)
        return services.advance_setup(self.actor, done=self.step)


class TeamStep(StartStep):
    step = "team"
    title = _("Your team")
    intro = _("They get a link by email or SMS. You can invite more people later.")
    form_class = TeamForm
    is_optional = True

    @transaction.atomic
    def save(self, data: Mapping[str, Any]) -> Organization:
        form: Any = self.form
        for person in form.list_people():
            field = person.pop("field")
            try:
                services.invite(self.actor, **person)
            except BusinessError as error:
                raise BadInput(str(error), field=field) from error
        return services.advance_setup(self.actor, done=self.step)


class DataStep(StartStep):
    step = "data"
    title = _("Ready to start")
    intro = _("We fill in what you need for the first day.")
    form_class = FirstDataForm
    submit_label = _("Open my company")
    done = _("Your company is open. Welcome!")

    def get_context(self, **extra: Any) -> dict[str, Any]:
        entries = list_first_data(self.company) if self.company else []
        return super().get_context(first_data=[entry.label for entry in entries], **extra)

    def save(self, data: Mapping[str, Any]) -> Organization:
        return services.finish_setup(self.actor, **data)

    def get_success_url(self, result: Any) -> str:
        return reverse("home")


urlpatterns = [
    path("start/", StartView.as_view(), name="start"),
    *(
        path(f"start/{view.step}/", view.as_view(), name=f"start-{view.step}")
        for view in (BranchStep, MoneyStep, TeamStep, DataStep)
    ),
]
register_person_link(label=_("New company"), url_name="start", icon="rocket")
