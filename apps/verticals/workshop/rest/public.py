"""/public/estimates: the estimate behind a link, for apps without a log-in."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.actor import ActorKind, visitor_actor
from apps.core.api.permissions import PUBLIC
from apps.core.api.views import PublicView
from apps.verticals.workshop.portal.estimate_link import estimate_of_link
from apps.verticals.workshop.portal.visitors import read_signature
from apps.verticals.workshop.rest.inputs import DecisionBody
from apps.verticals.workshop.rest.shapes import EstimateShape
from apps.verticals.workshop.services import decide_estimate
from apps.verticals.workshop.types import DecisionInput


class PublicEstimateShape(EstimateShape):
    """What the customer sees: the garage, the vehicle, the lines."""

    garage = serializers.CharField(source="job_card.organization.name", read_only=True)
    plate = serializers.CharField(source="job_card.vehicle.plate", read_only=True)
    job_card_number = serializers.CharField(source="job_card.number", read_only=True)

    class Meta(EstimateShape.Meta):
        fields = [
            *(name for name in EstimateShape.Meta.fields if name not in ("available_actions", "version")),
            "garage", "plate", "job_card_number",
        ]  # fmt: skip


class EstimateView(PublicView):
    """The estimate behind the link: 404 for an unknown link, 410 for one that has expired."""

    rights = {"get": PUBLIC}
    http_method_names = ["get", "head"]
    output_classes = {"get": PublicEstimateShape}

    def get(self, request: Request, token: str) -> Response:
        _card, estimate = estimate_of_link(token)
        return Response(PublicEstimateShape(estimate, context={"actor": self.actor}).data)


class EstimateDecisionView(PublicView):
    """The customer's answer, line by line, signed; kept as evidence."""

    rights = {"post": PUBLIC}
    http_method_names = ["post"]
    serializer_class = DecisionBody
    output_classes = {"post": PublicEstimateShape}
    idempotent = {"post"}

    def post(self, request: Request, token: str) -> Response:
        card, estimate = estimate_of_link(token)
        data = self.read_body()
        answer = DecisionInput(
            decisions=data["decisions"],
            reasons=data["reasons"],
            name=data["name"],
            document_hash=data["document_hash"],
            signature_png=read_signature(data["signature"]),
            is_typed=data["typed_signature"],
        )
        actor = visitor_actor(
            card.organization_id,
            frozenset({"estimate.decide"}),
            kind=ActorKind.LINK,
            name=data["name"],
            language=self.actor.language,
            ip=self.actor.ip,
            user_agent=self.actor.user_agent,
            request_id=self.actor.request_id,
        )
        decide_estimate(actor, estimate, answer=answer)
        _card, fresh = estimate_of_link(token)
        return Response(PublicEstimateShape(fresh, context={"actor": self.actor}).data)
