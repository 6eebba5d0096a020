"""Codes and links of security messages are readable by nobody while they wait, and gone when they are out or dead."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from apps.core.crypto import CannotDecrypt
from apps.platform.notifications.errors import TextGone
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.sealing import MASK, unsealed
from apps.platform.notifications.services import notify_address, send_again, send_due_deliveries
from apps.platform.notifications.services.outcome import end_address, fail
from tests.factories.accounts import UserFactory
from tests.factories.actors import actor_for
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db
CODE = "730519"


@pytest.fixture
def code() -> Delivery:
    """A code that waits to be sent by email."""
    notify_address(
        "account.code",
        organization_id=OrganizationFactory().pk,
        language="vi",
        context={"code": CODE, "minutes": 10, "purpose": "login_2fa"},
        dedupe="code",
        email="lan@gara.demo",
    )
    return Delivery.objects.get()


def columns_of(row: Delivery) -> str:
    """Everything that the table holds of the message, as the database sees it."""
    values = Delivery.objects.filter(pk=row.pk).values().get()
    return " ".join(
        bytes(one).decode("latin-1") if isinstance(one, memoryview) else str(one) for one in values.values()
    )


def test_a_waiting_code_is_readable_in_no_column(code: Delivery) -> None:
    assert (code.subject, code.body, code.url) == ("", "", "")
    assert CODE not in columns_of(code)
    assert CODE in unsealed(code).body


def test_the_text_of_one_row_opens_nowhere_else(code: Delivery) -> None:
    other = Delivery.objects.create(type="account.code", channel="email", address="x@y.demo", dedupe_key="other")
    other.sealed = code.sealed
    with pytest.raises(CannotDecrypt):
        unsealed(other)


def test_staff_see_a_mask_and_export_nothing(code: Delivery, client: Client) -> None:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    address = "/admin/notifications/delivery/"
    page = client.get(f"{address}{code.pk}/change/").content.decode()
    assert MASK in page
    assert "lan@gara.demo" in page
    assert CODE not in page
    assert CODE not in client.get(address).content.decode()
    answer = client.post(address, {"action": "export_csv", "_selected_action": [str(code.pk)]})
    text = b"".join(answer) if answer.streaming else answer.content
    head, row = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))[:2]
    assert "lan@gara.demo" in row
    assert CODE not in " ".join(row)
    assert len(head) == len(row)


def test_the_company_sees_no_text_while_it_waits(code: Delivery) -> None:
    actor = actor_for("owner", organization=code.organization)
    browser = Client()
    browser.force_login(UserFactory._meta.model.objects.get(pk=actor.user_id))
    page = browser.get(f"/garage/messages/{code.pk}/").content.decode()
    assert "lan@gara.demo" in page
    assert CODE not in page


def test_the_receiver_gets_it_and_then_it_is_gone(code: Delivery, settings: Any, mailoutbox: list[Any]) -> None:
    settings.EMAIL_PROVIDER = "smtp"
    assert send_due_deliveries() == 1
    assert CODE in mailoutbox[0].body
    code.refresh_from_db()
    assert (code.state, code.sealed, code.body) == ("sent", None, "")


@pytest.mark.parametrize("end", [fail, end_address])
def test_a_dead_one_is_blanked_and_cannot_be_sent_again(code: Delivery, end: Any) -> None:
    end(code, "no such mailbox")
    code.refresh_from_db()
    assert (code.sealed, code.body, code.error) == (None, "", "no such mailbox")
    if code.state == Delivery.State.FAILED:
        with pytest.raises(TextGone):
            send_again(actor_for("owner", organization=code.organization), code)
        code.refresh_from_db()
        assert code.state == Delivery.State.FAILED


def test_a_demo_inbox_shows_it(code: Delivery) -> None:
    assert CODE in Client().get("/dev/inbox/").content.decode()


def test_other_messages_stay_readable() -> None:
    notify_address(
        "test.message", organization_id=None, language="vi", context={"note": "Xin chào"}, dedupe="t", email="a@b.demo"
    )
    row = Delivery.objects.get()
    assert (row.sealed, "Xin chào" in row.body) == (None, True)
