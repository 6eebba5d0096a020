"""The pages of one's own account in the browser."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from apps.core.clock import now
from apps.platform.accounts import services
from apps.platform.accounts.models import AccessLink, Address, Consent, OneTimeCode, User
from apps.platform.accounts.selectors import agrees_to
from apps.platform.accounts.services.own_data import JOB, forget_own_data
from apps.platform.audit.models import AuditLog
from apps.platform.notifications.models import Delivery, Notification
from apps.platform.organizations.services import build_actor
from apps.platform.system.jobs.running import run_next
from apps.platform.system.models import JobRun
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.organizations import MembershipFactory, OrganizationFactory
from tests.platform.accounts.test_addresses import GOOD
from tests.platform.accounts.test_person import picture, set_code

pytestmark = pytest.mark.django_db
PAGES = [
    "account", "account-security", "account-devices", "account-addresses", "account-address-add", "account-privacy",
    "account-erase", "account-email", "account-phone",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def user() -> User:
    return UserFactory(email="lan@gara.demo", phone="+84901234567", first_name="Lan", last_name="Trần Thị")


@pytest.fixture
def client(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("is_member", [True, False])
def test_every_page_opens_in_both_languages(client, user, name: str, is_member: bool) -> None:
    if is_member:
        MembershipFactory(user=user)
    services.add_address(build_actor(user), **GOOD)
    page = client.get(reverse(name))
    assert page.status_code == 200
    text = page.content.decode()
    assert 'aria-current="page"' in text
    for label in ("Hồ sơ", "Bảo mật", "Thiết bị", "Địa chỉ", "Thông báo", "Quyền riêng tư"):
        assert label in text
    client.cookies["language"] = "en"
    assert "Privacy" in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", [*PAGES, "account-marketing", "account-data-request", "account-picture"])
def test_strangers_log_in_first(name: str) -> None:
    for answer in (Client().get(reverse(name)), Client().post(reverse(name))):
        assert (answer.status_code, answer["Location"].startswith("/login/")) == (302, True)


def test_whole_profile_is_saved(client, user) -> None:
    data = {
        "first_name": "Lan", "last_name": "Trần", "birth_date": "1990-02-03", "gender": "female", "language": "en",
        "timezone": "Asia/Tokyo", "bio": "Thích xe cổ",
    }  # fmt: skip
    assert client.post(reverse("account-profile"), data)["Location"] == "/account/"
    user.refresh_from_db()
    assert (str(user.birth_date), user.gender, user.timezone, user.bio) == (
        "1990-02-03", "female", "Asia/Tokyo", "Thích xe cổ",
    )  # fmt: skip
    refused = client.post(reverse("account-profile"), {**data, "birth_date": "2990-01-01", "bio": "neu"})
    assert refused.status_code == 422
    assert "neu" in refused.content.decode()
    user.refresh_from_db()
    assert user.bio == "Thích xe cổ"


def test_zone_that_is_not_offered_stays(client, user) -> None:
    User.objects.filter(pk=user.pk).update(timezone="Africa/Nairobi")
    assert "Africa/Nairobi" in client.get("/account/").content.decode()


def test_picture_is_shown_by_its_signed_address_only(client, user) -> None:
    assert client.post(reverse("account-picture"), {"upload": picture(200)})["Location"] == "/account/"
    user.refresh_from_db()
    page = client.get("/account/").content.decode()
    start = page.index("/people/")
    address = page[start : page.index('"', start)]
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    b"".join(answer.streaming_content)
    assert Client().get(f"/people/{user.pk}/picture/{'x' * 43}").status_code == 404
    client.post(reverse("account-picture"), {"upload": picture(100)})
    assert Client().get(address).status_code == 404
    assert client.post(reverse("account-picture-remove"))["Location"] == "/account/"
    assert "/people/" not in client.get("/account/").content.decode()


def test_what_is_no_picture_is_refused_in_the_form(client, user) -> None:
    file = io.BytesIO(b"<svg onload=alert(1)>")
    file.name = "a.jpg"
    assert client.post(reverse("account-picture"), {"upload": file}).status_code == 422
    user.refresh_from_db()
    assert not user.avatar


def test_email_is_changed_in_two_steps(client, user) -> None:
    refused = client.post(reverse("account-email"), {"address": "new@example.com", "password": "wrong"})
    assert refused.status_code == 422
    assert client.get(reverse("account-email-confirm"))["Location"] == reverse("account-email")
    answer = client.post(reverse("account-email"), {"address": "new@example.com", "password": PASSWORD})
    assert answer["Location"] == reverse("account-email-confirm")
    assert "new@example.com" in client.get(answer["Location"]).content.decode()
    set_code(user, "email_change")
    assert client.post(answer["Location"], {"code": "000000"}).status_code == 422
    assert client.post(answer["Location"], {"code": "123456"})["Location"] == "/account/"
    user.refresh_from_db()
    assert user.email == "new@example.com"
    assert client.get("/account/").status_code == 200


def test_phone_is_changed_in_two_steps(client, user) -> None:
    answer = client.post(reverse("account-phone"), {"address": "0912 345 678", "password": PASSWORD})
    assert "0912 345 678" in client.get(answer["Location"]).content.decode()
    again = client.post(reverse("account-phone"), {"address": "0912 345 679", "password": PASSWORD})
    assert again.status_code == 422
    assert OneTimeCode.objects.count() == 1
    set_code(user, "phone_change")
    client.post(answer["Location"], {"code": "123456"})
    user.refresh_from_db()
    assert user.phone == "+84912345678"


def test_addresses_are_kept_by_hand(client, user) -> None:
    typed = {**GOOD, "province": "Huế", "kind": "home"}
    assert client.post(reverse("account-address-add"), {**typed, "ward": ""}).status_code == 422
    assert client.post(reverse("account-address-add"), {**typed, "phone": "12"}).status_code == 422
    assert not Address.objects.exists()
    assert client.post(reverse("account-address-add"), typed)["Location"] == "/account/addresses/"
    client.post(reverse("account-address-add"), {**typed, "street": "12 Lê Lợi"})
    first, second = Address.objects.order_by("pk")
    page = client.get("/account/addresses/").content.decode()
    assert "12 Lê Lợi, Phường Bến Nghé, Huế" in page
    assert "0901 234 567" in page
    client.post(reverse("account-address-default", args=[second.pk]))
    assert list(Address.objects.filter(is_default=True)) == [second]
    assert "12 Lê Lợi" in client.get(reverse("account-address", args=[second.pk])).content.decode()
    client.post(reverse("account-address", args=[second.pk]), {**typed, "street": "13 Lê Lợi", "is_default": "on"})
    client.post(reverse("account-address-remove", args=[first.pk]))
    assert [(row.street, row.is_default) for row in Address.objects.all()] == [("13 Lê Lợi", True)]


@pytest.mark.parametrize("name", ["account-address", "account-address-remove", "account-address-default"])
def test_addresses_of_others_are_not_found(client, name: str) -> None:
    row = services.add_address(build_actor(UserFactory()), **GOOD)
    assert client.post(reverse(name, args=[row.pk]), GOOD).status_code == 404
    assert Address.objects.get() == row


def test_marketing_is_switched_on_and_off(client, user) -> None:
    client.post(reverse("account-marketing"), {"is_granted": "on"})
    assert agrees_to(user.pk, "marketing")
    client.post(reverse("account-marketing"))
    assert not agrees_to(user.pk, "marketing")
    assert Consent.objects.filter(source="account").count() == 2
    assert "Bạn đã rút lại" in client.get(reverse("account-privacy")).content.decode()


def test_own_data_comes_by_a_job_a_message_and_a_link(client, user) -> None:
    services.add_address(build_actor(user), **GOOD)
    assert client.post(reverse("account-data-request"))["Location"] == "/account/privacy/"
    client.post(reverse("account-data-request"))
    assert JobRun.objects.filter(name=JOB, user=user).count() == 1
    assert "data-live" in client.get("/account/privacy/").content.decode()
    job = run_next(JOB)
    assert job.state == JobRun.State.DONE
    assert Notification.objects.get(user=user, type="user.data_ready").url == "/account/privacy/"
    assert Delivery.objects.filter(type="user.data_ready", address=user.email).count() == 1
    link = AccessLink.objects.get(purpose="data_download")
    assert link.expires_at - now() > timedelta(days=6, hours=23)
    assert job.result["url"] in client.get("/account/privacy/").content.decode()
    answer = client.get(job.result["url"])
    assert (answer["Content-Type"], "attachment" in answer["Content-Disposition"]) == ("application/zip", True)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "188 Trường Chinh" in archive.read("accounts.json").decode()
    actions = AuditLog.objects.filter(entity_id=user.pk).values_list("action", flat=True)
    assert {"user.data_exported", "user.data_downloaded"} <= set(actions)


def test_download_is_for_its_owner_and_for_seven_days(client, user) -> None:
    client.post(reverse("account-data-request"))
    url = run_next(JOB).result["url"]
    stranger, staff = Client(), Client()
    stranger.force_login(UserFactory())
    staff.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert (stranger.get(url).status_code, staff.get(url).status_code) == (404, 404)
    assert Client().get(url)["Location"].startswith("/login/")
    AccessLink.objects.update(expires_at=now() - timedelta(seconds=1))
    assert client.get(url).status_code == 410
    assert url not in client.get("/account/privacy/").content.decode()


def test_old_downloads_are_cleaned_away(client, django_capture_on_commit_callbacks) -> None:
    client.post(reverse("account-data-request"))
    url = run_next(JOB).result["url"]
    assert forget_own_data(before=now()) == 0
    AccessLink.objects.update(expires_at=now() - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_own_data(before=now()) == 1
    assert client.get(url).status_code == 404


def test_account_is_deleted_by_password_and_tick(client, user) -> None:
    page = reverse("account-erase")
    assert client.post(page, {"password": PASSWORD}).status_code == 422
    assert client.post(page, {"password": "wrong", "is_sure": "on"}).status_code == 400
    user.refresh_from_db()
    assert user.erased_at is None
    assert client.post(page, {"password": PASSWORD, "is_sure": "on"})["Location"] == "/login/"
    user.refresh_from_db()
    assert user.erased_at is not None
    assert client.get("/account/").status_code == 302
    answer = Client().post("/login/", {"identifier": "lan@gara.demo", "password": PASSWORD})
    assert answer.status_code == 401


def test_last_owner_reads_which_company_holds_them(client, user) -> None:
    MembershipFactory(user=user, organization=OrganizationFactory(name="Gara Minh Phát"))
    answer = client.post(reverse("account-erase"), {"password": PASSWORD, "is_sure": "on"})
    assert answer.status_code == 422
    assert "Gara Minh Phát" in answer.content.decode()
    user.refresh_from_db()
    assert user.erased_at is None


def test_the_first_page_knows_who_is_there() -> None:
    client = Client()

    def header() -> str:
        return client.get("/").content.decode().partition("<header")[2].partition("</header>")[0]

    assert "/login/" in header()
    client.force_login(UserFactory())
    customer = header()
    assert "/login/" not in customer
    assert reverse("start") in customer
    assert reverse("choose") not in customer
    client.force_login(MembershipFactory().user)
    assert reverse("choose") in header()
