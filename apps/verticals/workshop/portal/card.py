"""The job card: everything about one visit on one page, live, with the next step on top."""

from collections.abc import Sequence
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.columns import capitalize
from apps.core.portal.detail import DetailScreen
from apps.core.portal.links import find_url
from apps.core.portal.responses import add_toast, is_htmx
from apps.core.portal.views import PortalView
from apps.verticals.workshop import services
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.portal import card_parts as parts
from apps.verticals.workshop.portal.card_actions import ACTIONS, PLACES
from apps.verticals.workshop.portal.estimate_lines import group_lines
from apps.verticals.workshop.portal.glance import GONE, promise_of
from apps.verticals.workshop.portal.next_step import NextStep, list_stages, next_step
from apps.verticals.workshop.portal.of_card import OfCard
from apps.verticals.workshop.portal.visit import Visit
from apps.verticals.workshop.portal.visitors import company_of
from apps.verticals.workshop.selectors import list_job_cards
from apps.verticals.workshop.states import JOB_CARD

S = JobCard.State
TABS = {
    "overview": (_("Overview"), ("check-in", "photos", "history")),
    "inspection": (_("Inspection"), ("inspection",)),
    "estimate": (_("Estimate"), ("estimate",)),
    "work": (_("Work and parts"), ("tasks", "parts")),
    "finish": (_("Check and payment"), ("quality", "money")),
}
TAB_OF_STATE = {
    S.CREATED: "inspection",
    S.INSPECTED: "inspection",
    S.ESTIMATED: "estimate",
    S.WAITING_CUSTOMER_APPROVAL: "estimate",
    S.APPROVED: "work",
    S.ASSIGNED: "work",
    S.IN_PROGRESS: "work",
    S.WAITING_PARTS: "work",
    S.QUALITY_CHECK: "finish",
    S.COMPLETED: "finish",
    S.DELIVERED: "finish",
}


class JobCardScreen(DetailScreen):
    """The page and the drawer of a card. `?tab=` chooses what is open; without it, what the state asks for."""

    portal, permission = "garage", "job_card.view"
    template_name = "workshop/card/page.html"
    body_template = "workshop/card/body.html"
    head_template = "workshop/card/head.html"
    selector = staticmethod(list_job_cards)
    table = JOB_CARD
    topics = ("job-card:{id}",)
    actions = ACTIONS
    fragments = (
        Fragment("check-in", "workshop/card/check_in.html", parts.build_check_in),
        Fragment("photos", "workshop/card/photos.html", parts.build_photos),
        Fragment("history", "workshop/card/history.html", parts.build_history),
        Fragment("inspection", "workshop/card/inspection.html", parts.build_inspection),
        Fragment("estimate", "workshop/card/estimate.html", parts.build_estimate, permission="job_card.see_money"),
        Fragment("tasks", "workshop/card/tasks.html", parts.build_tasks),
        Fragment("parts", "workshop/card/parts.html", parts.build_parts),
        Fragment("quality", "workshop/card/quality.html", parts.build_quality),
        Fragment("money", "workshop/card/money.html", parts.build_money, permission="job_card.see_money"),
        Fragment("facts", "workshop/card/facts.html", parts.build_facts, is_side=True),
    )
    list_url_name = "garage:job-cards"
    list_label = _("Job cards")
    error: BusinessError | None = None
    error_place = ""

    @cached_property
    def instance(self) -> JobCard:
        card: JobCard = super().instance
        card.visit = Visit(self.actor, card)
        return card

    def topics_of(self, patterns: Sequence[str]) -> list[str]:
        """The card's own events; while it waits for goods or money, also those of the order and the invoice."""
        visit, topics = self.instance.visit, super().topics_of(patterns)
        if self.instance.state == S.WAITING_PARTS and self.actor.can("order.view"):
            topics += sorted({f"order:{row.part.order_id}" for row in visit.on_order})
        if self.instance.state == S.COMPLETED and visit.invoice and self.actor.can("invoice.view"):
            topics.append(f"invoice:{visit.invoice.pk}")
        return topics

    @property
    def asked_tab(self) -> str:
        asked = self.request.GET.get("tab", "")
        return asked if asked in TABS else ""

    @property
    def tab(self) -> str:
        """The tab that is open: as asked, else as the state suggests, among those that the actor may see."""
        wanted = self.asked_tab or TAB_OF_STATE.get(self.instance.state, "overview")
        return wanted if self.is_open_tab(wanted) else "overview"

    def is_open_tab(self, name: str) -> bool:
        return any(part.name in TABS[name][1] and part.is_open_to(self.actor) for part in self.fragments)

    def shown_fragments(self) -> list[Fragment]:
        """All parts have their address; the page draws those of its tab and the side column."""
        shown = super().shown_fragments()
        if self.kwargs.get("part"):
            return shown
        return [part for part in shown if part.is_side or part.name in TABS[self.tab][1]]

    def tabs(self) -> list[dict[str, Any]]:
        """The tabs with what waits in each."""
        counts = self.tab_counts()
        return [
            {
                "url": f"{self.link()}?tab={name}" + ("&in=drawer" if self.is_drawer else ""),
                "label": label,
                "active": name == self.tab,
                "count": counts.get(name, 0),
            }
            for name, (label, _parts) in TABS.items()
            if self.is_open_tab(name)
        ]

    def tab_counts(self) -> dict[str, int]:
        visit = self.instance.visit
        return {
            "inspection": visit.sheet.needs_work,
            "work": len(visit.work.open_tasks),
        }

    def link(self, suffix: str = "", **kwargs: Any) -> str:
        """Addresses of parts and actions keep the tab that was asked for."""
        url = super().link(suffix, **kwargs)
        if not suffix or not self.asked_tab:
            return url
        return f"{url}{'&' if '?' in url else '?'}tab={self.asked_tab}"

    @property
    def do(self) -> "Addresses":
        """`view.do.issue`: the address of an action, for the parts' own forms."""
        return Addresses(self, keeps_tab=True)

    @property
    def go(self) -> "Addresses":
        """The same for the head's buttons, after which the page shows what comes next."""
        return Addresses(self, keeps_tab=False)

    @property
    def next_step(self) -> NextStep | None:
        return next_step(self.instance.visit)

    @property
    def next_url(self) -> str:
        """Where the next step's button leads."""
        step = self.next_step
        if step is None or step.kind == "wait":
            return ""
        if step.kind == "tab":
            return f"{self.link()}?tab={step.target}" + ("&in=drawer" if self.is_drawer else "")
        if step.kind == "page":
            return reverse(f"garage:{step.target}", args=[self.instance.pk])
        if step.kind == "order":
            return find_url("garage:order", step.target)
        if step.kind == "invoice":
            return self.invoice_url or f"{self.link()}?tab=finish"
        return self.go[step.target]

    @property
    def invoice_url(self) -> str:
        invoice = self.instance.visit.invoice
        return find_url("garage:invoice", invoice.pk) if invoice else ""

    def stages(self) -> list[dict[str, Any]]:
        return list_stages(self.instance)

    def promise(self) -> Any:
        return promise_of(self.instance)

    def may_edit(self) -> bool:
        return self.actor.can("job_card.open") and self.instance.state not in GONE

    def may_estimate(self) -> bool:
        return self.actor.can("job_card.estimate") and self.instance.state not in (S.QUALITY_CHECK, S.COMPLETED, *GONE)

    def may_cancel(self) -> bool:
        return self.actor.can("job_card.cancel") and "cancel" in self.table.allowed(self.instance)

    def may_wait_for_parts(self) -> bool:
        return self.actor.can("job_card.issue_parts") and "wait_for_parts" in self.table.allowed(self.instance)

    def make_form(self, handler: ActionHandler, data: Any = None, files: Any = None) -> Any:
        """A dialog may be asked for one task or part: `?part=…` fills its hidden field."""
        if handler.form is None:
            return None
        initial = dict(handler.initial(self.instance)) if handler.initial else {}
        initial.update({name: value for name, value in self.request.GET.items() if name in handler.form.base_fields})
        form = handler.form(data, files, initial=initial)
        if hasattr(form, "prepare"):
            form.prepare(self.actor, self.instance)
        return form

    def act(self, name: str) -> HttpResponse:
        self.error_place = PLACES.get(name, "")
        return super().act(name)

    def draw_dialog(self, name: str, handler: ActionHandler, form: Any, *, status: int = 200) -> HttpResponse:
        """A form of the page itself has no dialog to come back to: its refusal is said in its part."""
        if status != 200 and is_htmx(self.request) and self.request.headers.get("HX-Target") != "dialog":
            texts = [text for errors in form.errors.values() for text in errors]
            error = BadInput(" ".join(texts))
            self.forget_instance()
            return add_toast(self.draw_detail(status=status, error=error), error, tone="danger")
        return super().draw_dialog(name, handler, form, status=status)

    def draw_detail(self, *, status: int = 200, **extra: Any) -> HttpResponse:
        self.error = extra.get("error")
        return super().draw_detail(status=status, **extra)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(**{"instance": self.instance, **extra})

    def get_title(self) -> str:
        return f"{self.instance.number} · {self.instance.vehicle.plate}"


