"""Ids of others inside bodies, filters and links: refused as if they did not exist, and nothing changes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from apps.core.actor import ANONYMOUS
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.testing.admin import list_admins, page_of
from apps.platform.accounts.models import AccessLink
from apps.platform.files.links import sign
from apps.platform.files.selectors import file_url
from apps.platform.realtime.registry import TOPICS, find_stream
from tests.proofs.people import STRANGERS, actor_of, leaks, text_of, without_noise
from tests.proofs.routes import list_routes
from tests.proofs.unchanged import nothing_left_behind
from tests.proofs.worlds import Side, TwoSides
from tests.support.api import api_client
from tests.support.portal import browser_of
from tests.verticals.workshop import visits

pytestmark = pytest.mark.django_db
CARDS = "/api/v1/workshop/job-cards"


def bodies(own: Side, foreign: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Requests about the own side's rows, each with one id of `foreign`."""
    rows = {name: str(row.pk) for name, row in own.rows.items()}
    branch, other = str(own.world.garage.branch.pk), {name: str(value) for name, value in foreign.items()}
    card, line = f"{CARDS}/{rows['job_card']}", {"quantity": "1"}
    starts_at = visits.tomorrow(14).isoformat()
    visitor = {"name": "Lan", "phone": "0903111222", "plate": "51G-678.90", "make": "Kia", "model": "K3"}
    arrival = {**visitor, "odometerKm": 10, "fuelPercent": 5}
    bill = {"lines": [{"kind": "fee", "description": "Rửa xe", "quantity": "1", "unitPrice": "1000"}]}
    return [
        ("post", "/api/v1/vehicles", {"customer": other["customer"], "plate": "51G-678.90", "make": "Kia", "model": "K3"}),
        ("post", CARDS, {**arrival, "branch": other["branch"]}),
        ("post", CARDS, {**arrival, "branch": branch, "appointment": other["appointment"]}),
        ("patch", card, {"bay": other["bay"]}),
        ("put", f"{card}/assign", {"assignments": [{"task": rows["task"], "technician": other["technician"]}]}),
        ("put", f"{card}/assign", {"assignments": [{"task": other["task"], "technician": None}]}),
        ("put", f"{card}/assign", {"assignments": [{"task": rows["task"], "technician": str(
            own.world.technician.user_id)}], "bay": other["bay"]}),
        ("post", f"{card}/estimates", {"lines": [{"kind": "part", "variant": other["variant"]}]}),
        ("post", f"{card}/estimates", {"lines": [{"kind": "labour", "operation": other["operation"]}]}),
        ("post", f"{card}/additional-services", {"lines": [{"kind": "part", "variant": other["variant"]}]}),
        ("put", f"{card}/estimates/{other['estimate']}/send", {}),
        ("put", f"{card}/issue-part", {"part": other["part"]}),
        ("put", f"{card}/return-part", {"part": other["part"], "quantity": "1", "reason": "Thừa"}),
        ("post", "/api/v1/appointments", {**visitor, "branch": branch, "startsAt": starts_at, "services": ["OIL"],
            "resource": other["bay"]}),
        ("patch", f"/api/v1/appointments/{rows['appointment']}", {"startsAt": starts_at, "resource": other["bay"]}),
        ("post", "/api/v1/inventory/adjustments", {"warehouseId": other["warehouse"], "variantId": rows["variant"],
            "quantity": "1", "reason": "Kiểm kê"}),
        ("post", "/api/v1/inventory/adjustments", {"warehouseId": rows["warehouse"], "variantId": other["variant"],
            "quantity": "1", "reason": "Kiểm kê"}),
        ("post", "/api/v1/inventory/warehouses", {"code": "K9", "name": "Kho 9", "kind": "service_centre", "branchId": other["branch"]}),
        ("post", "/api/v1/invoices", {**bill, "customer": other["customer"]}),
        ("post", "/api/v1/invoices", {**bill, "customer": rows["customer"], "branch": other["branch"]}),
        ("post", f"/api/v1/invoices/from-job-card/{other['job_card']}", {}),
        ("post", "/api/v1/payments", {"payableId": other["invoice"], "amount": "1000", "method": "cash"}),
        ("post", "/api/v1/payments", {"payableId": other["invoice"], "method": "online"}),
        ("post", "/api/v1/orders", {"sellerId": str(own.world.distributor.pk), "buyerBranchId": other["branch"],
            "lines": [{"variantId": str(own.world.offered_filter.pk), **line}]}),
        ("post", "/api/v1/orders", {"sellerId": str(own.world.distributor.pk), "buyerBranchId": branch,
            "lines": [{"variantId": str(own.world.offered_filter.pk), "buyerVariantId": other["variant"], **line}]}),
        ("post", "/api/v1/orders", {"sellerId": str(own.world.distributor.pk), "buyerBranchId": branch,
            "lines": [{"variantId": other["variant"], **line}]}),
    ]  # fmt: skip


