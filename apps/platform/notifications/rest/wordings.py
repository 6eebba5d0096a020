"""/admin/notification-templates: the words of every message; a company's own, or (platform staff) everybody's."""

from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.pagination import PagePagination
from apps.core.api.permissions import AUTHENTICATED
from apps.core.api.serializers import ApiSerializer
from apps.core.api.views import ApiView
from apps.core.errors import NotFound
from apps.platform.notifications import services
from apps.platform.notifications.permissions import NOTIFICATION_EDIT
from apps.platform.notifications.services.wording import access_wording
from apps.platform.notifications.wordings import SEPARATOR, Wording, find_wording, list_wordings


class VariableShape(ApiSerializer):
    name = serializers.CharField()
    sample = serializers.CharField()


class WordingShape(ApiSerializer):
    """`id` is `<type>:<channel>:<language>`; `subject` and `body` are the words in force."""

    id = serializers.CharField()
    type = serializers.CharField(source="kind.code")
    label = serializers.CharField(source="kind.label")
    category = serializers.CharField(source="kind.category")
    channel = serializers.CharField()
    language = serializers.CharField()
    subject = serializers.CharField()
    body = serializers.CharField()
    is_changed = serializers.BooleanField()
    shipped_subject = serializers.CharField()
    shipped_body = serializers.CharField()
    variables = VariableShape(many=True)


class WordsInput(ApiSerializer):
    """An SMS has no subject."""

    subject = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    body = serializers.CharField(max_length=8000)


class PreviewShape(ApiSerializer):
    """The words with sample values; `segments` of an SMS are what is paid for."""

    subject = serializers.CharField()
    body = serializers.CharField()
    segments = serializers.IntegerField(allow_null=True)


class WordingsView(ApiView):
    """The list; needs the right `notification.edit`."""

    rights = {"get": AUTHENTICATED}
    parameters = {"get": ("type", "channel", "language", "category", "changed")}
    serializer_class = WordingShape
    pagination_class = PagePagination
    is_list = True

    def get(self, request: Request) -> Response:
        if not self.actor.is_platform_staff:
            self.actor.require(NOTIFICATION_EDIT)
        rows = [row for row in list_wordings(self.actor) if self.fits(row)]
        pages = PagePagination()
        shown = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(WordingShape(shown, many=True).data)

    def fits(self, row: Wording) -> bool:
        asked = self.query
        pairs = {
            "type": row.kind.code,
            "channel": row.channel,
            "language": row.language,
            "category": row.kind.category,
            "changed": "true" if row.is_changed else "false",
        }
        return all(asked.get(name, value) == value for name, value in pairs.items())


class WordingView(ApiView):
    """One text: read, change, take the change back."""

    rights = {"get": AUTHENTICATED, "put": AUTHENTICATED, "delete": AUTHENTICATED}
    serializer_class = WordingShape
    input_classes = {"put": WordsInput}

    def get(self, request: Request, wording_id: str) -> Response:
        access_wording(self.actor, **_parts(wording_id))
        return self.show(wording_id)

    def put(self, request: Request, wording_id: str) -> Response:
        services.save_wording(self.actor, **_parts(wording_id), **self.read_body())
        return self.show(wording_id)

    def delete(self, request: Request, wording_id: str) -> Response:
        services.reset_wording(self.actor, **_parts(wording_id))
        return Response(status=204)

    def show(self, wording_id: str) -> Response:
        return Response(WordingShape(find_wording(self.actor, **_parts(wording_id))).data)


class WordingPreviewView(ApiView):
    """The words with sample values, without keeping them."""

    rights = {"post": AUTHENTICATED}
    serializer_class = PreviewShape
    input_classes = {"post": WordsInput}

    def post(self, request: Request, wording_id: str) -> Response:
        parts = _parts(wording_id)
        access_wording(self.actor, **parts)
        data = self.read_body()
        found = services.preview_wording(parts["kind"], parts["channel"], data["subject"], data["body"])
        values = {
            "subject": found.text.subject,
            "body": found.text.body,
            "segments": found.sms.segments if found.sms else None,
        }
        return Response(PreviewShape(values).data)


class WordingTestView(ApiView):
    """Sends the words with sample values to oneself."""

    rights = {"post": AUTHENTICATED}
    serializer_class = WordsInput
    output_classes = {"post": PreviewShape}

    def post(self, request: Request, wording_id: str) -> Response:
        row = services.send_test(self.actor, **_parts(wording_id), **self.read_body())
        return Response(PreviewShape({"subject": row.subject, "body": row.body, "segments": None}).data, status=201)


def _parts(wording_id: str) -> dict[str, Any]:
    parts = wording_id.split(SEPARATOR)
    if len(parts) != len(("kind", "channel", "language")):
        raise NotFound
    return dict(zip(("kind", "channel", "language"), parts, strict=True))


_ONE = "admin/notification-templates/<str:wording_id>"
URLS = [
    path("admin/notification-templates", WordingsView.as_view(), name="notification-templates"),
    path(_ONE, WordingView.as_view(), name="notification-template"),
    path(f"{_ONE}/preview", WordingPreviewView.as_view(), name="notification-template-preview"),
    path(f"{_ONE}/test", WordingTestView.as_view(), name="notification-template-test"),
]
