"""The workshop over REST: who gets in, and the story's steps with their refusals."""

import base64
from typing import Any

import pytest

from apps.core.actor import Actor
from apps.core.testing.relay import run_relay
from apps.engines.billing.models import Invoice
from apps.engines.inventory.models import StockMovement
from apps.platform.accounts.links import create_link
from apps.platform.accounts.models import AccessLink
from apps.platform.organizations.models import Branch, Organization
from apps.verticals.workshop.models import Appointment, EstimateDecision, JobCard, JobTask, WorkLog
from tests.factories.inventory import WarehouseFactory
from tests.factories.organizations import BranchFactory
from tests.factories.workshop import CustomerFactory, VehicleFactory
from tests.support.api import ApiKit, api_client
from tests.verticals.workshop import visits

pytestmark = pytest.mark.django_db


def make_card(actor: Actor, number: int = 1, branch: Any = None) -> JobCard:
    """A card of the actor's company, made without its story."""
    organization = Organization.objects.get(pk=actor.organization_id)
    branch = branch or BranchFactory(organization=organization)
    vehicle = VehicleFactory(customer=CustomerFactory(organization=organization))
    return JobCard.objects.create(
        organization_id=actor.organization_id,
        branch=branch,
        number=f"JC-{number}",
        customer=vehicle.customer,
        vehicle=vehicle,
        warehouse=WarehouseFactory(organization=organization, branch=branch),
    )


class TestJobCards(ApiKit):
    url = "/api/v1/workshop/job-cards"
    right = "job_card.view"
    has_branches = True
    filter_queries = (
        "filter[state]=created",
        "filter[state][in]=created,inspected",
        "filter[createdAt][gte]=2025-01-01",
    )
    sorts = ("createdAt", "number", "total")

    def make_row(self, actor: Actor, number: int = 1) -> JobCard:
        branch = Branch.objects.get(pk=next(iter(actor.branch_ids))) if actor.branch_ids else None
        return make_card(actor, number, branch)

    def make_row_of_other_branch(self, actor: Actor) -> JobCard:
        return make_card(actor, 99)


class TestTasks(ApiKit):
    url = "/api/v1/tasks"
    right = "task.view"
    filter_queries = ("filter[state]=pending", "filter[technician][isnull]=true")
    sorts = ("createdAt", "position")

    def make_row(self, actor: Actor, number: int = 1) -> JobTask:
        card = make_card(actor, number)
        return JobTask.objects.create(
            organization_id=card.organization_id, branch=card.branch, job_card=card, description=f"Việc {number}"
        )


@pytest.fixture
def world() -> visits.World:
    return visits.make_world()


def signature() -> str:
    return "data:image/png;base64," + base64.b64encode(visits.png()).decode()


def booking(world: visits.World, **changes: Any) -> dict[str, Any]:
    return {
        "branch": str(world.garage.branch.pk),
        "startsAt": visits.tomorrow(9).isoformat(),
        "services": ["OIL"],
        "name": "Lê Minh Khoa",
        "phone": "0903123456",
        "plate": "51g12345",
        **changes,
    }


class TestBooking:
    url = "/api/v1/appointments"

    def test_a_visitor_sees_free_times_and_books_one(self, world: visits.World) -> None:
        branch, day = world.garage.branch.pk, visits.tomorrow(9).date()
        address = f"{self.url}/free-slots?branch={branch}&services=OIL&day={day}"
        free = api_client().get(address).json()["data"]
        assert free["minutes"] == 30
        before = len(free["slots"])
        answer = api_client().post(self.url, booking(world))
        assert answer.status_code == 201, answer.json()
        assert answer.json()["data"]["plate"] == "51G-123.45"
        assert Appointment.objects.get().channel == "app"
        assert len(api_client().get(address).json()["data"]["slots"]) == before - 1

    @pytest.mark.parametrize(
        ("changes", "status", "field"),
        [
            ({"plate": "nonsense"}, 400, "plate"),
            ({"phone": "12"}, 400, "phone"),
            ({"services": ["NONE"]}, 400, "serviceCodes"),
            ({"startsAt": "2020-01-01T09:00:00+07:00"}, 409, "startsAt"),
            ({"branch": "00000000-0000-7000-8000-000000000000"}, 404, ""),
            ({"surprise": 1}, 400, "surprise"),
        ],
    )
    def test_bad_bookings_leave_nothing(self, world: visits.World, changes: dict, status: int, field: str) -> None:
        answer = api_client().post(self.url, booking(world, **changes))
        assert answer.status_code == status, answer.json()
        if field:
            assert field in str(answer.json()["error"])
        assert not Appointment.objects.exists()

    def test_same_key_books_once(self, world: visits.World) -> None:
        for _try in range(2):
            answer = api_client().post(self.url, booking(world), HTTP_IDEMPOTENCY_KEY="k-1")
            assert answer.status_code == 201
        assert Appointment.objects.count() == 1

    def test_strangers_cannot_list(self, world: visits.World) -> None:
        visits.book(world)
        assert api_client().get(self.url).status_code == 401
        other = visits.actor_for("owner")
        assert api_client(actor=other).get(self.url).json()["data"] == []

    def test_stale_moves_are_refused(self, world: visits.World) -> None:
        appointment = visits.book(world)
        client = api_client(actor=world.advisor)
        address = f"{self.url}/{appointment.pk}"
        etag = client.get(address).headers["ETag"]
        first = client.patch(address, {"startsAt": visits.tomorrow(11).isoformat()}, HTTP_IF_MATCH=etag)
        second = client.patch(address, {"startsAt": visits.tomorrow(13).isoformat()}, HTTP_IF_MATCH=etag)
        assert (first.status_code, second.status_code) == (200, 409)
        appointment.refresh_from_db()
        assert appointment.starts_at == visits.tomorrow(11)


