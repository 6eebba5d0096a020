"""Addresses of a person: what is accepted, and which one is the default."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction

from apps.core.errors import BadInput, NotFound
from apps.platform.accounts import services
from apps.platform.accounts.errors import TooManyAddresses
from apps.platform.accounts.models import Address
from apps.platform.accounts.provinces import PROVINCES, find_province
from apps.platform.accounts.selectors import list_addresses
from apps.platform.audit.models import AuditLog
from apps.platform.organizations.services import build_actor
from tests.factories.accounts import UserFactory
from tests.support.threads import at_once

GOOD = {
    "recipient": "Trần Thị Lan",
    "phone": "0901 234 567",
    "province": "79",
    "ward": "Phường Bến Nghé",
    "street": "188 Trường Chinh",
}


@pytest.fixture
def actor(db):
    return build_actor(UserFactory())


def test_there_are_34_provinces_and_every_old_name_leads_to_one() -> None:
    assert len(PROVINCES) == len({one.code for one in PROVINCES}) == 34
    assert sum(len(one.former) for one in PROVINCES) == 30
    assert [one.code for one in PROVINCES] == sorted(one.code for one in PROVINCES)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("01", "Hà Nội"),
        ("ha noi", "Hà Nội"),
        ("TP. Đà Nẵng", "Đà Nẵng"),
        ("Tỉnh Quảng Nam", "Đà Nẵng"),
        ("tphcm", "Thành phố Hồ Chí Minh"),
        ("TP HCM", "Thành phố Hồ Chí Minh"),
        ("Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("Bình Dương", "Thành phố Hồ Chí Minh"),
        ("Bà Rịa – Vũng Tàu", "Thành phố Hồ Chí Minh"),
        ("Thừa Thiên Huế", "Huế"),
        ("Tỉnh Thái Bình", "Hưng Yên"),
    ],
)
def test_provinces_are_found_as_people_type_them(typed: str, name: str) -> None:
    province = find_province(typed)
    assert province is not None
    assert province.name == name


@pytest.mark.parametrize("typed", ["", "tp", "02", "Atlantis", "tinh"])
def test_what_is_no_province_is_none(typed: str) -> None:
    assert find_province(typed) is None


def test_address_is_kept_in_one_form(actor) -> None:
    row = services.add_address(actor, **{**GOOD, "street": "  188   Trường Chinh "}, kind="office", district="Quận 1")
    assert (row.phone, row.province, row.street, row.kind) == (
        "+84901234567", "Thành phố Hồ Chí Minh", "188 Trường Chinh", "office",
    )  # fmt: skip
    assert (row.district, row.is_default, row.country) == ("Quận 1", True, "VN")
    line = AuditLog.objects.get(action="address.added")
    assert "Trường Chinh" not in f"{line.entity_label}{line.data}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recipient", ""),
        ("recipient", "..."),
        ("recipient", "A" * 121),
        ("phone", "123"),
        ("phone", ""),
        ("province", "Atlantis"),
        ("province", ""),
        ("ward", "!"),
        ("ward", "   "),
        ("street", "?!"),
        ("street", "x" * 201),
        ("district", "x" * 81),
        ("kind", "castle"),
        ("country", "VNM"),
        ("note", "x" * 201),
        ("is_admin", "yes"),
    ],
)
def test_wrong_values_are_refused_beside_their_field(actor, field: str, value: str) -> None:
    with pytest.raises(BadInput) as refusal:
        services.add_address(actor, **{**GOOD, field: value})
    assert refusal.value.field == field
    assert not Address.objects.exists()


def test_everything_wrong_is_told_at_once(actor) -> None:
    with pytest.raises(BadInput) as refusal:
        services.add_address(actor)
    assert set(refusal.value.errors) == {"recipient", "phone", "province", "ward", "street"}


def test_abroad_the_province_is_free(actor) -> None:
    row = services.add_address(actor, **{**GOOD, "country": "in", "phone": "+91 98765 43210", "province": "Kerala"})
    assert (row.country, row.province, row.phone) == ("IN", "Kerala", "+919876543210")


def test_first_is_default_and_another_takes_over(actor) -> None:
    first, second = services.add_address(actor, **GOOD), services.add_address(actor, **GOOD)
    assert (first.is_default, second.is_default) == (True, False)
    third = services.add_address(actor, **GOOD, is_default=True)
    assert defaults(actor) == [third.pk]
    services.make_default_address(actor, second.pk)
    assert defaults(actor) == [second.pk]
    services.make_default_address(actor, second.pk)
    assert AuditLog.objects.filter(action="address.made_default").count() == 1
    services.update_address(actor, first.pk, is_default=True, note="Gọi trước")
    assert defaults(actor) == [first.pk]


def test_default_passes_to_the_newest_when_it_goes(actor) -> None:
    first, _second, third = (services.add_address(actor, **GOOD) for _ in range(3))
    services.remove_address(actor, first.pk)
    assert defaults(actor) == [third.pk]
    services.remove_address(actor, third.pk)
    services.remove_address(actor, list_addresses(actor).get().pk)
    assert defaults(actor) == []


def test_change_touches_what_is_given(actor) -> None:
    row = services.add_address(actor, **GOOD, note="Cổng sau")
    services.update_address(actor, row.pk, street="12 Lê Lợi")
    row.refresh_from_db()
    assert (row.street, row.note, row.is_default) == ("12 Lê Lợi", "Cổng sau", True)
    assert AuditLog.objects.get(action="address.changed").data == {"fields": ["street"]}
    with pytest.raises(BadInput):
        services.update_address(actor, row.pk, ward="")
    row.refresh_from_db()
    assert row.ward == GOOD["ward"]


@pytest.mark.parametrize("change", ["update_address", "remove_address", "make_default_address"])
def test_addresses_of_others_do_not_exist(actor, change: str) -> None:
    row = services.add_address(actor, **GOOD)
    stranger = build_actor(UserFactory())
    for wrong in (row.pk, "no-id"):
        with pytest.raises(NotFound):
            getattr(services, change)(stranger, wrong)
    assert list(list_addresses(actor)) == [row]
    assert not list_addresses(stranger).exists()


def test_fifty_are_enough(actor) -> None:
    services.add_address(actor, **GOOD)
    rows = [
        Address(user_id=actor.user_id, **{**GOOD, "phone": "+84901234567", "province": "Hà Nội"}) for _ in range(49)
    ]
    Address.objects.bulk_create(rows)
    with pytest.raises(TooManyAddresses):
        services.add_address(actor, **GOOD)
    assert Address.objects.count() == 50


def test_database_refuses_a_second_default(actor) -> None:
    row = services.add_address(actor, **GOOD)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        Address.objects.create(user_id=row.user_id, is_default=True, **{**GOOD, "phone": "+84901234567"})


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_exactly_one_default() -> None:
    actor = build_actor(UserFactory())

    def add(number: int) -> None:
        row = services.add_address(actor, **GOOD, is_default=number % 2 == 0)
        if number % 3 == 0:
            services.remove_address(actor, row.pk)

    assert at_once([partial(add, number) for number in range(8)]) == [None] * 8
    assert (Address.objects.count(), len(defaults(actor))) == (5, 1)


def defaults(actor) -> list[object]:
    return list(list_addresses(actor).filter(is_default=True).values_list("pk", flat=True))
