"""Profile, picture, consents, and another email or phone to log in by."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from PIL import Image

from apps.core.actor import ANONYMOUS
from apps.core.clock import local_date
from apps.core.errors import BadInput, NotFound
from apps.engines.customers.models import Customer
from apps.platform.accounts import services
from apps.platform.accounts.consents import VERSIONS
from apps.platform.accounts.errors import CodeExpired, EmailTaken, LinkExpired, PhoneTaken, WrongCode, WrongPassword
from apps.platform.accounts.links import create_link
from apps.platform.accounts.models import AccessLink, Consent, OneTimeCode, User
from apps.platform.accounts.pictures import picture_url
from apps.platform.accounts.selectors import agrees_to
from apps.platform.accounts.services.codes import hash_code
from apps.platform.accounts.services.contacts import EMAIL, PHONE, confirm_contact_change, request_contact_change
from apps.platform.accounts.services.reset import check_reset_link
from apps.platform.audit.models import AuditLog
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.sealing import unsealed
from apps.platform.organizations.services import build_actor
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.workshop import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return UserFactory(email="lan@gara.demo", phone="+84901234567", first_name="Lan", last_name="Trần Thị")


@pytest.fixture
def actor(user):
    return build_actor(user, ip="203.0.113.7")


def picture(side: int = 900) -> SimpleUploadedFile:
    image, buffer, data = Image.new("RGB", (side, side), "teal"), io.BytesIO(), Image.Exif()
    data[0x010F] = "PhoneMaker"
    data[0x8825] = {1: "N", 2: (10.0, 46.0, 0.0)}
    image.save(buffer, "JPEG", exif=data)
    return SimpleUploadedFile("me.jpg", buffer.getvalue())


def set_code(user: User, purpose: str, digits: str = "123456") -> None:
    """Codes are kept hashed, so the test writes one that it knows."""
    row = OneTimeCode.objects.get(user=user, purpose=purpose, used_at=None)
    row.code_hash = hash_code(row, digits)
    row.save()


def test_profile_keeps_what_is_given(user, actor) -> None:
    born = local_date() - timedelta(days=365 * 30)
    services.update_profile(
        actor, first_name=" Lan  Anh ", bio="Thích xe cổ.\n  Sống ở Huế ", gender="female", birth_date=born,
        timezone="Asia/Tokyo", language="en",
    )  # fmt: skip
    user.refresh_from_db()
    assert (user.full_name, user.bio, user.gender, user.birth_date, user.timezone, user.language) == (
        "Trần Thị Lan Anh", "Thích xe cổ.\nSống ở Huế", "female", born, "Asia/Tokyo", "en",
    )  # fmt: skip
    line = AuditLog.objects.get(action="user.profile_changed")
    assert line.data["fields"] == ["bio", "birth_date", "first_name", "gender", "language", "timezone"]
    assert (line.old_values, line.new_values) == (None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", " "),
        ("last_name", "x" * 81),
        ("bio", "x" * 1001),
        ("gender", "robot"),
        ("language", "fr"),
        ("timezone", "Mars/Base"),
        ("birth_date", local_date() + timedelta(days=2)),
        ("birth_date", local_date().replace(year=1850, day=1)),
        ("is_staff", True),
        ("email", "thief@example.com"),
    ],
)
def test_wrong_profile_changes_nothing(user, actor, field, value) -> None:
    with pytest.raises(BadInput) as refusal:
        services.update_profile(actor, **{"bio": "neu", field: value})
    assert refusal.value.field == field
    user.refresh_from_db()
    assert (user.bio, user.first_name, user.is_staff) == ("", "Lan", False)


def test_picture_is_written_anew_and_the_old_file_goes(user, actor, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        services.set_picture(actor, picture())
    user.refresh_from_db()
    first = user.avatar.name
    with user.avatar.open("rb") as file:
        image = Image.open(file)
        assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (480, 480), {})
    with django_capture_on_commit_callbacks(execute=True):
        services.set_picture(actor, picture(200))
    user.refresh_from_db()
    assert user.avatar.name != first
    assert not user.avatar.storage.exists(first)
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_picture(actor)
    second = user.avatar.name
    user.refresh_from_db()
    assert not user.avatar
    assert not User.avatar.field.storage.exists(second)


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"%PDF-1.4", b"\xff\xd8\xff broken"])
def test_what_is_no_picture_changes_nothing(user, actor, content: bytes) -> None:
    with pytest.raises(BadInput):
        services.set_picture(actor, SimpleUploadedFile("me.jpg", content))
    user.refresh_from_db()
    assert not user.avatar


def test_consents_are_written_once_and_the_newest_holds(user, actor) -> None:
    services.record_consent(actor, kind="terms", source="sign_up")
    services.record_consent(actor, kind="terms", source="sign_up")
    services.record_consent(actor, kind="marketing")
    assert agrees_to(user.pk, "marketing")
    services.record_consent(actor, kind="marketing", is_granted=False)
    assert not agrees_to(user.pk, "marketing")
    rows = Consent.objects.order_by("pk").values_list("kind", "version", "is_granted", "source", "ip")
    assert list(rows) == [
        ("terms", VERSIONS["terms"], True, "sign_up", "203.0.113.7"),
        ("marketing", VERSIONS["marketing"], True, "", "203.0.113.7"),
        ("marketing", VERSIONS["marketing"], False, "", "203.0.113.7"),
    ]
    with pytest.raises(BadInput):
        services.record_consent(actor, kind="everything")


def test_marketing_consent_reaches_the_companies(user, actor) -> None:
    own, other = CustomerFactory(user=user), CustomerFactory(has_marketing_consent=True)
    services.record_consent(actor, kind="marketing")
    assert list(Customer.objects.filter(has_marketing_consent=True).order_by("code")) == [own, other]
    services.record_consent(actor, kind="marketing", is_granted=False)
    assert list(Customer.objects.filter(has_marketing_consent=True)) == [other]


@pytest.mark.parametrize("change", [{"is_granted": False}, {"version": "9"}, {"kind": "privacy"}, {"ip": None}])
def test_the_database_keeps_consents_as_they_are(actor, change) -> None:
    row = services.record_consent(actor, kind="terms")
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Consent.objects.filter(pk=row.pk).update(**change)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        row.delete()


def test_only_the_address_of_a_consent_may_be_erased(actor) -> None:
    row = services.record_consent(actor, kind="terms")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL baylink.erase = 'on'")
        Consent.objects.filter(pk=row.pk).update(ip=None)
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            Consent.objects.filter(pk=row.pk).update(is_granted=False)
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            row.delete()
        cursor.execute("SET LOCAL baylink.erase = 'off'")
    row.refresh_from_db()
    assert (row.ip, row.is_granted) == (None, True)


def test_new_email_needs_password_and_code_and_the_old_one_is_told(user, actor) -> None:
    request_contact_change(actor, EMAIL, address=" LAN.moi@Example.com ", password=PASSWORD)
    row = OneTimeCode.objects.get()
    assert (row.address, row.purpose, row.channel) == ("lan.moi@example.com", "email_change", "email")
    user.refresh_from_db()
    assert user.email == "lan@gara.demo"
    set_code(user, "email_change")
    confirm_contact_change(actor, EMAIL, code="123456")
    user.refresh_from_db()
    assert user.email == "lan.moi@example.com"
    assert user.email_verified_at is not None
    letter = Delivery.objects.get(type="user.contact_changed")
    assert (letter.address, letter.channel) == ("lan@gara.demo", "email")
    assert "lan.moi" not in unsealed(letter).body
    with pytest.raises(CodeExpired):
        confirm_contact_change(actor, EMAIL, code="123456")


def test_reset_link_in_the_old_address_dies_with_the_change(user, actor) -> None:
    token = create_link(None, purpose=AccessLink.Purpose.PASSWORD_RESET, subject_id=user.pk, minutes=60)
    request_contact_change(actor, EMAIL, address="new@example.com", password=PASSWORD)
    set_code(user, "email_change")
    check_reset_link(token)
    confirm_contact_change(actor, EMAIL, code="123456")
    with pytest.raises(LinkExpired):
        check_reset_link(token)


def test_new_phone_is_proven_too(user, actor) -> None:
    request_contact_change(actor, PHONE, address="0912 345 678", password=PASSWORD)
    set_code(user, "phone_change")
    confirm_contact_change(actor, PHONE, code=" 123 456 ")
    user.refresh_from_db()
    assert user.phone == "+84912345678"
    told = Delivery.objects.filter(type="user.contact_changed").values_list("channel", "address")
    assert set(told) == {("email", "lan@gara.demo"), ("sms", "+84901234567")}


@pytest.mark.parametrize(
    ("contact", "address", "password", "fault"),
    [
        (EMAIL, "new@example.com", "wrong", WrongPassword),
        (EMAIL, "no address", PASSWORD, BadInput),
        (EMAIL, "lan@gara.demo", PASSWORD, BadInput),
        (PHONE, "123", PASSWORD, BadInput),
        (PHONE, "0901234567", PASSWORD, BadInput),
    ],
)
def test_refused_change_sends_no_code(user, actor, contact, address, password, fault) -> None:
    with pytest.raises(fault):
        request_contact_change(actor, contact, address=address, password=password)
    assert not OneTimeCode.objects.exists()


def test_wrong_code_changes_nothing(user, actor) -> None:
    request_contact_change(actor, EMAIL, address="new@example.com", password=PASSWORD)
    set_code(user, "email_change")
    with pytest.raises(WrongCode):
        confirm_contact_change(actor, EMAIL, code="654321")
    user.refresh_from_db()
    assert (user.email, OneTimeCode.objects.get().tries) == ("lan@gara.demo", 1)


def test_address_of_somebody_else_is_told_only_to_who_reads_it(user, actor) -> None:
    UserFactory(email="taken@example.com")
    request_contact_change(actor, EMAIL, address="taken@example.com", password=PASSWORD)
    set_code(user, "email_change")
    with pytest.raises(EmailTaken):
        confirm_contact_change(actor, EMAIL, code="123456")
    user.refresh_from_db()
    assert user.email == "lan@gara.demo"


def test_phone_of_somebody_else_is_refused_when_it_is_proven(user, actor) -> None:
    UserFactory(phone="+84912345678")
    request_contact_change(actor, PHONE, address="0912345678", password=PASSWORD)
    set_code(user, "phone_change")
    with pytest.raises(PhoneTaken):
        confirm_contact_change(actor, PHONE, code="123456")
    user.refresh_from_db()
    assert user.phone == "+84901234567"


def test_strangers_have_no_profile() -> None:
    with pytest.raises(NotFound):
        services.update_profile(ANONYMOUS, bio="x")


def test_the_menu_shows_ones_own_picture(actor, django_capture_on_commit_callbacks) -> None:
    user = User.objects.get(pk=actor.user_id)
    client = Client()
    client.force_login(user)

    def menu() -> str:
        return client.get("/account/security/").content.decode().partition("person-menu")[2].partition("</summary>")[0]

    assert "<img" not in menu()
    with django_capture_on_commit_callbacks(execute=True):
        services.set_picture(actor, picture(60))
    user.refresh_from_db()
    assert f'<img src="{picture_url(user)}"' in menu()
    assert picture_url(user) not in Client().get("/login/").content.decode()
