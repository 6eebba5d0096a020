"""Roles and the catalogue of rights (/roles, /roles/rights)."""

from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.views import ApiView
from apps.core.api.viewsets import ResourceViewSet, step
from apps.platform.organizations import selectors, services
from apps.platform.organizations.models import Role
from apps.platform.organizations.permissions import ROLE_EDIT, STAFF_VIEW
from apps.platform.organizations.rights import CATALOGUE
from apps.platform.organizations.roles import role_description, role_label


class RoleShape(ApiModelSerializer):
    """`isSystem` roles belong to the platform and cannot be changed; `people` have the role in the company."""

    name = serializers.SerializerMethodField(method_name="describe_name")
    description = serializers.SerializerMethodField(method_name="describe_description")
    is_system = serializers.SerializerMethodField(method_name="describe_system")
    people = serializers.IntegerField(read_only=True)

    class Meta:
        model = Role
        fields = ["id", "code", "name", "description", "permissions", "requires_second_factor", "is_system", "people"]

    def describe_name(self, row: Role) -> str:
        return role_label(row)

    def describe_description(self, row: Role) -> str:
        return role_description(row)

    def describe_system(self, row: Role) -> bool:
        return row.organization_id is None


class RoleInput(ApiSerializer):
    """Rights are codes of `/roles/rights`; `area.*` stands for a whole area."""

    name = serializers.CharField(max_length=80)
    description = serializers.CharField(max_length=200, required=False, allow_blank=True)
    permissions = serializers.ListField(child=serializers.CharField(max_length=60), max_length=200)
    requires_second_factor = serializers.BooleanField(required=False)


class CopyInput(ApiSerializer):
    name = serializers.CharField(max_length=80, required=False, allow_blank=True)


class RoleViewSet(ResourceViewSet):
    """The roles that members of the company can have: those of the system and its own."""

    noun = "role"
    queryset_for = staticmethod(selectors.list_roles)
    serializer_class = RoleShape
    filters = {"code": ("eq", "in")}
    sorts = ("code",)
    input_classes = {"create": RoleInput, "update": RoleInput}
    rights = {
        "list": STAFF_VIEW,
        "retrieve": STAFF_VIEW,
        "create": ROLE_EDIT,
        "update": ROLE_EDIT,
        "destroy": ROLE_EDIT,
        "copy": ROLE_EDIT,
    }
    idempotent = {"create"}

    def perform_create(self, data: dict[str, Any]) -> Role:
        return services.create_role(self.actor, **data)

    def perform_update(self, instance: Role, data: dict[str, Any]) -> Role:
        return services.update_role(self.actor, instance, **data)

    def perform_destroy(self, instance: Role) -> None:
        services.delete_role(self.actor, instance)

    @step("copy", input=CopyInput)
    def copy(self, instance: Role, data: dict[str, Any]) -> Role:
        """A role of one's own with the same rights."""
        return services.copy_role(self.actor, instance, **data)


class RightShape(ApiSerializer):
    code = serializers.CharField()
    label = serializers.CharField()
    text = serializers.CharField()


class AreaShape(ApiSerializer):
    """Rights about one thing; `wildcard` stands for all of them."""

    code = serializers.CharField()
    label = serializers.CharField()
    wildcard = serializers.CharField()
    rights = RightShape(many=True)


class RightsView(ApiView):
    """Every right that a role can hold, with its name and what it opens."""

    rights = {"get": STAFF_VIEW}
    serializer_class = AreaShape
    output_classes = {"get": AreaShape(many=True)}

    def get(self, _request: Request) -> Response:
        return Response(AreaShape(CATALOGUE, many=True).data)


URLS = [path("roles/rights", RightsView.as_view(), name="rights")]
ROUTES = [route("roles", RoleViewSet, "role")]
