"""Members of the company and invitations (/members, /invitations)."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.permissions import PUBLIC
from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.views import ApiView
from apps.core.api.viewsets import ResourceViewSet, step
from apps.core.db import get_visible
from apps.core.errors import BadInput, NotFound
from apps.platform.accounts.models import User
from apps.platform.accounts.requests import client_address
from apps.platform.organizations import selectors, services
from apps.platform.organizations.models import Branch, Invitation, Membership, Role
from apps.platform.organizations.permissions import STAFF_EDIT, STAFF_INVITE, STAFF_VIEW
from apps.platform.organizations.rest.shapes import BranchBrief, OrganizationBrief, RoleBrief


class PersonShape(ApiModelSerializer):
    full_name = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = ["id", "full_name", "first_name", "last_name", "email", "phone"]


class MemberShape(ApiModelSerializer):
    """A person's role in the company; `branch` is null for all branches."""

    user = PersonShape(read_only=True)
    branch = BranchBrief(read_only=True)
    role = RoleBrief(read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "user", "role", "branch", "title", "active_from", "active_to", "created_at"]


class PlaceInput(ApiSerializer):
    """Role and branch by id; without a branch in all of them. Dates are days, both included."""

    role_id = serializers.UUIDField()
    branch_id = serializers.UUIDField(required=False, allow_null=True)
    title = serializers.CharField(max_length=80, required=False, allow_blank=True)


class MemberInput(PlaceInput):
    active_from = serializers.DateField(required=False, allow_null=True)
    active_to = serializers.DateField(required=False, allow_null=True)


class NewMemberInput(MemberInput):
    """A further role for somebody who works here already; new people are invited."""

    user_id = serializers.UUIDField()


def _place(view: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The rows behind role and branch; those of others do not exist."""
    branch_id = data.pop("branch_id", None)
    role = get_visible(Role.objects.all(), view.actor, data.pop("role_id"))
    branch = get_visible(Branch.objects.all(), view.actor, branch_id) if branch_id else None
    return {**data, "role": role, "branch": branch}


class MemberViewSet(ResourceViewSet):
    """Who works in the company. New people come by invitation; a member can get further roles here."""

    noun = "member"
    queryset_for = staticmethod(selectors.list_staff)
    serializer_class = MemberShape
    filters = {"user": ("eq",), "role": ("eq", "in"), "branch": ("eq", "in", "isnull")}
    filter_sources = {"user": "user_id", "role": "role_id", "branch": "branch_id"}
    sorts = ("createdAt",)
    search = staticmethod(selectors.search_staff)
    input_classes = {"create": NewMemberInput, "update": MemberInput}
    rights = {
        "list": STAFF_VIEW,
        "retrieve": STAFF_VIEW,
        "create": STAFF_EDIT,
        "update": STAFF_EDIT,
        "destroy": STAFF_EDIT,
    }
    idempotent = {"create"}

    def perform_create(self, data: dict[str, Any]) -> Membership:
        user_id = data.pop("user_id")
        own = selectors.list_staff(self.actor).filter(user_id=user_id).first()
        if own is None:
            raise NotFound
        return services.add_member(self.actor, user=own.user, **_place(self, data))

    def perform_update(self, instance: Membership, data: dict[str, Any]) -> Membership:
        kept = {"title": instance.title, "active_from": instance.active_from, "active_to": instance.active_to}
        data = {"role_id": instance.role_id, "branch_id": instance.branch_id, **kept, **data}
        return services.change_member(self.actor, instance, **_place(self, data))

    def perform_destroy(self, instance: Membership) -> None:
        services.remove_member(self.actor, instance)


class InvitationShape(ApiModelSerializer):
    """`state` is open, accepted, expired or revoked. The link is sent to the address and shown nowhere."""

    role = RoleBrief(read_only=True)
    branch = BranchBrief(read_only=True)
    invited_by = PersonShape(read_only=True)
    state = serializers.CharField(read_only=True)

    class Meta:
        model = Invitation
        fields = ["id", "email", "phone", "name", "title", "role", "branch", "state", "invited_by"]
        fields += ["expires_at", "accepted_at", "revoked_at", "created_at"]


class InvitationInput(PlaceInput):
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    name = serializers.CharField(max_length=160, required=False, allow_blank=True)


class InvitationViewSet(ResourceViewSet):
    """Places in the company offered by email or SMS; the link is good for 72 hours and one use."""

    noun = "invitation"
    queryset_for = staticmethod(selectors.list_invitations)
    serializer_class = InvitationShape
    sorts = ("createdAt", "expiresAt")
    search = ("email", "phone", "name")
    input_classes = {"create": InvitationInput}
    rights = {
        "list": STAFF_INVITE,
        "retrieve": STAFF_INVITE,
        "create": STAFF_INVITE,
        "resend": STAFF_INVITE,
        "revoke": STAFF_INVITE,
    }
    idempotent = {"create", "resend"}

    def perform_create(self, data: dict[str, Any]) -> Invitation:
        return services.invite(self.actor, **_place(self, data))

    @step("resend")
    def resend(self, instance: Invitation, _data: dict[str, Any]) -> Invitation:
        """A new link for another 72 hours; the old one is dead."""
        return services.resend_invitation(self.actor, instance)

    @step("revoke")
    def revoke(self, instance: Invitation, _data: dict[str, Any]) -> Invitation:
        """Its link is dead from now on."""
        return services.revoke_invitation(self.actor, instance)


class AcceptInput(ApiSerializer):
    """`token` is the last part of the link. A person without an account gives name and password too."""

    token = serializers.CharField(max_length=64)
    first_name = serializers.CharField(max_length=80, required=False)
    last_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    password = serializers.CharField(max_length=128, required=False, trim_whitespace=False)


class JoinedShape(ApiModelSerializer):
    organization = OrganizationBrief(read_only=True)
    branch = BranchBrief(read_only=True)
    role = RoleBrief(read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "organization", "branch", "role"]


class AcceptView(ApiView):
    """Accepts an invitation: as the caller when logged in, else with a new account."""

    rights = {"post": PUBLIC}
    serializer_class = AcceptInput
    output_classes = {"post": JoinedShape}
    http_method_names = ["post"]

    def post(self, request: Request) -> Response:
        data = self.read_body()
        token = data.pop("token")
        if self.actor.is_authenticated:
            membership = services.accept_invitation(self.actor, token)
        else:
            services.find_invitation(token)
            if missing := [name for name in ("firstName", "password") if not request.data.get(name)]:
                raise BadInput(errors={name: [_("This field is required.")] for name in missing})
            membership = services.accept_as_new(token, **data, ip=client_address(request))
        return Response(JoinedShape(membership).data)


URLS = [path("invitations/accept", AcceptView.as_view(), name="invitation-accept")]
ROUTES = [route("members", MemberViewSet, "member"), route("invitations", InvitationViewSet, "invitation")]
