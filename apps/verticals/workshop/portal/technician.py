"""The technician's phone: my work, my parts, scanning, my day; one vehicle with everything about it.

Every step is a small post with an Idempotency-Key, so that a phone which lost its connection can send it again. The
answer is the refreshed part of the page, with the refusal on top where there is one.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.errors import BadInput, BusinessError, NotFound
from apps.core.ids import parse_id
from apps.core.portal.once import PostOnceMixin
from apps.core.portal.providers import providers
from apps.core.portal.registry import register_nav
from apps.core.portal.responses import add_toast, add_trigger, redirect_to
from apps.core.portal.views import PortalView
from apps.platform.audit.selectors import timeline
from apps.platform.files.selectors import file_url
from apps.verticals.workshop import selectors, services
from apps.verticals.workshop.models import InspectionPoint, InspectionTemplate, JobCard, JobPhoto, JobTask, QualityCheck
from apps.verticals.workshop.portal.drawings import describe_marks
from apps.verticals.workshop.selectors import technician as days
from apps.verticals.workshop.states import JOB_CARD

TIMELINE_LENGTH = 8


class TechPage(PortalView):
    """A page of the phone. `part` is the template of what refreshes itself; `tab` is the tab that is lit."""

    portal, permission = "garage", "task.work"
    template_name = "workshop/tech/page.html"
    part: ClassVar[str] = ""
    tab: ClassVar[str] = ""
    url_name: ClassVar[str] = ""

    def topics(self) -> list[str]:
        topics = [f"tech:{self.actor.user_id}"]
        return [*topics, f"board:{self.actor.branch_id}"] if self.actor.branch_id else topics

    @property
    def own_url(self) -> str:
        """The address of this page, also when a step draws it."""
        return reverse(f"garage:{self.url_name}")

    def build(self) -> Mapping[str, Any]:
        """What the part shows."""
        return {}

    def get_context(self, **extra: Any) -> dict[str, Any]:
        context = super().get_context(**extra)
        topics = self.topics()
        return {
            **context,
            "layout": "layouts/phone.html",
            "phone_title": self.get_title(),
            "tabs": self.list_tabs(),
            "running": describe_clock(self.actor),
            "part": self.part,
            "part_url": self.own_url,
            "live": " ".join(topics),
            "live_numbers": providers.live_numbers(topics),
            **self.build(),
        }

    def list_tabs(self) -> list[dict[str, Any]]:
        tabs = (
            ("work", _("My work"), "wrench", "garage:tech"),
            ("parts", _("Parts"), "package", "garage:tech-parts"),
            ("scan", _("Scan"), "scan-line", "garage:tech-scan"),
            ("me", _("Me"), "user-round", "garage:tech-me"),
        )
        return [
            {"label": label, "icon": icon, "url": reverse(name), "active": key == self.tab}
            for key, label, icon, name in tabs
        ]

    def draw_part(self, *, status: int = 200, **extra: Any) -> HttpResponse:
        """The refreshed part with the clock of the dock."""
        return self.draw(self.get_context(**extra), template="workshop/tech/part.html", status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("HX-Target") == "tech":
            return self.draw_part()
        return self.draw(self.get_context())


def describe_clock(actor: Actor) -> dict[str, Any] | None:
    """The running clock for the bar above the tabs."""
    log = selectors.open_clock(actor)
    if log is None:
        return None
    card = log.task.job_card
    return {
        "plate": card.vehicle.plate,
        "title": log.task.description,
        "url": reverse("garage:tech-card", args=[card.pk]),
        "started_at": log.period.lower,
        "base_seconds": 0,
        "stop_url": reverse("garage:tech-task", args=[log.task_id, "pause"]),
    }


class MyWorkPage(TechPage):
    part, tab, url_name = "workshop/tech/work.html", "work", "tech"
    title = _("My work")

    def build(self) -> Mapping[str, Any]:
        return {
            "cards": days.my_work(self.actor),
            "finished": days.finished_work(self.actor),
            "free": days.free_work(self.actor),
            "checks": days.checks_due(self.actor),
        }


class PartsPage(TechPage):
    part, tab, url_name = "workshop/tech/parts.html", "parts", "tech-parts"
    title = _("Parts")

    def build(self) -> Mapping[str, Any]:
        return {"cards": [row for row in days.my_work(self.actor) if any(task.parts for task in row.tasks)]}


class ScanPage(TechPage):
    """A plate opens its card; a barcode or part number shows the part among one's own work."""

    part, tab, url_name = "workshop/tech/scan.html", "scan", "tech-scan"
    title = _("Scan")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        card = days.find_card_by_plate(self.actor, self.text)
        if card is not None:
            return redirect_to(request, reverse("garage:tech-card", args=[card.pk]))
        return super().get(request, *args, **kwargs)

    @property
    def text(self) -> str:
        return (self.request.GET.get("q") or self.request.POST.get("q", "")).strip()[:60]

    @property
    def own_url(self) -> str:
        return f"{super().own_url}?{urlencode({'q': self.text})}" if self.text else super().own_url

    def build(self) -> Mapping[str, Any]:
        found = days.find_parts_by_code(days.my_work(self.actor), self.text) if self.text else []
        return {"text": self.text, "found": found}


