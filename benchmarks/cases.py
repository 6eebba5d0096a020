"""What is measured: the board, the search, placing an order, promising stock."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from benchmarks import sql

MakeCall = Callable[[int], Callable[[], object]]
ORDER_SQL = (
    "SELECT v.price, r.rate FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id"
    " LEFT JOIN pricing_taxrate r ON r.tax_class_id = p.tax_class_id AND r.period @> CURRENT_DATE WHERE v.id = %(variant)s",
    "SELECT id, on_hand - reserved FROM inventory_stocklevel WHERE id = %(level)s FOR UPDATE",
)
RESERVE_SQL = """
INSERT INTO inventory_stockreservation
    (id, created_at, organization_id, level_id, quantity, consumed, released, state, source_type, source_id, line_id)
VALUES (gen_random_uuid(), now(), %(organization)s, %(level)s, 1, 0, 0, 'active', 'bench', gen_random_uuid(), %(line)s)
"""
# The least that an order is: its row and one line, here copies of an order that is there.
ORDER_COPY_SQL = """
WITH placed AS (
    INSERT INTO orders_order
    SELECT (jsonb_populate_record(NULL::orders_order, to_jsonb(o) || jsonb_build_object(
        'id', gen_random_uuid(), 'number', replace(gen_random_uuid()::text, '-', '')))).*
    FROM orders_order o WHERE o.id = %(order)s RETURNING id)
INSERT INTO orders_orderline
SELECT (jsonb_populate_record(NULL::orders_orderline, to_jsonb(l) || jsonb_build_object(
    'id', gen_random_uuid(), 'order_id', placed.id))).*
FROM placed, (SELECT * FROM orders_orderline WHERE order_id = %(order)s ORDER BY id LIMIT 1) l
"""
RELEASE_SQL = "UPDATE inventory_stockreservation SET released = 1, state = 'released' WHERE line_id = %(line)s"


@dataclass(frozen=True, slots=True)
class Case:
    """One piece of work through the product, and its bare SQL."""

    name: str
    product: MakeCall
    bare: MakeCall
    calls: int


def board(address: str, cookies: dict[str, str], work: Callable[[], object]) -> Case:
    """The job-card board as the browser gets it; the bare SQL are the statements that the page runs."""

    def product(_client: int) -> Callable[[], object]:
        client = httpx.Client(base_url=address, cookies=cookies, timeout=30)
        return lambda: client.get("/garage/job-cards/").raise_for_status()

    return Case("Job-card board (page)", product, sql.replay(sql.capture(work)), 60)


def search(address: str, token: str, path: str, work: Callable[[], object]) -> Case:
    """Product search over REST, words without accents."""

    def product(_client: int) -> Callable[[], object]:
        client = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        return lambda: client.get(path).raise_for_status()

    return Case("Product search (REST)", product, sql.replay(sql.capture(work)), 80)


def place_order(address: str, token: str, body: dict[str, Any], ids: dict[str, Any]) -> Case:
    """A marketplace order of one line over REST; bare: price, lock, one reservation, one order, one line, committed."""

    def product(_client: int) -> Callable[[], object]:
        client = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        return lambda: client.post("/api/v1/orders", json=body).raise_for_status()

    def bare(_client: int) -> Callable[[], object]:
        own = sql.connect()

        def call() -> None:
            with own.transaction():
                for statement in ORDER_SQL:
                    own.execute(statement, ids).fetchall()
                line = own.execute("SELECT gen_random_uuid()").fetchone()
                own.execute(RESERVE_SQL, {**ids, "line": line[0] if line else None})
                own.execute(ORDER_COPY_SQL, ids)

        return call

    return Case("Order placement (REST)", product, bare, 25)


def reserve(work: Callable[[], object], ids: dict[str, Any]) -> Case:
    """Promising one piece of one article and giving it back, as a cart does: the service itself, against bare SQL."""

    def bare(_client: int) -> Callable[[], object]:
        own = sql.connect()

        def call() -> None:
            line = own.execute("SELECT gen_random_uuid()").fetchone()
            values = {**ids, "line": line[0] if line else None}
            with own.transaction():
                own.execute(ORDER_SQL[1], ids).fetchall()
                own.execute(RESERVE_SQL, values)
            with own.transaction():
                own.execute(ORDER_SQL[1], ids).fetchall()
                own.execute(RELEASE_SQL, values)

        return call

    return Case("Stock reservation and release (service)", lambda _client: work, bare, 60)