def test_the_story_over_rest(world: visits.World) -> None:
    advisor, technician = api_client(actor=world.advisor), api_client(actor=world.technician)
    cards = "/api/v1/workshop/job-cards"
    appointment = visits.book(world)
    body = {
        "appointment": str(appointment.pk), "plate": "51G-123.45", "make": "Toyota", "model": "Vios", "odometerKm": 45_000,
        "fuelPercent": 50, "marks": [{"view": "left", "x": 10, "y": 20, "kind": "dent"}],
    }  # fmt: skip
    answer = advisor.post(cards, body)
    assert answer.status_code == 201, answer.json()
    card = answer.json()["data"]
    address = f"{cards}/{card['id']}"
    assert (
        advisor.put(
            f"{address}/pre-inspection", {"points": [{"code": "front_pads", "rating": "red", "note": "2 mm"}]}
        ).status_code
        == 200
    )
    assert advisor.get(f"{address}/graphical-update").json()["data"]["components"][0]["status"] == "critical"
    lines = [
        {"kind": "labour", "operation": str(world.garage.pads_labour.pk), "group": "Phanh"},
        {"kind": "part", "variant": str(world.pads.pk), "group": "Phanh", "discount": "50000"},
    ]
    made = advisor.post(f"{address}/estimates", {"lines": lines}).json()["data"]
    assert (made["total"], made["state"]) == ("990000.00", "draft")
    sent = advisor.put(f"{address}/estimates/{made['id']}/send").json()["data"]

    token = create_link(world.garage.organization.pk, purpose=AccessLink.Purpose.ESTIMATE, subject_id=card["id"])
    seen = api_client().get(f"/api/v1/public/estimates/{token}").json()["data"]
    assert (seen["plate"], seen["documentHash"]) == ("51G-123.45", sent["documentHash"])
    decision = {
        "decisions": [{"line": line["id"], "decision": "approved"} for line in seen["lines"]],
        "name": "Lê Minh Khoa",
        "documentHash": seen["documentHash"],
        "signature": signature(),
    }
    changed = api_client().post(f"/api/v1/public/estimates/{token}/decision", {**decision, "documentHash": "0" * 64})
    assert (changed.status_code, changed.json()["error"]["details"]["rule"]) == (409, "estimate_changed")
    assert not EstimateDecision.objects.exists()
    assert api_client().post(f"/api/v1/public/estimates/{token}/decision", decision).status_code == 200
    assert api_client().post(f"/api/v1/public/estimates/{token}/decision", decision).status_code == 409
    assert EstimateDecision.objects.count() == 1

    card = advisor.get(address).json()["data"]
    assert card["state"] == "approved"
    [task], [part] = card["tasks"], card["parts"]
    assert (
        technician.put(f"{address}/assign", {"assignments": [{"task": task["id"], "technician": None}]}).status_code
        == 403
    )
    given = [{"task": task["id"], "technician": str(world.technician.user_id)}]
    assert advisor.put(f"{address}/assign", {"assignments": given}).json()["data"]["state"] == "assigned"
    for _double_tap in range(2):
        assert technician.post(f"/api/v1/tasks/{task['id']}/clock-in").status_code == 200
    assert WorkLog.objects.count() == 1
    too_much = technician.put(f"{address}/issue-part", {"part": part["id"], "quantity": "2"})
    assert (too_much.status_code, too_much.json()["error"]["details"]["rule"]) == (422, "too_many_issued")
    early = technician.patch(f"/api/v1/tasks/{task['id']}/status", {"status": "completed"})
    assert early.json()["error"]["details"]["rule"] == "parts_not_ready"
    assert technician.put(f"{address}/issue-part", {"part": part["id"]}).json()["data"]["state"] == "issued"
    assert StockMovement.objects.filter(kind="job_card").count() == 1
    done = technician.patch(f"/api/v1/tasks/{task['id']}/status", {"status": "completed", "correction": "Thay má"})
    assert done.json()["data"]["state"] == "completed"
    assert technician.put(f"{address}/submit-check").json()["data"]["state"] == "quality_check"
    manager = api_client(actor=world.manager)
    early = manager.put(f"{address}/complete")
    assert early.json()["error"]["details"]["rule"] == "check_not_passed"
    assert not Invoice.objects.exists()
    passed = {"result": "passed", "points": [{"code": "test_drive", "isOk": True}]}
    assert technician.post(f"{address}/quality-check", passed).status_code == 403
    assert manager.post(f"{address}/quality-check", passed).status_code == 200
    assert manager.put(f"{address}/complete").json()["data"]["state"] == "completed"
    assert manager.put(f"{address}/complete").json()["error"]["details"]["allowed"] == ["deliver"]
    assert Invoice.objects.count() == 1
    unpaid = advisor.put(f"{address}/deliver", {"name": "Khoa"})
    assert unpaid.json()["error"]["details"]["rule"] == "invoice_unpaid"
    run_relay()