class MePage(TechPage):
    part, tab, url_name = "workshop/tech/me.html", "me", "tech-me"
    title = _("Me")

    def build(self) -> Mapping[str, Any]:
        return {"day": days.my_day(self.actor)}


class CardPage(TechPage):
    """One vehicle: what the customer says, how it came, photos, tasks, parts, what happened."""

    permission = "job_card.view"
    part, tab = "workshop/tech/card.html", "work"

    @cached_property
    def card(self) -> JobCard:
        return selectors.access_job_card(self.actor, self.kwargs["id"])

    def topics(self) -> list[str]:
        return [f"job-card:{self.card.pk}", f"tech:{self.actor.user_id}"]

    @property
    def own_url(self) -> str:
        return reverse("garage:tech-card", args=[self.card.pk])

    def get_title(self) -> Any:
        return str(self.card.vehicle.model)

    def build(self) -> Mapping[str, Any]:
        return {**describe_card(self.actor, self.card), "back_url": reverse("garage:tech")}


def describe_card(actor: Actor, card: JobCard) -> dict[str, Any]:
    """Everything that a technician needs to know of a card."""
    tasks = days.tasks_of_card(actor, card)
    check_in = getattr(card, "check_in", None)
    points = card.inspection_points.exclude(rating=InspectionPoint.Rating.GREEN)
    return {
        "card": card,
        "table": JOB_CARD,
        "tasks": tasks,
        "check_in": check_in,
        **describe_marks(check_in.marks if check_in else []),
        "findings": list(points),
        "photos": [describe_photo(photo) for photo in card.photos.select_related("file")],
        "events": timeline(card._meta.label_lower, card.pk)[:TIMELINE_LENGTH],
        "is_finished": bool(tasks) and not any(row.is_open for row in tasks),
        "can_submit": card.state == JobCard.State.IN_PROGRESS,
        "check_points": list_check_points(card) if can_check(actor, card, tasks) else None,
    }


def describe_photo(photo: JobPhoto) -> dict[str, str]:
    stage = photo.get_stage_display()
    return {
        "url": file_url(photo.file),
        "thumb": file_url(photo.file, thumbnail=True),
        "caption": photo.caption or stage,
        "note": stage,
    }


def can_check(actor: Actor, card: JobCard, tasks: list[days.MyTask]) -> bool:
    """Whether the check of this card waits for somebody like the actor: with the right, and not the one who did it."""
    is_due = card.state == JobCard.State.QUALITY_CHECK and actor.can("job_card.check")
    return is_due and not any(row.seconds or row.is_running for row in tasks)


def list_check_points(card: JobCard) -> list[dict[str, str]]:
    template = InspectionTemplate.objects.filter(organization_id=card.organization_id, is_default=True).first()
    return list(template.quality_points) if template else []


PAGES: dict[str, type[TechPage]] = {"work": MyWorkPage, "parts": PartsPage, "scan": ScanPage, "me": MePage}


class TechAct(PostOnceMixin, TechPage):
    """A step of a technician. The page it was taken on (`page`) is drawn anew as the answer."""

    http_method_names = ["post"]

    def act(self, data: Mapping[str, str]) -> Any:
        """Calls the one service; returns what to say, if anything."""
        raise TypeError(f"{type(self).__name__} must say what it does")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            said = self.act(request.POST)
        except BusinessError as error:
            return self.answer(error=error, status=error.status)
        response = add_trigger(self.answer(), "closeDialog")
        return add_toast(response, said) if said else response

    def answer(self, *, status: int = 200, error: BusinessError | None = None) -> HttpResponse:
        """The part of the page from which the step was taken; without scripts the page itself."""
        page = self.find_page()
        if self.request.headers.get("HX-Request") != "true" and error is None:
            return HttpResponseRedirect(page.own_url)
        return page.draw_part(status=status, error=error)

    def find_page(self) -> TechPage:
        asked = self.request.POST.get("page", "")
        card_id = parse_id(asked)
        page = CardPage() if card_id else PAGES.get(asked, MyWorkPage)()
        page.setup(self.request, id=card_id)
        return page