def test_the_same_requests_with_own_ids_are_understood(sides: TwoSides) -> None:
    """Else the refusals below could have other reasons."""
    client = api_client(actor=sides.theirs.owner)
    faults = []
    for method, url, body in bodies(sides.theirs, foreign_ids(sides.theirs)):
        with transaction.atomic():
            answer = getattr(client, method)(url, body)
            transaction.set_rollback(True)
        if answer.status_code in (400, 404):
            faults.append(f"{method} {url} {body}: {answer.status_code} {answer.content.decode()[:300]}")
    assert faults == []


def foreign_ids(side: Side) -> dict[str, Any]:
    ids = {name: row.pk for name, row in side.rows.items()}
    return {**ids, "branch": side.world.garage.branch.pk, "technician": side.world.technician.user_id}


def test_foreign_ids_in_bodies(sides: TwoSides) -> None:
    client = api_client(actor=sides.theirs.owner)
    theirs, random = foreign_ids(sides.ours), {name: uuid7() for name in foreign_ids(sides.ours)}
    faults = []
    pairs = zip(bodies(sides.theirs, theirs), bodies(sides.theirs, random), strict=True)
    for (method, url, body), (_method, unknown_url, unknown_body) in pairs:
        with nothing_left_behind():
            answer = getattr(client, method)(url, body)
            unknown = getattr(client, method)(unknown_url, unknown_body)
        name = f"{method} {url} {sorted(body)}: {answer.status_code} {answer.content.decode()[:300]}"
        if answer.status_code not in (400, 404, 409, 422) or "Không có trường này" in answer.content.decode():
            faults.append(name)
        elif leaks(answer, sides.ours, f"{url}{body}"):
            faults.append(f"{name} tells of the row")
        elif _shape_of(answer) != _shape_of(unknown):
            faults.append(f"{name} shows that the row exists: {unknown.content.decode()[:300]}")
    assert faults == []


def _shape_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, without_noise(text_of(answer), UUID(int=0))


def test_filters_on_foreign_ids_show_nothing(sides: TwoSides) -> None:
    client = api_client(actor=sides.theirs.owner)
    rows = {**sides.ours.rows, "branch": sides.ours.world.garage.branch}
    common = [rows["customer"], rows["job_card"], rows["branch"], sides.ours.world.garage.organization]
    faults = []
    for route in list_routes():
        filters = getattr(route.view, "filters", None)
        if not route.is_api or route.names or route.method != "GET" or not filters or route.right == "staff":
            continue
        for name in (name for name, operators in filters.items() if "eq" in operators):
            random = client.get(f"/{route.path}", {f"filter[{name}]": str(uuid7())})
            if random.status_code == 400:
                continue  # no filter for ids
            for row in [*([rows[name]] if name in rows else []), *common]:
                answer = client.get(f"/{route.path}", {f"filter[{name}]": str(row.pk)})
                if answer.json()["data"] != random.json()["data"] or leaks(answer, sides.ours, str(row.pk)):
                    faults.append(f"/{route.path}?filter[{name}]")
                    break
    assert faults == []


