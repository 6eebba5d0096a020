"""Access to single rows for single people (/grants)."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.actor import Actor
from apps.core.api.serializers import ApiSerializer
from apps.core.api.views import ApiView
from apps.core.errors import NotFound
from apps.platform.accounts.models import User
from apps.platform.organizations import selectors, services
from apps.platform.organizations.permissions import STAFF_EDIT


class GrantInput(ApiSerializer):
    """`objectType` is `inventory.warehouse` or `vehicles.vehicle`; the person works in the company."""

    user_id = serializers.UUIDField()
    object_type = serializers.CharField(max_length=60)
    object_id = serializers.UUIDField()


class GrantShape(ApiSerializer):
    user_id = serializers.UUIDField()
    object_type = serializers.CharField()
    object_id = serializers.UUIDField()
    label = serializers.CharField()
    right = serializers.CharField()


def _colleague(actor: Actor, user_id: UUID | str) -> User:
    user = selectors.list_colleagues(actor).filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user


def _describe(user: User, entry: Any, row: Any) -> dict[str, Any]:
    return {
        "user_id": user.pk,
        "object_type": entry.key,
        "object_id": row.pk,
        "label": str(row),
        "right": entry.right,
    }


class GrantsView(ApiView):
    """Opens a row to a person."""

    rights = {"post": STAFF_EDIT}
    serializer_class = GrantInput
    output_classes = {"post": GrantShape}
    http_method_names = ["post"]
    service = staticmethod(services.grant)
    status = 201

    def post(self, _request: Request) -> Response:
        data = self.read_body()
        user = _colleague(self.actor, data["user_id"])
        entry, row = services.access_row(self.actor, data["object_type"], data["object_id"])
        self.service(self.actor, user, entry.right, row)
        return Response(GrantShape(_describe(user, entry, row)).data, status=self.status)


class RevokeGrantView(GrantsView):
    """Closes a row to a person again."""

    service = staticmethod(services.revoke)
    status = 200


class MemberGrantsView(ApiView):
    """What is open to a person of the company by grants."""

    rights = {"get": STAFF_EDIT}
    serializer_class = GrantShape
    output_classes = {"get": GrantShape(many=True)}

    def get(self, _request: Request, user_id: UUID) -> Response:
        user = _colleague(self.actor, user_id)
        found = [_describe(user, entry, row) for entry, row in services.list_grants(self.actor, user)]
        return Response(GrantShape(found, many=True).data)


URLS = [
    path("grants", GrantsView.as_view(), name="grants"),
    path("grants/revoke", RevokeGrantView.as_view(), name="grant-revoke"),
    path("grants/of/<uuid:user_id>", MemberGrantsView.as_view(), name="grants-of"),
]