def read_tap(text: str) -> datetime | None:
    """The moment of a tap that was kept on the phone; None for none or nonsense."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _start(actor: Actor, task: JobTask, data: Mapping[str, str]) -> None:
    service = services.switch_clock if data.get("switch") else services.start_clock
    service(actor, task, at=read_tap(data.get("occurred_at", "")))


def _pause(actor: Actor, task: JobTask, data: Mapping[str, str]) -> None:
    services.stop_clock(actor, task, at=read_tap(data.get("occurred_at", "")))


def _finish(actor: Actor, task: JobTask, data: Mapping[str, str]) -> Any:
    words = {"cause": data.get("cause", ""), "correction": data.get("correction", "")}
    services.complete_task(actor, task, at=read_tap(data.get("occurred_at", "")), **words)
    return _("Done: %(task)s") % {"task": task.description}


TASK_STEPS: dict[str, Callable[[Actor, JobTask, Mapping[str, str]], Any]] = {
    "start": _start,
    "pause": _pause,
    "done": _finish,
}


class TaskAct(TechAct):
    def act(self, data: Mapping[str, str]) -> Any:
        step = TASK_STEPS.get(self.kwargs["step"])
        if step is None:
            raise NotFound
        return step(self.actor, selectors.access_task(self.actor, self.kwargs["id"]), data)


class IssueAct(TechAct):
    permission = "job_card.issue_parts"

    def act(self, data: Mapping[str, str]) -> Any:
        part = selectors.access_part(self.actor, self.kwargs["id"])
        services.issue_part(self.actor, part)
        return _("Taken from stock: %(part)s") % {"part": part.variant.product.name}


class MissingAct(TechAct):
    """A part is not there: the store is looked through again; what is still short makes the card wait."""

    permission = "job_card.issue_parts"

    def act(self, data: Mapping[str, str]) -> Any:
        card = services.request_parts(self.actor, selectors.access_job_card(self.actor, self.kwargs["id"]))
        waits = card.state == JobCard.State.WAITING_PARTS
        return _("Reported. The desk orders what is missing.") if waits else _("Everything is here now.")


class SubmitAct(TechAct):
    permission = "job_card.work"

    def act(self, data: Mapping[str, str]) -> Any:
        services.submit_for_check(self.actor, selectors.access_job_card(self.actor, self.kwargs["id"]))
        return _("Sent to the quality check.")


class CheckAct(TechAct):
    """Passed, or back to work with the reason."""

    permission = "job_card.check"

    def act(self, data: Mapping[str, str]) -> Any:
        card = selectors.access_job_card(self.actor, self.kwargs["id"])
        points = [
            {"code": row["code"], "name": row["name"], "is_ok": f"point-{row['code']}" in data}
            for row in list_check_points(card)
        ]
        wanted = data.get("result", "")
        services.record_quality_check(self.actor, card, result=wanted, points=points, reason=data.get("reason", ""))
        return _("Passed.") if wanted == QualityCheck.Result.PASSED else _("Back to work.")


class PhotoAct(TechAct):
    """Pictures of the work, taken with the phone."""

    permission = "job_card.work"

    def act(self, data: Mapping[str, str]) -> Any:
        card = selectors.access_job_card(self.actor, self.kwargs["id"])
        uploads = self.request.FILES.getlist("photos")
        if not uploads:
            raise BadInput(_("Please take a picture first."), field="photos")
        for upload in uploads:
            services.add_photo(
                self.actor, card, upload=upload, stage=JobPhoto.Stage.WORK, caption=data.get("caption", "")
            )
        return _("Saved.")


def tech_home(actor: Actor) -> bool:
    """Whether somebody works on vehicles and not at the desk: the phone view is their first page."""
    return actor.can("task.work") and not actor.can("appointment.view")


register_nav(
    portal="garage",
    group=_("Workshop"),
    label=_("My work"),
    url_name="garage:tech",
    icon="smartphone",
    permission="task.work",
    order=26,
)
urlpatterns = [
    MyWorkPage.path("tech/", "tech"),
    PartsPage.path("tech/parts/", "tech-parts"),
    ScanPage.path("tech/scan/", "tech-scan"),
    MePage.path("tech/me/", "tech-me"),
    CardPage.path("tech/<uuid:id>/", "tech-card"),
    path("tech/tasks/<uuid:id>/<slug:step>/", TaskAct.as_view(), name="tech-task"),
    IssueAct.path("tech/parts/<uuid:id>/issue/", "tech-issue"),
    MissingAct.path("tech/<uuid:id>/missing/", "tech-missing"),
    SubmitAct.path("tech/<uuid:id>/submit/", "tech-submit"),
    CheckAct.path("tech/<uuid:id>/check/", "tech-check"),
    PhotoAct.path("tech/<uuid:id>/photos/", "tech-photos"),
]
