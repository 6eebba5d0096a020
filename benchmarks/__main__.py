"""`python -m benchmarks`: measures, prints ratios, and writes docs/performance.md."""

import platform
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.cases import Case, board, place_order, reserve, search
from benchmarks.load import Result, measure
from benchmarks.world import ROOT, bench_world

CLIENTS = (1, 8)
TARGET = ROOT / "docs" / "performance.md"
WORDS = "ma phanh vios"


def main() -> None:
    with bench_world() as address:
        rows = [(case, clients, *run(case, clients)) for case in make_cases(address) for clients in CLIENTS]
    live = [run_apart("benchmarks.realtime")[-1], *run_apart("benchmarks.sockets")]
    text = describe(rows, live)
    TARGET.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def run_apart(module: str) -> list[str]:
    """What a benchmark with servers of its own says."""
    command = [sys.executable, "-m", module]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip().splitlines()


def run(case: Case, clients: int) -> tuple[Result, Result]:
    """(through the product, bare SQL), with the same number of clients, one right after the other."""
    return (
        measure(case.product, clients=clients, calls=max(10, case.calls // clients)),
        measure(case.bare, clients=clients, calls=max(10, case.calls // clients)),
    )


def make_cases(address: str) -> list[Case]:
    from django.test import Client

    from apps.core.actor import system_actor
    from apps.engines.inventory.models import StockLevel
    from apps.engines.inventory.services import ReserveLine, Source, move_stock, release_reservations, reserve_stock
    from apps.engines.orders.models import Order
    from apps.platform.organizations.models import Membership

    owner = (
        Membership.objects.select_related("user", "organization")
        .filter(role__code="owner", organization__kinds__contains=["garage"])
        .order_by("organization__name")[0]
    )
    level = (
        StockLevel.objects.select_related("variant")
        .filter(organization__kinds__contains=["distributor"], condition="sellable")
        .order_by("-on_hand")[0]
    )
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(owner.user, backend="apps.platform.accounts.backends.EmailOrPhoneBackend")
    cookies = {"sessionid": client.cookies["sessionid"].value}
    token = make_token(owner.user)
    path = f"/api/v1/products/search?search={WORDS.replace(' ', '+')}"
    order = Order.objects.filter(seller_id=level.organization_id).order_by("pk")[0]
    ids = {"variant": level.variant_id, "level": level.pk, "organization": level.organization_id, "order": order.pk}
    body: dict[str, Any] = {
        "channel": "marketplace",
        "sellerId": str(level.organization_id),
        "buyerBranchId": str(owner.organization.branches.order_by("name")[0].pk),
        "lines": [{"variantId": str(level.variant_id), "quantity": "1"}],
    }
    actor = system_actor(level.organization_id)

    move_stock(
        actor,
        variant_id=level.variant_id,
        warehouse_id=level.warehouse_id,
        quantity=Decimal(10_000),
        kind="purchase",
        unit_cost=Decimal(1),
        source=Source("bench", level.pk, "BENCH"),
    )

    def promise_and_release() -> None:
        line_id = uuid.uuid4()
        line = ReserveLine(
            variant_id=level.variant_id, warehouse_id=level.warehouse_id, quantity=Decimal(1), line_id=line_id
        )
        reserve_stock(actor, [line], source=Source("bench", line_id, "BENCH"))
        release_reservations(actor, line_id=line_id)

    return [
        board(address, cookies, lambda: client.get("/garage/job-cards/")),
        search(address, token, path, lambda: client.get(path, headers={"authorization": f"Bearer {token}"})),
        place_order(address, token, body, ids),
        reserve(promise_and_release, ids),
    ]


def make_token(user: Any) -> str:
    from apps.platform.accounts.services import issue_tokens, open_session

    session = open_session(user, kind="app", method="password")
    return str(issue_tokens(session).access_token)


def describe(rows: list[tuple[Case, int, Result, Result]], live: list[str]) -> str:
    lines = [
        "# Performance",
        "",
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}. One web process (uvicorn), one worker, the embedded PostgreSQL and Redis and the",
        "load itself share this machine; the demo world is loaded. *Bare* is the same work as plain SQL on an own connection: for pages",
        "and searches the statements that the request runs, for writes the least that must be written. The ratio is bare calls per",
        "second divided by those through the product, measured one right after the other in the same run.",
        "",
        f"Machine: {machine()}",
        "",
        "| work | clients | per second | p50 ms | p95 ms | bare per second | bare p50 ms | ratio |",
        "| --- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for case, clients, product, bare in rows:
        lines.append(
            f"| {case.name} | {clients} | {product.per_second:.0f} | {product.p50:.1f} | {product.p95:.1f} |"
            f" {bare.per_second:.0f} | {bare.p50:.1f} | {bare.per_second / product.per_second:.1f} |"
        )
    lines += [
        "",
        "Live screens, from the commit of a change until the open sockets of other browsers hear of it:",
        "",
        *(f"    {line}" for line in live),
        "",
    ]
    return "\n".join(lines)


def machine() -> str:
    cpu = next(
        (
            row.split(":", 1)[1].strip()
            for row in Path("/proc/cpuinfo").read_text().splitlines()
            if row.startswith("model name")
        ),
        platform.machine(),
    )
    cores = sum(row.startswith("processor") for row in Path("/proc/cpuinfo").read_text().splitlines())
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024**2
    return f"{cpu}, {cores} cores, {memory} GiB, Python {platform.python_version()}, Linux {platform.release().split('-')[0]}."


if __name__ == "__main__":
    main()
