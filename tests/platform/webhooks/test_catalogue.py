"""What may leave the house, and its description."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from apps.platform.events.registry import EVENTS
from apps.platform.organizations.roles import SYSTEM_ROLES
from apps.platform.webhooks.documents import describe_events
from apps.platform.webhooks.registry import CATALOGUE, offer

# Attributes that hold words of people, addresses, or another company's business.
NEVER = {
    "reason",
    "technicians",
    "source_id_of_buyer",
    "reduced",
    "lines",
    "ip",
    "user_agent",
    "email",
    "phone",
    "token",
}


def test_every_offered_event_is_one_and_shows_only_known_harmless_fields():
    for name, public in CATALOGUE.items():
        fields = EVENTS[name].__dataclass_fields__
        for field in public.fields:
            assert field.name == "side" or field.source in fields, f"{name} has no {field.source}"
            assert field.source not in NEVER


def test_nothing_about_accounts_is_public():
    assert not [name for name in CATALOGUE if name.startswith(("user.", "notifications."))]


def test_orders_keep_quiet_about_what_they_are_for():
    for name, public in CATALOGUE.items():
        if name.startswith("order."):
            assert not {"source_type", "source_id"} & {field.source for field in public.fields}


def test_an_event_is_offered_once():
    with pytest.raises(ValueError, match="offered twice"):
        offer(EVENTS["order.placed"], label="x", permission="order.view", fields=[])


def test_a_subscriber_can_be_given_each_right():
    known = {code for role in SYSTEM_ROLES.values() for code in role.permissions}
    areas = {code.partition(".")[0] for code in known} | {"settings"}
    assert {one.permission.partition(".")[0] for one in CATALOGUE.values()} <= areas


def test_the_document_is_what_the_code_says():
    with translation.override("en"):
        text = describe_events()
    assert "## order.placed" in text
    assert "| `side` | which side of the document your company is |" in text
    assert (Path(settings.BASE_DIR) / "docs/api/events.md").read_text(encoding="utf-8") == text
