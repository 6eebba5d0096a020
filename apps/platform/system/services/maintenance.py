"""Maintenance mode: everybody but platform staff is asked to come back in a few minutes."""

from typing import Any

from django.db import transaction

from apps.core.actor import Actor
from apps.platform.realtime.services import check_everybody
from apps.platform.system.settings import change_setting, get_setting


def is_closed_for(actor: Actor) -> bool:
    """Whether the platform is in maintenance for this actor."""
    return not actor.is_platform_staff and bool(get_setting("maintenance.is_on"))


def describe_maintenance() -> dict[str, Any]:
    """Whether it is on, with which words, and after how many minutes people should try again."""
    return {name: get_setting(f"maintenance.{name}") for name in ("is_on", "message", "retry_minutes")}


@transaction.atomic
def set_maintenance(
    actor: Actor, *, is_on: bool, message: str | None = None, retry_minutes: int | None = None
) -> dict[str, Any]:
    """Switches it. What is not given stays. Open sockets are asked to come back later, too. Staff only (NotAllowed)."""
    change_setting(actor, "maintenance.is_on", is_on)
    if message is not None:
        change_setting(actor, "maintenance.message", message)
    if retry_minutes is not None:
        change_setting(actor, "maintenance.retry_minutes", retry_minutes)
    transaction.on_commit(check_everybody)
    now_set = {"message": message, "retry_minutes": retry_minutes}
    return {**describe_maintenance(), **{k: v for k, v in now_set.items() if v is not None}, "is_on": is_on}
