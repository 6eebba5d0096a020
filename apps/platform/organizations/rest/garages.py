"""The garages that the public may book at (/garages)."""

from typing import Any

from rest_framework import serializers

from apps.core.actor import Actor
from apps.core.api.permissions import AUTHENTICATED, PUBLIC
from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.viewsets import ResourceViewSet
from apps.platform.organizations import selectors, services
from apps.platform.organizations.models import Branch, Organization


class GarageBranch(ApiModelSerializer):
    class Meta:
        model = Branch
        fields = ["id", "code", "name", "address", "province", "ward", "phone", "email", "latitude", "longitude"]


class GarageShape(ApiModelSerializer):
    branches = GarageBranch(source="open_branches", many=True, read_only=True)
    logo_url = serializers.SerializerMethodField(method_name="describe_logo")

    class Meta:
        model = Organization
        fields = ["id", "name", "slug", "phone", "email", "address", "language", "currency", "timezone"]
        fields += ["brand_color", "logo_url", "branches"]

    def describe_logo(self, row: Organization) -> str:
        return selectors.logo_url(row)


def _list_garages(_actor: Actor) -> Any:
    return selectors.list_garages()


class GarageInput(ApiSerializer):
    """A new garage; `slug` is its public address, made of the name when left out."""

    name = serializers.CharField(max_length=160)
    code = serializers.CharField(max_length=12)
    slug = serializers.SlugField(max_length=60, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    address = serializers.CharField(max_length=300, required=False, allow_blank=True)
    tax_code = serializers.CharField(max_length=20, required=False, allow_blank=True)


class GarageViewSet(ResourceViewSet):
    """The garages at which anybody may book, each with its open branches."""

    noun = "garage"
    queryset_for = staticmethod(_list_garages)
    serializer_class = GarageShape
    filters = {"slug": ("eq", "in"), "province": ("eq",)}
    filter_sources = {"province": "branches__province"}
    sorts = ("name",)
    search = ("name",)
    input_classes = {"create": GarageInput}
    rights = {"list": PUBLIC, "retrieve": PUBLIC, "create": AUTHENTICATED}
    idempotent = {"create"}
    http_method_names = ["get", "post", "head", "options"]

    def perform_create(self, data: dict[str, Any]) -> Organization:
        """For staff of the platform."""
        return services.create_organization(self.actor, kinds=[Organization.Kind.GARAGE], **data)


ROUTES = [route("garages", GarageViewSet, "garage")]
