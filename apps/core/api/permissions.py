"""Rights are declared per action; what is not declared is refused."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.core.actor import Actor, ActorKind
from apps.core.api.errors import LogInRequired
from apps.core.errors import NotAllowed, SecondFactorRequired

PUBLIC = "public"
AUTHENTICATED = "authenticated"
STAFF = "staff"


def staff_right(permission: str) -> str:
    """For `rights`: platform staff who have Django's own right (`system.view_jobrun`), as in the staff CMS."""
    return f"{STAFF}:{permission}"


def declared_right(view: Any, method: str) -> str | None:
    """What `view.rights` says for its present action, or for the method on a view without actions."""
    action = getattr(view, "action", None) or method.lower()
    same = {"head": "get", "partial_update": "update"}
    rights: dict[str, str] = getattr(view, "rights", {})
    return rights.get(action) or rights.get(same.get(action, ""))


class DeclaredPermission(BasePermission):
    """`rights = {"list": "job_card.view"}`: PUBLIC, AUTHENTICATED, STAFF, a `staff_right()`, or an `area.action`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method not in view.allowed_methods:
            return True  # answered with "method not allowed" right afterwards
        right = declared_right(view, request.method or "")
        if right == PUBLIC:
            return True
        if not view.actor.is_authenticated and view.actor.kind is not ActorKind.DEVICE:
            raise LogInRequired
        if view.actor.must_enrol and not getattr(view, "is_open_while_enrolling", False):
            raise SecondFactorRequired
        if right is None or (right == AUTHENTICATED and view.actor.is_limited):
            raise NotAllowed
        if right.partition(":")[0] == STAFF:
            return check_staff(request, view.actor, right.partition(":")[2])
        if right != AUTHENTICATED:
            view.actor.require(right)
        return True


def check_staff(request: Request, actor: Actor, permission: str) -> bool:
    """Raises NotAllowed for everybody but platform staff with the right of the staff CMS (any, when none is named)."""
    if not actor.is_platform_staff or (permission and not request.user.has_perm(permission)):
        raise NotAllowed
    return True
