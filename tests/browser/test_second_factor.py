"""Passkeys with a device that answers like a phone's fingerprint reader, and the authenticator app, in a real browser."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from apps.platform.accounts.services import second_factor
from apps.platform.organizations.models import Organization
from tests.browser.people import People, Person
from tests.browser.stack import Stack
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.organizations import MembershipFactory
from tests.factories.second_factor import code_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGE = "/account/second-factor/"


def come(people: People, stack: Stack, *, on_phone: bool) -> Person:
    """Somebody who looks at the site by its name: passkeys belong to names, not to numbers."""
    person = people.come("lan", on_phone=on_phone, base_url=f"http://localhost:{stack.port}")
    person.address = f"http://localhost:{stack.port}"
    return person


def give_fingerprint_reader(page: Page) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def picture(page: Page, name: str) -> None:
    """For a careful eye, when asked for."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def type_password(person: Person, email: str) -> None:
    person.open("/login/")
    person.page.locator("#id_identifier").fill(email)
    person.page.locator("#id_password").fill(PASSWORD)
    person.page.locator("form", has=person.page.locator("#id_identifier")).locator("[type=submit]").first.click()


@pytest.mark.parametrize("on_phone", [True, False], ids=["phone", "desk"])
def test_passkey_is_made_and_logs_in(people: People, stack: Stack, on_phone: bool) -> None:
    user = MembershipFactory(user=UserFactory(email="lan@gara.demo")).user
    person = come(people, stack, on_phone=on_phone)
    page, look = person.page, "phone" if on_phone else "desk"
    give_fingerprint_reader(page)
    type_password(person, user.email)
    expect(page).not_to_have_url(re.compile("/login/"))
    person.open(PAGE)
    picture(page, f"{look}-1-none")
    page.locator(f'a[href^="{PAGE}passkey/"]').click()
    page.locator("#id_name").fill("Điện thoại của Lan")
    picture(page, f"{look}-2-passkey")
    page.locator("form[data-passkey] [type=submit]").click()
    expect(page.locator("[data-recovery-codes] li")).to_have_count(10)
    picture(page, f"{look}-3-codes")
    person.open(PAGE)
    expect(page.get_by_text("Điện thoại của Lan")).to_be_visible()
    picture(page, f"{look}-4-list")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert second_factor.methods_of(user) == ["passkey", "recovery_code"]
    page.context.clear_cookies()
    type_password(person, user.email)
    expect(page).to_have_url(re.compile("/login/second/"))
    picture(page, f"{look}-5-second")
    page.locator("form[data-passkey] [type=submit]").click()
    expect(page).not_to_have_url(re.compile("/login/"))
    person.open("/account/")
    expect(page).to_have_url(re.compile("/account/$"))


def test_member_of_a_strict_company_sets_the_app_up_first(people: People, stack: Stack) -> None:
    member = MembershipFactory(user=UserFactory(email="lan@gara.demo"))
    Organization.objects.update(requires_second_factor=True)
    person = come(people, stack, on_phone=True)
    page = person.page
    type_password(person, member.user.email)
    expect(page).to_have_url(re.compile(re.escape(PAGE)))
    picture(page, "strict-1-must")
    page.locator(f'form[action="{PAGE}totp/"] [type=submit]').click()
    secret = page.locator("[data-copy]").get_attribute("data-copy") or ""
    picture(page, "strict-2-app")
    page.locator("#id_code").fill(code_of(secret))
    page.locator("form", has=page.locator("#id_code")).locator("[type=submit]").click()
    expect(page.locator("[data-recovery-codes] li")).to_have_count(10)
    picture(page, "strict-3-codes")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("main .btn-primary").click()
    expect(page).not_to_have_url(re.compile(re.escape(PAGE)))
    page.context.clear_cookies()
    type_password(person, member.user.email)
    picture(page, "strict-4-second")
    page.locator("#id_code").fill(code_of(secret, steps=1))
    page.locator("form", has=page.locator("#id_code")).locator("[type=submit]").click()
    expect(page).not_to_have_url(re.compile("/login/"))
