"""Secret links and phone numbers."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from apps.core.errors import BadInput, NotFound
from apps.platform.accounts.errors import LinkExpired
from apps.platform.accounts.links import create_link, open_link, revoke_links
from apps.platform.accounts.models import AccessLink
from apps.platform.accounts.phones import format_phone, normalize_phone
from tests.factories.organizations import OrganizationFactory

START = datetime.fromisoformat("2025-11-20T08:00:00+07:00")


@pytest.mark.django_db
def test_link_opens_its_subject_for_its_purpose_only() -> None:
    organization, subject = OrganizationFactory(), uuid4()
    token = create_link(organization.pk, purpose="estimate", subject_id=subject)
    assert len(token) == 32
    assert not AccessLink.objects.filter(token_hash=token).exists()
    link = open_link("estimate", token)
    assert (link.organization, link.subject_id) == (organization, subject)
    for purpose, text in (("invoice", token), ("estimate", token[:-1]), ("estimate", ""), ("estimate", "\x00é")):
        with pytest.raises(NotFound):
            open_link(purpose, text)


@pytest.mark.django_db
def test_link_expires() -> None:
    with time_machine.travel(START, tick=False) as clock:
        token = create_link(OrganizationFactory().pk, purpose="invoice", subject_id=uuid4(), days=2)
        clock.shift(timedelta(days=2, seconds=-1))
        open_link("invoice", token)
        clock.shift(timedelta(seconds=1))
        with pytest.raises(LinkExpired) as refusal:
            open_link("invoice", token)
    assert (refusal.value.status, refusal.value.rule) == (410, "link_expired")


@pytest.mark.django_db
def test_revoked_links_are_dead_and_others_live() -> None:
    organization, subject = OrganizationFactory(), uuid4()
    dead = [create_link(organization.pk, purpose="estimate", subject_id=subject) for _ in range(2)]
    alive = create_link(organization.pk, purpose="invoice", subject_id=subject)
    assert revoke_links("estimate", subject) == 2
    assert revoke_links("estimate", subject) == 0
    for token in dead:
        with pytest.raises(LinkExpired):
            open_link("estimate", token)
    open_link("invoice", alive)


@pytest.mark.django_db
def test_use_is_noted_every_five_minutes_at_most(django_assert_num_queries) -> None:
    with time_machine.travel(START, tick=False) as clock:
        token = create_link(OrganizationFactory().pk, purpose="estimate", subject_id=uuid4())
        open_link("estimate", token)
        clock.shift(timedelta(minutes=2))
        open_link("estimate", token)
        assert AccessLink.objects.get().last_used_at == START
        clock.shift(timedelta(minutes=4))
        open_link("estimate", token)
        assert AccessLink.objects.get().last_used_at == START + timedelta(minutes=6)


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("0901234567", "VN", "+84901234567"),
        ("84 901 234 567", "VN", "+84901234567"),
        ("(+84) 901-234-567", "VN", "+84901234567"),
        ("028 7300 0101", "VN", "+842873000101"),
        ("098765 43210", "IN", "+919876543210"),
        ("+91 98765 43210", "VN", "+919876543210"),
    ],
)
def test_phones_become_e164(typed: str, country: str, number: str) -> None:
    assert normalize_phone(typed, country) == number


@pytest.mark.parametrize("typed", ["", "abc", "12345", "0901", "090123456789012", "+999123"])
def test_what_is_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(BadInput) as refusal:
        normalize_phone(typed)
    assert refusal.value.field == "phone"


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+84901234567", "0901 234 567"), ("+919876543210", "+91 98765 43210"), (None, ""), ("hotline", "hotline")],
)
def test_phones_are_shown_as_people_read_them(number: str | None, shown: str) -> None:
    assert format_phone(number) == shown
