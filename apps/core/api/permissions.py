"""Rights are declared per action; what is not declared is refused."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.core.api.errors import LogInRequired
from apps.core.errors import NotAllowed

PUBLIC = "public"
AUTHENTICATED = "authenticated"


def declared_right(view: Any, method: str) -> str | None:
    """What `view.rights` says for its present action, or for the method on a view without actions."""
    action = getattr(view, "action", None) or method.lower()
    same = {"head": "get", "partial_update": "update"}
    rights: dict[str, str] = getattr(view, "rights", {})
    return rights.get(action) or rights.get(same.get(action, ""))


class DeclaredPermission(BasePermission):
    """`rights = {"list": "job_card.view"}`: PUBLIC, AUTHENTICATED or an `area.action` that the actor must have."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method not in view.allowed_methods:
            return True  # answered with "method not allowed" right afterwards
        right = declared_right(view, request.method or "")
        if right == PUBLIC:
            return True
        if not view.actor.is_authenticated:
            raise LogInRequired
        if right is None:
            raise NotAllowed
        if right != AUTHENTICATED:
            view.actor.require(right)
        return True
