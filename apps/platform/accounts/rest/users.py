"""People as staff see them (/admin/users, POST /users, PATCH /users/{id}).

Platform staff see all accounts, with the rights of the staff CMS. Owners and managers with `staff.edit` see the people of
their company and manage their place in it; the account itself stays its person's own.
"""

from typing import Any
from uuid import UUID

from django.urls import path
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.names import camel
from apps.core.api.permissions import AUTHENTICATED, check_staff
from apps.core.api.routing import Route, route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.viewsets import ResourceViewSet, step
from apps.core.db import get_visible
from apps.core.errors import BadInput
from apps.core.ids import parse_id
from apps.platform.accounts import selectors, services
from apps.platform.accounts.models import User
from apps.platform.accounts.rest.person import ProfileInput
from apps.platform.accounts.services.erase import erase_user
from apps.platform.accounts.services.staff import set_user_active, update_user
from apps.platform.organizations.models import Branch, Invitation, Membership, Role
from apps.platform.organizations.permissions import STAFF_EDIT
from apps.platform.organizations.roles import role_label
from apps.platform.organizations.services import add_staff
from apps.platform.organizations.services.people import change_person, remove_person, set_person_active

PLACE = ("role_id", "branch_id", "title")


class PlaceShape(ApiSerializer):
    """A person's place in a company; without a branch in all of them."""

    organization_id = serializers.UUIDField()
    organization = serializers.CharField(source="organization.name")
    branch_id = serializers.UUIDField(allow_null=True)
    role_id = serializers.UUIDField()
    role = serializers.SerializerMethodField(method_name="get_role")
    title = serializers.CharField()
    active_to = serializers.DateField(allow_null=True)

    def get_role(self, row: Any) -> str:
        return role_label(row.role)


class AccountShape(ApiModelSerializer):
    full_name = serializers.CharField(read_only=True)
    memberships = PlaceShape(source="shown_memberships", many=True, read_only=True)

    class Meta:
        model = User
        fields = ["id", "email", "phone", "first_name", "last_name", "full_name", "language", "is_active", "is_staff"]
        fields += ["email_verified_at", "phone_verified_at", "last_login", "created_at", "memberships"]


