"""Who I am and where (/auth/me, /users/me), and the garages that the public may book at (/garages)."""

from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.actor import Actor
from apps.core.api.permissions import AUTHENTICATED, PUBLIC
from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.views import ApiView
from apps.core.api.viewsets import ResourceViewSet
from apps.platform.accounts.models import User
from apps.platform.organizations import selectors, services
from apps.platform.organizations.models import Branch, Membership, Organization
from apps.platform.organizations.roles import role_label


class OrganizationBrief(ApiModelSerializer):
    class Meta:
        model = Organization
        fields = ["id", "name", "slug", "code", "kinds", "currency", "language", "timezone"]


class BranchBrief(ApiModelSerializer):
    class Meta:
        model = Branch
        fields = ["id", "code", "name"]


class RoleBrief(ApiSerializer):
    code = serializers.CharField()
    name = serializers.CharField(source="*")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {"code": instance.code, "name": role_label(instance)}


class MembershipShape(ApiModelSerializer):
    """`branch` is null for a membership in all branches."""

    organization = OrganizationBrief(read_only=True)
    branch = BranchBrief(read_only=True)
    role = RoleBrief(read_only=True)

    class Meta:
        model = Membership
        fields = ["organization", "branch", "role", "title", "active_to"]


class MeShape(ApiModelSerializer):
    full_name = serializers.CharField(read_only=True)
    memberships = MembershipShape(many=True, read_only=True)
    organization = OrganizationBrief(read_only=True, allow_null=True)
    branch = BranchBrief(read_only=True, allow_null=True)
    permissions = serializers.ListField(child=serializers.CharField())
    is_platform_staff = serializers.BooleanField()
    session_id = serializers.UUIDField(allow_null=True)

    class Meta:
        model = User
        fields = ["id", "email", "phone", "first_name", "last_name", "full_name", "language", "timezone"]
        fields += ["memberships", "organization", "branch", "permissions", "is_platform_staff", "session_id"]


class MeView(ApiView):
    """One's profile, memberships, and the company, branch and rights with which this call acts."""

    rights = {"get": AUTHENTICATED}
    serializer_class = MeShape

    def get(self, request: Request) -> Response:
        return Response(MeShape(_describe_me(self.actor, request.user)).data)


def _describe_me(actor: Actor, user: Any) -> dict[str, Any]:
    memberships = selectors.list_memberships(user)
    organizations = {row.organization_id: row.organization for row in memberships}
    organization = organizations.get(actor.organization_id) if actor.organization_id else None
    names = ("id", "email", "phone", "first_name", "last_name", "full_name", "language", "timezone")
    return {
        **{name: getattr(user, name) for name in names},
        "memberships": memberships,
        "organization": organization or selectors.find_organization(actor.organization_id),
        "branch": selectors.find_branch(actor.branch_id),
        "permissions": sorted(actor.permissions),
        "is_platform_staff": actor.is_platform_staff,
        "session_id": actor.session_id,
    }


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
    search = "name"
    input_classes = {"create": GarageInput}
    rights = {"list": PUBLIC, "retrieve": PUBLIC, "create": AUTHENTICATED}
    idempotent = {"create"}
    http_method_names = ["get", "post", "head", "options"]

    def perform_create(self, data: dict[str, Any]) -> Organization:
        """For staff of the platform."""
        return services.create_organization(self.actor, kinds=[Organization.Kind.GARAGE], **data)


URLS = [
    path("auth/me", MeView.as_view(), name="auth-me"),
    path("users/me", MeView.as_view(), name="users-me"),
]
ROUTES = [route("garages", GarageViewSet, "garage")]
