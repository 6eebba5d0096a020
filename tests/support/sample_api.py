"""A small resource over branches: what the API base does is shown on it. Use with `@pytest.mark.urls(__name__)`."""

from typing import Any

from django.db.models import QuerySet
from django.urls import include, path, re_path
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from apps.core.actor import Actor
from apps.core.api.bulk import BulkMixin
from apps.core.api.fallbacks import UnknownAddress
from apps.core.api.pagination import CursorPagination
from apps.core.api.parsers import SafeJSONParser
from apps.core.api.routing import build_router, route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.views import ApiView, PublicView
from apps.core.api.viewsets import AUTHENTICATED, ResourceViewSet, action, step
from apps.core.errors import BusinessError, Duplicate
from apps.platform.organizations.models import Branch

handler404 = "apps.core.api.fallbacks.not_found"
handler500 = "apps.core.api.fallbacks.server_error"


class BranchShape(ApiModelSerializer):
    company_name = serializers.CharField(source="organization.name", read_only=True)
    long_name = serializers.SerializerMethodField()
    optional_fields = ("company_name", "long_name")

    class Meta:
        model = Branch
        fields = ["id", "code", "name", "province", "is_active", "latitude", "created_at", "version", "company_name"]
        fields += ["long_name"]

    def get_long_name(self, row: Branch) -> str:
        return f"{row.code} {row.name}"


class RenameInput(ApiSerializer):
    new_name = serializers.CharField(max_length=120)

    def validate_new_name(self, value: str) -> str:
        if value == "forbidden":
            raise serializers.ValidationError("Not this one.")
        return value


def list_branches(actor: Actor) -> QuerySet[Branch]:
    return Branch.objects.visible_to(actor)


class BranchViewSet(BulkMixin, ResourceViewSet):
    queryset_for = staticmethod(list_branches)
    serializer_class = BranchShape
    filters = {
        "name": ("eq", "ne", "in", "contains"),
        "isActive": ("eq",),
        "latitude": ("gt", "lte", "isnull"),
        "createdAt": ("gte", "lte"),
        "company": ("eq",),
        "version": ("eq", "gte"),
    }
    filter_sources = {"company": "organization"}
    sorts = ("name", "createdAt")
    search = "name"
    includes = {"companyName": ("organization",)}
    idempotent = {"create", "rename", "fall"}
    rights = {
        "list": "staff.view",
        "retrieve": "staff.view",
        "create": "staff.edit",
        "update": "staff.edit",
        "destroy": "staff.edit",
        "bulk": "staff.edit",
        "rename": "staff.edit",
        "fall": "staff.edit",
        "refuse": "staff.view",
    }

    def perform_create(self, data: dict[str, Any]) -> Branch:
        if Branch.objects.filter(organization_id=self.actor.organization_id, code=data["code"]).exists():
            raise Duplicate(field="code")
        return Branch.objects.create(organization_id=self.actor.organization_id, **data)

    def perform_update(self, instance: Branch, data: dict[str, Any]) -> Branch:
        for name, value in data.items():
            setattr(instance, name, value)
        instance.save_changes(*data)
        return instance

    def perform_destroy(self, instance: Branch) -> None:
        instance.delete()

    @step("rename", input=RenameInput)
    def rename(self, instance: Branch, data: dict[str, Any]) -> Branch:
        return self.perform_update(instance, {"name": data["new_name"]})

    @step("fall")
    def fall(self, instance: Branch, data: dict[str, Any]) -> Branch:
        self.perform_update(instance, {"name": "half done"})
        raise ZeroDivisionError("secret inside")

    @action(detail=False, methods=["get"])
    def refuse(self, request: Any) -> Response:
        raise BusinessError("No.", field="unit_price", details={"lines": [{"next_free": "at_ten"}]})

    @action(detail=False, methods=["get"])
    def forgotten(self, request: Any) -> Response:
        return Response({})


class LedgerViewSet(ResourceViewSet):
    queryset_for = staticmethod(list_branches)
    serializer_class = BranchShape
    pagination_class = CursorPagination
    rights = {"list": AUTHENTICATED}


class EchoView(PublicView):
    parser_classes = [SafeJSONParser, MultiPartParser]

    def post(self, request: Any) -> Response:
        return Response({"got": request.data})


class OwnView(ApiView):
    rights = {"get": AUTHENTICATED}

    def get(self, request: Any) -> Response:
        return Response({"name": self.actor.name})


routes = [route("branches", BranchViewSet, "sample-branch"), route("ledger", LedgerViewSet, "sample-ledger")]
urlpatterns = [
    path("api/v1/echo", EchoView.as_view()),
    path("api/v1/own", OwnView.as_view()),
    path("api/v1/", include(build_router(routes).urls)),
    re_path(r"^api/v1/.*$", UnknownAddress.as_view()),
]
