"""Pages for people without a log-in: booking, appointment, estimate."""

import base64
from datetime import timedelta

import pytest
from django.test import Client

from apps.core.clock import now
from apps.core.testing.relay import run_relay
from apps.platform.accounts.links import create_link
from apps.platform.accounts.models import AccessLink
from apps.platform.notifications.models import Delivery
from apps.verticals.workshop.models import Appointment, EstimateDecision
from tests.verticals.workshop import visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> visits.World:
    return visits.make_world()


def booking(**changes: str) -> dict[str, str]:
    return {
        "service": "OIL",
        "starts_at": visits.tomorrow(9).isoformat(),
        "name": "Lê Minh Khoa",
        "phone": "0903 123 456",
        "email": "khoa@example.com",
        "plate": "51g12345",
        **changes,
    }


def test_booking_leads_to_the_visitors_own_page_and_messages(client: Client, world) -> None:
    url = f"/g/{world.garage.organization.slug}/"
    page = client.get(url)
    assert page.status_code == 200
    assert "Thay dầu động cơ" in page.content.decode()
    answer = client.post(url, booking())
    assert answer.status_code == 302
    assert "LH-" in client.get(answer.url).content.decode()
    assert Appointment.objects.get().channel == "web"
    run_relay()
    sms = Delivery.objects.get(channel="sms")
    assert "/a/" in sms.body


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"plate": "hello"}, 400),
        ({"phone": "12"}, 400),
        ({"starts_at": ""}, 422),
        ({"starts_at": "2020-01-01T09:00:00+07:00"}, 409),
        ({"service": "NONE"}, 400),
        ({"name": "<script>alert(1)</script>" + "x" * 200}, 422),
        ({"email": "not-an-email"}, 422),
    ],
)
def test_bad_bookings_keep_what_was_typed_and_leave_nothing(client: Client, world, changes: dict, status: int) -> None:
    answer = client.post(f"/g/{world.garage.organization.slug}/", booking(**changes))
    assert answer.status_code == status
    page = answer.content.decode()
    assert "khoa@example.com" in page or "email" in changes
    assert "<script>alert" not in page
    assert not Appointment.objects.exists()


def test_a_taken_time_is_refused_with_the_form_kept(client: Client, world) -> None:
    url = f"/g/{world.garage.organization.slug}/"
    for plate in ("51g11111", "51g22222"):
        client.post(url, booking(plate=plate, name=f"Khách {plate}"))
    answer = client.post(url, booking(plate="51g33333"))
    assert answer.status_code == 409
    assert "51G33333" in answer.content.decode().upper()
    assert Appointment.objects.count() == 2


def test_visitors_cancel_their_own_appointment_once(client: Client, world) -> None:
    appointment = visits.book(world)
    token = create_link(world.garage.organization.pk, purpose="appointment", subject_id=appointment.pk)
    assert client.post(f"/a/{token}/").status_code == 302
    appointment.refresh_from_db()
    assert appointment.state == "cancelled"
    assert client.post(f"/a/{token}/").status_code == 422
    assert client.get("/a/forged/").status_code == 404


def test_unknown_and_suspended_garages_do_not_exist(client: Client, world) -> None:
    assert client.get("/g/nowhere/").status_code == 404
    organization = world.garage.organization
    organization.status = "suspended"
    organization.save()
    assert client.get(f"/g/{organization.slug}/").status_code == 404


class TestEstimatePage:
    @pytest.fixture
    def made(self, world):
        return visits.estimate(world, visits.check_in(world))

    @pytest.fixture
    def url(self, world, made) -> str:
        token = create_link(world.garage.organization.pk, purpose="estimate", subject_id=made.job_card_id)
        return f"/e/{token}/"

    def answer(self, made, **changes: str) -> dict[str, str]:
        lines = {f"line-{line.pk}": "approved" for line in made.lines.all()}
        signature = "data:image/png;base64," + base64.b64encode(visits.png()).decode()
        return {**lines, "name": "Khoa", "document_hash": made.document_hash, "signature": signature, **changes}

    def test_the_customer_decides_and_sees_the_answer(self, client: Client, made, url) -> None:
        page = client.get(url).content.decode()
        assert "Còn 2 mm" in page
        assert made.document_hash in page
        line = made.lines.get(description="Rửa xe")
        data = self.answer(made, **{f"line-{line.pk}": "declined", f"reason-{line.pk}": "Tự rửa"})
        assert client.post(url, data).status_code == 302
        line.refresh_from_db()
        assert (line.decision, line.decline_reason) == ("declined", "Tự rửa")
        assert "Tự rửa" in client.get(url).content.decode()

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"document_hash": "0" * 64}, 409),
            ({"signature": ""}, 400),
            ({"signature": "data:image/png;base64,AAAA"}, 400),
            ({"signature": "javascript:alert(1)"}, 400),
            ({"name": ""}, 400),
            ({"line-00000000-0000-7000-8000-000000000000": "approved"}, 400),
        ],
    )
    def test_bad_answers_leave_nothing(self, client: Client, made, url, changes: dict, status: int) -> None:
        assert client.post(url, self.answer(made, **changes)).status_code == status
        made.refresh_from_db()
        assert made.state == "sent"
        assert not EstimateDecision.objects.exists()

    def test_a_typed_name_signs_too(self, client: Client, made, url) -> None:
        assert client.post(url, self.answer(made, signature="", signed_name="Lê Minh Khoa")).status_code == 302
        assert EstimateDecision.objects.get().signature is None

    def test_twice_and_too_late(self, client: Client, made, url) -> None:
        client.post(url, self.answer(made))
        assert client.post(url, self.answer(made)).status_code == 409
        AccessLink.objects.update(expires_at=now() - timedelta(seconds=1))
        assert client.get(url).status_code == 410
        assert EstimateDecision.objects.count() == 1
