"""One point of the inspection, saved as soon as it is touched; and its photos."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from apps.core.portal.responses import add_toast, add_trigger
from apps.core.portal.views import PortalView
from apps.verticals.workshop import services
from apps.verticals.workshop.models import JobPhoto
from apps.verticals.workshop.portal.of_card import OfCard
from apps.verticals.workshop.types import PointInput


class InspectionPointView(OfCard, PortalView):
    """Answers with the counts of the whole inspection; the point itself stays as the person left it."""

    portal, permission = "garage", "job_card.inspect"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        code = request.POST.get("code", "")
        if rating := request.POST.get(f"rating-{code}", ""):
            point = PointInput(code=code, rating=rating, note=request.POST.get("note", ""))
            services.record_inspection(self.actor, self.card, points=[point])
        photos = request.FILES.getlist("photos")
        if photos:
            self.add_photos(code, photos)
        response = render(
            request, "workshop/card/inspection_counts.html", {"sheet": self.card.visit.sheet, "is_oob": True}
        )
        if photos:
            words = ngettext("%(n)s photo added.", "%(n)s photos added.", len(photos)) % {"n": len(photos)}
            add_toast(response, words)
        return add_trigger(response, "card-changed")

    def add_photos(self, code: str, photos: list) -> None:
        point = self.card.inspection_points.filter(code=code).first()
        services.add_photos(
            self.actor,
            self.card,
            uploads=photos,
            stage=JobPhoto.Stage.INSPECTION,
            point_id=point.pk if point else None,
        )


urlpatterns = [InspectionPointView.path("job-cards/<uuid:id>/inspection/", "inspection-point")]