def test_included_rows_are_own_rows(sides: TwoSides) -> None:
    client = api_client(actor=sides.theirs.owner)
    faults = []
    for route in list_routes():
        if not route.is_api or route.names or route.method != "GET" or not hasattr(route.view, "includes"):
            continue
        if route.right == "staff":
            continue  # closed to companies: the walk of strangers proves it
        names = ",".join(route.view.includes)
        answer = client.get(f"/{route.path}", {"include": names} if names else {})
        if answer.status_code != 200 or leaks(answer, sides.ours, ""):
            faults.append(f"/{route.path}?include={names}: {answer.status_code}")
    assert faults == []


@pytest.mark.parametrize("who", STRANGERS)
def test_sockets_follow_nothing_foreign(sides: TwoSides, who: str) -> None:

    actor = actor_of(who, sides) or ANONYMOUS
    open_to_all = {"inbox", "calendar"}
    ids = [*(row.pk for row in sides.ours.rows.values()), sides.ours.world.garage.branch.pk]
    ids += [sides.ours.world.garage.organization.pk, sides.ours.world.technician.user_id]
    for name in TOPICS:
        if name in open_to_all:
            continue
        for key in ids:
            stream = find_stream(actor, f"{name}:{key}")
            assert stream is None or str(key) not in stream, f"{name}:{key} -> {stream}"


@pytest.mark.parametrize("who", ["no_member", "ours"])
def test_the_staff_cms_is_closed_to_companies(sides: TwoSides, who: str) -> None:
    """Also to the owner of the very rows."""
    client = browser_of(sides.ours.owner)
    if who == "no_member":
        client = Client()
        client.force_login(sides.nobody, backend="apps.platform.accounts.backends.EmailOrPhoneBackend")
    for model_admin in list_admins():
        row = model_admin.model._default_manager.first()
        pages = [page_of(model_admin, "changelist")]
        pages += [page_of(model_admin, page, row) for page in ("change", "history", "delete") if row is not None]
        for url in pages:
            answer = client.get(url)
            assert answer.status_code in (302, 403, 404), f"{url}: {answer.status_code}"


def test_addresses_of_files_fit_one_file_for_an_hour(sides: TwoSides) -> None:
    file, other = sides.ours.rows["file"], sides.theirs.rows["file"]
    good = file_url(file)
    client = Client()
    assert client.get(good).status_code == 200
    old = sign(file.pk, "full", at=now() - timedelta(hours=3))
    for url in (
        good.replace(str(file.pk), str(other.pk)),
        good[:-6] + ("x" if good[-6] != "x" else "y") + good[-5:],
        f"/files/{file.pk}/{old}/full",
        f"/files/{file.pk}/{sign(other.pk, 'full')}/full",
        f"/files/{file.pk}/{sign(file.pk, 'small')}/full",
        f"/files/{file.pk}/{sign(file.pk, 'full')}/../full",
        f"/files/public/{file.pk}/full",
    ):
        assert client.get(url).status_code == 404, url


def test_links_open_one_purpose_and_end(sides: TwoSides) -> None:
    tokens = sides.ours.tokens
    doors = {
        "estimate": ["/e/{}/", "/api/v1/public/estimates/{}"],
        "invoice": ["/i/{}/", "/i/{}/pdf/", "/api/v1/public/invoices/{}"],
        "appointment": ["/a/{}/"],
        "feedback": ["/f/{}/"],
    }
    client = Client()
    for purpose, urls in doors.items():
        for url in urls:
            for name, token in tokens.items():
                answer = client.get(url.format(token))
                wanted = {200, 409, 422} if name == purpose else {404}
                assert answer.status_code in wanted, f"{url} with a link for {name}: {answer.status_code}"
    AccessLink.objects.update(revoked_at=now())
    for purpose, urls in doors.items():
        for url in urls:
            answer = client.get(url.format(tokens[purpose]))
            assert answer.status_code == 410, f"{url}: {answer.status_code}"
            assert leaks(answer, sides.ours, url.format(tokens[purpose])) == []
