"""Terms and privacy notice: readable by everybody, in both languages, and tied to what people agree to."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from apps.core.testing.relay import run_relay
from apps.platform.accounts import consents
from apps.platform.accounts.consents import VERSIONS
from apps.platform.accounts.models import Consent
from apps.platform.accounts.services.sign_up import Origin, sign_up, verify_sign_up
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.sealing import unsealed
from apps.platform.system.settings import store_setting
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PERSON: dict[str, Any] = {"email": "lan@gara.demo", "password": "xe-may-cu-79", "first_name": "Lan"}


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def read(client: Client, path: str, language: str = "vi") -> str:
    client.cookies["language"] = language
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("path", "kind", "vi", "en"),
    [
        ("/terms/", "terms", "Pháp luật Việt Nam được áp dụng", "The law of Vietnam applies"),
        ("/privacy/", "privacy", "91/2025/QH15", "Law on Personal Data Protection No. 91/2025/QH15"),
    ],
)
def test_strangers_read_both_texts_with_version_and_date(
    client: Client, path: str, kind: str, vi: str, en: str
) -> None:
    year, month, day = VERSIONS[kind].split("-")
    for language, words in (("vi", vi), ("en", en)):
        page = read(client, path, language)
        assert words in page
        assert VERSIONS[kind] in page
        assert f"{day}/{month}/{year}" in page


def test_the_operator_is_named_as_set(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    assert "mã số thuế" not in read(client, "/privacy/")
    with django_capture_on_commit_callbacks(execute=True):
        store_setting("legal.operator_name", "Công ty Cổ phần Vịnh Xanh")
        store_setting("legal.operator_tax_code", "0312345678")
        store_setting("legal.privacy_email", "dulieu@vinhxanh.demo")
    for path in ("/privacy/", "/terms/"):
        page = read(client, path)
        assert "<strong>Công ty Cổ phần Vịnh Xanh</strong>" in page
        assert "mã số thuế: 0312345678" in page
        assert 'href="mailto:dulieu@vinhxanh.demo"' in page


@pytest.mark.parametrize("path", ["/", "/sign-up/", "/terms/"])
def test_public_pages_lead_to_both(client: Client, path: str) -> None:
    page = read(client, path)
    assert 'href="/terms/"' in page
    assert 'href="/privacy/"' in page


def test_a_sign_up_keeps_the_wording_that_was_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = VERSIONS["terms"]
    row = sign_up(**PERSON, origin=Origin())
    monkeypatch.setitem(consents.VERSIONS, "terms", "2031-01-01")
    run_relay()
    code = re.search(r"\b\d{6}\b", unsealed(Delivery.objects.get(address="lan@gara.demo")).body)[0]
    user = verify_sign_up(row.pk, code=code, origin=Origin())
    assert dict(Consent.objects.filter(user=user).values_list("kind", "version")) == {
        "terms": shown,
        "privacy": VERSIONS["privacy"],
    }


def test_records_lead_to_the_wording_only_while_it_holds(client: Client) -> None:
    user = UserFactory.create()
    for kind, version in (("terms", VERSIONS["terms"]), ("privacy", "2020-01-01")):
        Consent.objects.create(user=user, kind=kind, version=version, is_granted=True)
    client.force_login(user)
    table = read(client, "/account/privacy/").partition("<table")[2].partition("</table>")[0]
    assert 'href="/terms/"' in table
    assert 'href="/privacy/"' not in table
    assert "2020-01-01" in table