class NewAccountInput(ApiSerializer):
    """In a company `roleId` is needed and `branchId` may be; there nobody sets a password or language for others."""

    email = serializers.CharField(max_length=254, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    first_name = serializers.CharField(max_length=80, required=False)
    last_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    password = serializers.CharField(max_length=128, required=False, trim_whitespace=False)
    language = serializers.ChoiceField(choices=services.LANGUAGES, required=False)
    role_id = serializers.UUIDField(required=False)
    branch_id = serializers.UUIDField(required=False, allow_null=True)
    title = serializers.CharField(max_length=80, required=False, allow_blank=True)


class ChangeAccountInput(ProfileInput):
    """Platform staff change the account, companies `roleId`, `branchId` and `title`."""

    email = serializers.CharField(max_length=254, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    role_id = serializers.UUIDField(required=False)
    branch_id = serializers.UUIDField(required=False, allow_null=True)
    title = serializers.CharField(max_length=80, required=False, allow_blank=True)


class ActivateInput(ApiSerializer):
    is_active = serializers.BooleanField(required=False, default=True)


class UserViewSet(ResourceViewSet):
    """People. For platform staff all accounts; for companies those who work there.

    A company's new people get an invitation: the answer is its `invitationId` alone, whether or not they have an account.
    """

    noun = "user"
    queryset_for = staticmethod(selectors.list_people)
    serializer_class = AccountShape
    input_classes = {"create": NewAccountInput, "update": ChangeAccountInput}
    filters = {"isActive": ("eq",), "isStaff": ("eq",), "createdAt": ("gte", "lte")}
    sorts = ("createdAt", "lastLogin")
    search = staticmethod(selectors.search_people)
    rights = dict.fromkeys(("list", "retrieve", "create", "update", "destroy", "activate"), AUTHENTICATED)
    idempotent = {"create"}

    @property
    def is_for_platform(self) -> bool:
        """Platform staff who do not act in a company."""
        return self.actor.is_platform_staff and self.actor.organization_id is None

    def check(self, action: str) -> None:
        """Raises NotAllowed without the right of the staff CMS, or in a company without `staff.edit`."""
        if self.is_for_platform:
            check_staff(self.request, self.actor, f"accounts.{action}_user")
        else:
            self.actor.require(STAFF_EDIT)

    def perform_create(self, data: dict[str, Any]) -> User | Invitation:
        self.check("add")
        if self.is_for_platform:
            self.refuse(data, PLACE)
            if "first_name" not in data:
                raise BadInput(errors={"firstName": [_("This field is required.")]})
            return services.create_user(self.actor, **data)
        if "role_id" not in data:
            raise BadInput(errors={"roleId": [_("This field is required.")]})
        return self.hire(data)

    def hire(self, data: dict[str, Any]) -> User | Invitation:
        """A colleague gets the role at once, everybody else an invitation; the account is for its person to make."""
        self.refuse(data, ("password", "language"))
        data["name"] = " ".join(filter(None, (data.pop("last_name", ""), data.pop("first_name", ""))))
        made = add_staff(self.actor, **self.place_of(data))
        return made.user if isinstance(made, Membership) else made

    def show(self, instance: Any, *, output: type[Any] | None = None, status: int = 200) -> Response:
        if isinstance(instance, Invitation):
            return Response({"invitationId": str(instance.pk)}, status=status)
        return super().show(instance, output=output, status=status)

    def perform_update(self, instance: User, data: dict[str, Any]) -> User:
        if self.is_for_platform:
            self.check("change")
            self.refuse(data, PLACE)
            return update_user(self.actor, instance, **data)
        self.check("change")
        self.refuse(data, set(data) - set(PLACE))
        change_person(self.actor, instance.pk, **self.place_of(data))
        return instance

    def perform_destroy(self, instance: User) -> None:
        """Platform staff erase the person, who asked for it; a company ends their place in it."""
        self.check("delete")
        if self.is_for_platform:
            erase_user(self.actor, instance.pk)
        else:
            remove_person(self.actor, instance.pk)

    @step("activate", input=ActivateInput)
    def activate(self, instance: User, data: dict[str, Any]) -> User:
        """Opens or closes (`isActive` false) the account; in a company the person's place there."""
        self.check("change")
        if self.is_for_platform:
            return set_user_active(self.actor, instance, **data)
        set_person_active(self.actor, instance.pk, **data)
        return instance

    def refuse(self, data: dict[str, Any], names: Any) -> None:
        """Raises BadInput for what this caller cannot set here."""
        if wrong := [name for name in names if name in data]:
            raise BadInput(errors={camel(name): [_("This field cannot be set.")] for name in wrong})

    def place_of(self, data: dict[str, Any]) -> dict[str, Any]:
        """The rows behind role and branch; those of other companies do not exist."""
        rows = {name: data.pop(f"{name}_id") for name in ("role", "branch") if f"{name}_id" in data}
        models: dict[str, Any] = {"role": Role, "branch": Branch}
        found = {
            name: get_visible(models[name].objects.all(), self.actor, key) if key else None
            for name, key in rows.items()
        }
        return {**data, **found}


class UserView(UserViewSet):
    """POST /users and PATCH /users/{id}: the same, and one's own profile by one's own id."""

    def update(self, request: Request, *args: Any, partial: bool = False, **kwargs: Any) -> Response:
        key: UUID | None = parse_id(self.kwargs["id"])
        if key is None or key != self.actor.user_id:
            return super().update(request, *args, partial=partial, **kwargs)
        self.refuse(request.data, ("email", "phone", "roleId", "branchId", "title"))
        services.update_profile(self.actor, **self.read_body(ProfileInput))
        return self.show_row(selectors.list_people_with_oneself(self.actor).get(pk=key))


URLS = [
    path("users", UserView.as_view({"post": "create"}), name="users"),
    path("users/<uuid:id>", UserView.as_view({"patch": "partial_update"}), name="user"),
]
ROUTES: list[Route] = [route("admin/users", UserViewSet, "admin-user")]
