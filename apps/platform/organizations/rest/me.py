"""Who I am and where (/auth/me, /users/me)."""

from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.actor import Actor
from apps.core.api.permissions import AUTHENTICATED
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.views import ApiView
from apps.platform.accounts.models import User
from apps.platform.accounts.services.erase import ask_to_be_forgotten
from apps.platform.organizations import selectors
from apps.platform.organizations.models import Membership
from apps.platform.organizations.rest.shapes import BranchBrief, OrganizationBrief, RoleBrief


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


class EraseInput(ApiSerializer):
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class OwnAccountView(MeView):
    """One's own account; DELETE forgets its person for good: names, addresses and log-ins go, books stay.

    Where there is much to look through it answers 202 with `jobId` and `state`; the account works until the job is done.
    """

    rights = {"get": AUTHENTICATED, "delete": AUTHENTICATED}
    input_classes = {"delete": EraseInput}

    def delete(self, request: Request) -> Response:
        """Refusals: a wrong password, and `last_owner` with the company that would have no owner left."""
        job = ask_to_be_forgotten(self.actor, **self.read_body())
        return Response(status=204) if job is None else Response({"jobId": str(job.pk), "state": job.state}, status=202)


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


URLS = [
    path("auth/me", MeView.as_view(), name="auth-me"),
    path("users/me", OwnAccountView.as_view(), name="users-me"),
]
