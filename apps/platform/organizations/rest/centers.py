"""Service centres: the branches of the caller's company (/admin/service-centers)."""

from typing import Any

from rest_framework import serializers

from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.viewsets import ResourceViewSet
from apps.core.errors import BadInput
from apps.platform.organizations import selectors, services
from apps.platform.organizations.models import Branch
from apps.platform.organizations.permissions import SETTINGS_EDIT
from apps.platform.organizations.rest.staff import PersonShape


class CenterShape(ApiModelSerializer):
    """`openingHours` maps weekdays (0 = Monday) to spans of [from, to]."""

    manager = PersonShape(read_only=True, allow_null=True)

    class Meta:
        model = Branch
        fields = ["id", "code", "name", "kind", "address", "province", "ward", "latitude", "longitude", "phone"]
        fields += ["email", "manager", "opening_hours", "is_active", "created_at", "version"]


class CenterChange(ApiSerializer):
    """What is left out stays. `managerId` is a person of the company."""

    code = serializers.CharField(max_length=12, required=False)
    name = serializers.CharField(max_length=120, required=False)
    kind = serializers.ChoiceField(choices=Branch.Kind.choices, required=False)
    address = serializers.CharField(max_length=300, required=False, allow_blank=True)
    province = serializers.CharField(max_length=80, required=False, allow_blank=True)
    ward = serializers.CharField(max_length=80, required=False, allow_blank=True)
    latitude = serializers.CharField(max_length=20, required=False, allow_null=True)
    longitude = serializers.CharField(max_length=20, required=False, allow_null=True)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    manager_id = serializers.UUIDField(required=False, allow_null=True)
    opening_hours = serializers.DictField(
        child=serializers.ListField(
            child=serializers.ListField(child=serializers.CharField(max_length=5), max_length=2)
        ),
        required=False,
    )
    is_active = serializers.BooleanField(required=False)


class CenterInput(CenterChange):
    code = serializers.CharField(max_length=12)
    name = serializers.CharField(max_length=120)


class CenterViewSet(ResourceViewSet):
    """The sites of the company: service centres, shops, depots; closed ones too."""

    noun = "service centre"
    queryset_for = staticmethod(selectors.list_all_branches)
    serializer_class = CenterShape
    filters = {"kind": ("eq", "in"), "isActive": ("eq",), "province": ("eq",)}
    sorts = ("name", "code", "createdAt")
    search = ("name", "code", "address")
    input_classes = {"create": CenterInput, "update": CenterChange}
    rights = {"list": SETTINGS_EDIT, "retrieve": SETTINGS_EDIT, "create": SETTINGS_EDIT, "update": SETTINGS_EDIT}
    idempotent = {"create"}

    def perform_create(self, data: dict[str, Any]) -> Branch:
        return services.add_branch(self.actor, **self.with_manager(data))

    def perform_update(self, instance: Branch, data: dict[str, Any]) -> Branch:
        return services.update_branch(self.actor, instance, **self.with_manager(data))

    def with_manager(self, data: dict[str, Any]) -> dict[str, Any]:
        """The person behind the id; nobody of another company."""
        if "manager_id" not in data:
            return data
        values = dict(data)
        manager_id = values.pop("manager_id")
        manager = selectors.list_colleagues(self.actor).filter(pk=manager_id).first() if manager_id else None
        if manager_id and manager is None:
            raise BadInput(field="manager_id")
        return {**values, "manager": manager}


ROUTES = [route("admin/service-centers", CenterViewSet, "service-center")]
