"""`/e/<token>/`: the customer sees what was found and what it costs, decides line by line, signs. No log-in."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError, NotFound
from apps.core.ids import parse_id
from apps.core.portal.views import PortalView
from apps.platform.accounts.links import open_link
from apps.platform.accounts.models import AccessLink
from apps.platform.files.selectors import file_url
from apps.verticals.workshop.models import Estimate, EstimateLine, InspectionPoint, JobCard
from apps.verticals.workshop.portal.visitors import company_of, read_signature, visitor_of
from apps.verticals.workshop.services import decide_estimate
from apps.verticals.workshop.types import DecisionInput

SHOWN = (Estimate.State.SENT, Estimate.State.DECIDED)


def estimate_of_link(token: str) -> tuple[JobCard, Estimate]:
    """The card behind the link and the version that its customer should see. Raises NotFound, LinkExpired."""
    link = open_link(AccessLink.Purpose.ESTIMATE, token)
    card = JobCard.objects.select_related("organization", "branch", "customer", "vehicle__model__make").get(
        pk=link.subject_id
    )
    estimate = (
        card.estimates.filter(state__in=SHOWN)
        .prefetch_related("lines__inspection_point__photos__file", "decisions")
        .order_by("-number")
        .first()
    )
    if estimate is None:
        raise NotFound
    return card, estimate


class EstimateLinkView(PortalView):
    is_public = True
    template_name = "workshop/public/estimate.html"
    fragment_template_name = "workshop/public/estimate_body.html"

    @cached_property
    def found(self) -> tuple[JobCard, Estimate]:
        return estimate_of_link(self.kwargs["token"])

    def get_title(self) -> Any:
        return _("Estimate for %(plate)s") % {"plate": self.found[0].vehicle.plate}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        card, estimate = self.found
        try:
            answer = read_answer(request)
            actor = visitor_of(request, card.organization, "estimate.decide", name=answer.name, by_link=True)
            decide_estimate(actor, estimate, answer=answer)
        except BusinessError as error:
            del self.found
            return self.draw(
                self.get_context(refusal=error, typed=request.POST), template=self.template_name, status=error.status
            )
        return redirect(request.path)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        card, estimate = self.found
        lines = [_show(line) for line in estimate.lines.all()]
        return super().get_context(
            card=card,
            estimate=estimate,
            groups=_by_group(lines),
            findings=card.inspection_points.exclude(rating=InspectionPoint.Rating.GREEN),
            good_count=card.inspection_points.filter(rating=InspectionPoint.Rating.GREEN).count(),
            is_open=estimate.state == Estimate.State.SENT,
            decision=estimate.decisions.first(),
            token=self.kwargs.get("token", ""),
            company=company_of(card.organization, card.branch),
            **extra,
        )


def read_answer(request: HttpRequest) -> DecisionInput:
    """The posted answers; whether they are complete is the service's to say. Raises BadInput for a broken signature."""
    decisions: dict[UUID, str] = {}
    reasons: dict[UUID, str] = {}
    for key, value in request.POST.items():
        name, _dash, row_id = key.partition("-")
        line_id = parse_id(row_id)
        if line_id and name == "line":
            decisions[line_id] = value
        elif line_id and name == "reason" and value.strip():
            reasons[line_id] = value
    typed = request.POST.get("signed_name", "").strip()
    return DecisionInput(
        decisions=decisions,
        reasons=reasons,
        name=request.POST.get("name", "").strip() or typed,
        document_hash=request.POST.get("document_hash", ""),
        signature_png=read_signature(request.POST.get("signature", "")),
        is_typed=bool(typed),
    )


def _show(line: EstimateLine) -> dict[str, Any]:
    """A line with the photos of the finding that it answers."""
    photos = line.inspection_point.photos.all() if line.inspection_point else []
    return {
        "line": line,
        "photos": [
            {"url": file_url(photo.file), "thumb": file_url(photo.file, thumbnail=True), "caption": photo.caption}
            for photo in photos
            if photo.is_public
        ],
    }


def _by_group(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines under the job they belong to, most urgent job first, in the order of the estimate."""
    groups: dict[str, dict[str, Any]] = {}
    urgency = {"red": 0, "yellow": 1, "": 2}
    for shown in lines:
        line = shown["line"]
        name = line.group or line.description
        group = groups.setdefault(name, {"name": name, "severity": "", "lines": [], "photos": [], "note": ""})
        group["lines"].append(line)
        group["photos"].extend(photo for photo in shown["photos"] if photo not in group["photos"])
        if urgency[line.severity] < urgency[group["severity"]]:
            group["severity"] = line.severity
        if line.inspection_point and line.inspection_point.note:
            group["note"] = line.inspection_point.note
    return sorted(groups.values(), key=lambda group: urgency[group["severity"]])


urlpatterns = [EstimateLinkView.path("e/<str:token>/", "estimate")]