def test_missing_parts_are_ordered_in_one_request(world: visits.World) -> None:
    card = visits.check_in(world)
    visits.approve(world, visits.estimate(world, card))
    client = api_client(actor=world.advisor)
    address = f"/api/v1/workshop/job-cards/{card.pk}"
    needs = client.get(f"{address}/parts-required").json()["data"]
    assert (needs["isComplete"], sorted(part["state"] for part in needs["parts"])) == (False, ["missing", "reserved"])
    answer = client.put(f"{address}/parts-request", {"order": True})
    assert answer.json()["data"]["state"] == "waiting_parts", answer.json()
    again = client.put(f"{address}/parts-request", {"order": True})
    assert again.json()["error"]["details"]["rule"] == "nothing_missing"
    assert world.distributor.sales.count() == 1


def test_vehicle_addresses(world: visits.World) -> None:
    card = visits.check_in(world)
    client = api_client(actor=world.advisor)
    quick = client.get("/api/v1/vehicles/search/quick?q=51g 123").json()["data"]
    assert [row["plate"] for row in quick] == ["51G-123.45"]
    history = client.get(f"/api/v1/vehicles/{card.vehicle_id}/history").json()["data"]
    assert [visit["number"] for visit in history["visits"]] == [card.number]
    assert history["odometerReadings"][0]["km"] == 45_000
    bad = client.post(
        "/api/v1/vehicles", {"customer": str(card.customer_id), "plate": "x", "make": "Kia", "model": "K3"}
    )
    assert (bad.status_code, bad.json()["error"]["field"]) == (400, "plate")
    back = client.post("/api/v1/workshop/job-cards", {
        "branch": str(world.garage.branch.pk), "plate": "51G-123.45", "odometerKm": 1, "fuelPercent": 5,
    })  # fmt: skip
    assert back.status_code in (409, 422)
    assert JobCard.objects.count() == 1


def test_the_invoice_of_a_card_is_made_once(world: visits.World) -> None:
    card = visits.check_in(world)
    client = api_client(actor=world.advisor)
    address = f"/api/v1/invoices/from-job-card/{card.pk}"
    early = client.post(address)
    assert (early.status_code, early.json()["error"]["details"]["rule"]) == (422, "card_not_completed")
    visits.approve(world, visits.estimate(world, card))
    JobCard.objects.filter(pk=card.pk).update(state=JobCard.State.COMPLETED)
    ids = {client.post(address).json()["data"]["id"] for _try in range(2)}
    assert ids == {str(Invoice.objects.get().pk)}
    assert api_client(actor=visits.actor_for("owner")).post(address).status_code == 404
    assert api_client(actor=world.technician).post(address).status_code == 403
