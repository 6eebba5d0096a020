"""Reactions to events, inside a test."""

from importlib import import_module

from django.apps import apps

_ROUNDS = 20


class ReactionFailed(AssertionError):
    """A reaction raised; the message names it."""


def run_relay() -> int:
    """Relays until nothing is left to do, as the worker does; returns how many events were relayed.

    Raises ReactionFailed when a reaction fails, so that a test sees the reason and not just a missing result.
    """
    events = apps.get_app_config("events")
    outbox = events.get_model("OutboxEvent")
    relay = import_module(f"{events.name}.relay")
    relayed = 0
    for _ in range(_ROUNDS):
        found = relay.relay_outbox()
        relayed += found
        if not found:
            break
    failed = outbox.objects.filter(relayed_at__isnull=True).exclude(last_error="").first()
    if failed is not None:
        raise ReactionFailed(f"{failed.name}: {failed.last_error}")
    return relayed
