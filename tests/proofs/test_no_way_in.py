"""Nobody gets at rows of others: every address, as everybody who should not be there."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core.clock import local_date
from apps.core.ids import uuid7
from apps.platform.accounts.models import User
from apps.platform.organizations.models import Membership
from apps.platform.organizations.roles import SYSTEM_ROLES
from tests.factories.actors import actor_for
from tests.proofs.people import STRANGERS, api_of, call, leaks, portal_of, text_of, without_noise
from tests.proofs.routes import Route, list_routes
from tests.proofs.targets import address, kind_of, list_row_routes, row_of
from tests.proofs.worlds import TwoSides
from tests.support.api import api_client
from tests.support.portal import browser_of

pytestmark = pytest.mark.django_db
ROUTES = list_routes()
ROWS = list_row_routes()
# Besides its own right it needs the one to see the document that is billed.
ASKS_MORE = {"POST /api/v1/invoices/from-job-card/<id>"}
LISTS = [
    route
    for route in ROUTES
    if not route.names
    and route.method == "GET"
    and route.right != "demo"
    and not route.path.startswith("api/docs")
    and route.path not in ("api/schema/", "metrics")
]


def test_the_rows_behind_the_addresses_are_really_there(sides: TwoSides) -> None:
    """Else every refusal below would prove nothing: their owner gets each of them."""
    api, browser = api_client(actor=sides.ours.owner), browser_of(sides.ours.owner)
    seller = browser_of(sides.ours.seller)
    faults = []
    for route in ROWS:
        if route.method != "GET" or "/do/" in route.path or kind_of(route) in ("file", "notification", "session"):
            continue
        if "/tech/" in route.path:
            continue  # shows the own work only
        client = api if route.is_api else seller if route.path.startswith("distributor/") else browser
        answer = client.get(address(route, row_of(route, sides.ours), sides.ours))
        if answer.status_code not in (200, 405, 409, 422):
            faults.append(f"{route}: {answer.status_code}")
    assert faults == []


@pytest.mark.parametrize("who", STRANGERS)
def test_rest_hides_rows_of_others(sides: TwoSides, who: str) -> None:
    client = api_of(who, sides)
    faults = [knock(client, route, sides) for route in ROWS if route.is_api]
    assert [fault for fault in faults if fault] == []


@pytest.mark.parametrize("who", STRANGERS)
def test_portals_hide_rows_of_others(sides: TwoSides, who: str) -> None:
    client = portal_of(who, sides)
    # Parts and dialogs stand behind the same door as their page: one stranger tries them all.
    doors = [route for route in ROWS if not route.is_api and (who == "other_owner" or not route.part)]
    faults = [knock(client, route, sides) for route in doors]
    assert [fault for fault in faults if fault] == []


def knock(client: Any, route: Route, sides: TwoSides) -> str:
    """What is wrong with the answers for our row and for one that does not exist; empty when nothing is."""
    answers = []
    ours = row_of(route, sides.ours)
    for row_id, side in ((ours, sides.ours), (absent_like(ours), None)):
        url = address(route, row_id, side)
        answer = call(client, route, url)
        if answer.status_code < 300 or answer.status_code >= 500:
            return f"{route}: {answer.status_code}"
        if told := leaks(answer, sides.ours, url):
            return f"{route} tells {told}"
        answers.append((answer.status_code, without_noise(text_of(answer), row_id)))
    return "" if answers[0] == answers[1] else f"{route} shows that the row exists: {answers}"


def absent_like(row_id: Any) -> Any:
    """An id of the same kind that no row has."""
    return row_id + 7 if isinstance(row_id, int) else uuid7()


def test_another_branch_of_the_same_company_stays_closed(sides: TwoSides) -> None:
    api, browser = api_client(actor=sides.ours.of_other_branch), browser_of(sides.ours.of_other_branch)
    closed = [
        route for route in ROWS if not route.path.startswith("distributor/") and _is_of_branch(sides, kind_of(route))
    ]
    faults = [knock(api if route.is_api else browser, route, sides) for route in closed]
    assert [fault for fault in faults if fault] == []
    assert len(closed) > 50


def _is_of_branch(sides: TwoSides, kind: str | None) -> bool:
    row = sides.ours.rows.get(kind or "")
    path = getattr(type(row).objects.all(), "branch_field", None) if row else None
    return bool(path) and type(row).objects.filter(pk=row.pk, **{f"{path}__isnull": False}).exists()


@pytest.mark.parametrize("who", STRANGERS)
def test_lists_show_own_rows_only(sides: TwoSides, who: str) -> None:
    api, portal = api_of(who, sides), portal_of(who, sides)
    faults = []
    for route in LISTS:
        url = f"/{route.path}"
        answer = (api if route.is_api else portal).get(url)
        if told := leaks(answer, sides.ours, url):
            faults.append(f"{route} tells {told}")
        if who == "nobody" and route.right != "public" and answer.status_code not in (301, 302, 401, 405):
            faults.append(f"{route}: {answer.status_code}")
    assert faults == []


def test_searches_and_files_find_own_rows_only(sides: TwoSides) -> None:
    browser, api = browser_of(sides.theirs.owner), api_client(actor=sides.theirs.owner)
    seller, ours = browser_of(sides.theirs.seller), sides.ours
    texts = (ours.visitor.name, ours.visitor.plate)
    faults = []
    for route in LISTS:
        client = api if route.is_api else seller if route.path.startswith("distributor/") else browser
        word = "search" if hasattr(route.view, "filters") and route.is_api else "q"
        urls = [f"/{route.path}?{word}={text}" for text in texts]
        urls += [f"/{route.path}?export=csv"] if hasattr(route.view, "columns") else []
        faults += [url for url in urls if leaks(client.get(url), ours, url)]
    assert faults == []


def test_calling_in_the_name_of_another_company_finds_nothing(sides: TwoSides) -> None:
    client = api_client(User.objects.get(pk=sides.theirs.owner.user_id))
    company, branch = sides.ours.world.garage.organization, sides.ours.world.garage.branch
    wrong = (
        {"HTTP_X_ORGANIZATION": str(company.pk)},
        {"HTTP_X_ORGANIZATION": str(company.pk), "HTTP_X_BRANCH": str(branch.pk)},
        {"HTTP_X_BRANCH": str(branch.pk)},
        {"HTTP_X_ORGANIZATION": "nonsense"},
    )
    closed = [route for route in LISTS if route.is_api and "." in route.right]
    faults = [
        f"{route} {headers}: {answer.status_code}"
        for route in closed
        for headers in wrong
        if (answer := client.get(f"/{route.path}", **headers)).status_code != 404
    ]
    assert faults == []


def test_a_session_cannot_be_switched_into_another_company(sides: TwoSides) -> None:
    client = browser_of(sides.theirs.owner)
    client.post("/switch/", {"organization": str(sides.ours.world.garage.organization.pk)})
    session = client.session
    session["organization_id"] = str(sides.ours.world.garage.organization.pk)
    session.save()
    assert leaks(client.get("/garage/customers/"), sides.ours, "") == []


def test_undeclared_methods_do_nothing(sides: TwoSides) -> None:
    client = api_client(actor=sides.ours.owner)
    declared: dict[str, set[str]] = {}
    for route in ROUTES:
        declared.setdefault(route.path, set()).add(route.method)
    faults = []
    for path in sorted({route.path for route in ROWS if route.is_api}):
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - declared[path]:
            route = Route(method, path, "", None)
            answer = call(client, route, address(route, uuid7()))
            if answer.status_code not in (403, 404, 405):
                faults.append(f"{route}: {answer.status_code}")
    assert faults == []


def _allows(permissions: tuple[str, ...], right: str) -> bool:
    return bool({"*", right, f"{right.partition('.')[0]}.*"} & set(permissions))


@pytest.mark.parametrize("role", SYSTEM_ROLES)
def test_rest_refuses_exactly_the_roles_without_the_right(sides: TwoSides, role: str) -> None:
    client = api_client(actor=actor_for(role, sides.ours.world.garage.organization))
    faults = []
    for route in ROUTES:
        if not route.is_api or "." not in route.right or str(route) in ASKS_MORE:
            continue
        answer = call(client, route, address(route, uuid7()))
        if (answer.status_code == 403) == _allows(SYSTEM_ROLES[role].permissions, route.right):
            faults.append(f"{route}: {answer.status_code}")
    assert faults == []


@pytest.mark.parametrize("role", SYSTEM_ROLES)
def test_portals_refuse_roles_without_the_right(sides: TwoSides, role: str) -> None:
    """Also for rows of their own company; that a right opens what it should is shown above, as owner."""
    places = {"garage": sides.ours.world.garage.organization, "distributor": sides.ours.world.distributor}
    clients = {name: browser_of(actor_for(role, company)) for name, company in places.items()}
    permissions = SYSTEM_ROLES[role].permissions
    faults = []
    for route in ROUTES:
        portal = route.path.partition("/")[0]
        if portal not in clients or "." not in route.right or (route.names and route not in ROWS):
            continue
        if _allows(permissions, route.right) and _allows(permissions, route.view.permission):
            continue
        row_id = row_of(route, sides.ours) if route.names else uuid7()
        answer = call(clients[portal], route, address(route, row_id, sides.ours))
        if answer.status_code not in (403, 404):
            faults.append(f"{route}: {answer.status_code}")
    assert faults == []


def test_a_former_colleague_is_out(sides: TwoSides) -> None:
    actor = actor_for("manager", sides.ours.world.garage.organization)
    api, browser = api_client(actor=actor), browser_of(actor)
    Membership.objects.filter(user_id=actor.user_id).update(active_to=local_date() - timedelta(days=1))
    for route in LISTS:
        if "." in route.right:
            answer = (api if route.is_api else browser).get(f"/{route.path}")
            assert answer.status_code in (302, 403, 404), f"{route}: {answer.status_code}"