class Addresses:
    """Addresses of the card's actions by name, for templates: `issue` or `clock-start` as `clock_start`."""

    def __init__(self, screen: JobCardScreen, *, keeps_tab: bool) -> None:
        self.screen, self.keeps_tab = screen, keeps_tab

    def __getitem__(self, name: str) -> str:
        action = name if name in ACTIONS else name.replace("_", "-")
        make = self.screen.link if self.keeps_tab else super(JobCardScreen, self.screen).link
        return make("-do", action=action)


class LinkDialog(OfCard, PortalView):
    """Makes a fresh link to the estimate and shows it, for staff to copy or let the customer scan."""

    portal, permission = "garage", "job_card.estimate"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        url = services.make_estimate_link(self.actor, self.card)
        return render(request, "workshop/card/dialogs/link.html", {"url": url, "qr": draw_qr(url), "card": self.card})


class JobCardSheet(OfCard, PortalView):
    """The card on paper, for the windscreen and the file."""

    portal, permission = "garage", "job_card.view"
    template_name = "workshop/card/sheet.html"

    def get_title(self) -> str:
        return f"{self.card.number} · {self.card.vehicle.plate}"

    def get_context(self, **extra: Any) -> dict[str, Any]:
        card, visit = self.card, self.card.visit
        estimate = visit.in_force or visit.open_estimate
        url = f"{settings.SITE_URL}{reverse('garage:job-card', args=[card.pk])}"
        return super().get_context(
            card=card,
            visit=visit,
            company=company_of(card.organization, card.branch),
            qr=draw_qr(url),
            estimate=estimate,
            groups=group_lines(estimate.lines.all()) if estimate else [],
            sees_money=self.actor.can("job_card.see_money"),
            state_label=capitalize(str(card.get_state_display())),
            **parts.build_check_in(self.actor, card),
            **extra,
        )


def draw_qr(text: str) -> SafeString:
    """The text as a QR code in SVG."""
    return SafeString(segno.make(text, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=True))


urlpatterns = [
    *JobCardScreen.urls("job-cards/<uuid:id>/", "job-card"),
    LinkDialog.path("job-cards/<uuid:id>/link/", "job-card-link"),
    JobCardSheet.path("job-cards/<uuid:id>/print/", "job-card-print"),
]
