"""/feedback and the rating behind a link."""

from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.actor import ActorKind, visitor_actor
from apps.core.api.permissions import PUBLIC
from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer, AvailableActions
from apps.core.api.views import PublicView
from apps.core.api.viewsets import ResourceViewSet, step
from apps.platform.accounts.links import open_link
from apps.platform.accounts.models import AccessLink
from apps.verticals.feedback import selectors, services
from apps.verticals.feedback.models import Feedback
from apps.verticals.feedback.states import FEEDBACK


class FeedbackShape(ApiModelSerializer):
    """A rating of one visit."""

    customer_name = serializers.CharField(source="customer.name", read_only=True)
    available_actions = AvailableActions(FEEDBACK)

    class Meta:
        model = Feedback
        fields = [
            "id", "source_type", "source_id", "source_label", "customer", "customer_name", "rating", "comment", "state", "answer",
            "submitted_at", "available_actions", "version", "created_at",
        ]  # fmt: skip


class AcknowledgeInput(ApiSerializer):
    answer = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)


class RatingInput(ApiSerializer):
    rating = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class RatingShape(ApiModelSerializer):
    class Meta:
        model = Feedback
        fields = ["rating", "comment", "state", "source_label"]


class FeedbackViewSet(ResourceViewSet):
    """Ratings of the company's customers."""

    queryset_for = staticmethod(selectors.list_feedback)
    serializer_class = FeedbackShape
    filters = {"state": ("eq", "in"), "rating": ("eq", "gte", "lte", "isnull"), "createdAt": ("gte", "lte")}
    sorts = ("createdAt", "rating", "submittedAt")
    rights = {"list": "feedback.view", "retrieve": "feedback.view", "acknowledge": "feedback.answer"}

    @step("acknowledge", input=AcknowledgeInput)
    def acknowledge(self, feedback: Feedback, data: dict[str, Any]) -> Feedback:
        """The garage has read it and may answer."""
        return services.acknowledge_feedback(self.actor, feedback, **data)


class FeedbackLinkView(PublicView):
    """Rates the visit behind the link; 404 for an unknown link, 410 for one that has expired."""

    rights = {"post": PUBLIC}
    http_method_names = ["post"]
    serializer_class = RatingInput
    output_classes = {"post": RatingShape}

    def post(self, request: Request, token: str) -> Response:
        link = open_link(AccessLink.Purpose.FEEDBACK, token)
        feedback = Feedback.objects.select_related("customer").get(pk=link.subject_id)
        actor = visitor_actor(
            link.organization_id,
            frozenset({"feedback.give"}),
            kind=ActorKind.LINK,
            name=feedback.customer.name,
            ip=self.actor.ip,
            user_agent=self.actor.user_agent,
            request_id=self.actor.request_id,
        )
        return Response(RatingShape(services.give_feedback(actor, feedback, **self.read_body())).data)


ROUTES = [route("feedback", FeedbackViewSet, "feedback")]
URLS = [path("public/feedback/<str:token>", FeedbackLinkView.as_view(), name="public-feedback")]
