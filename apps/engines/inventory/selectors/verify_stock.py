"""The proof over the whole ledger. Reads by SQL set operations, so a million movements take seconds."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that is off. `rule` names the broken promise."""

    rule: str
    level_id: UUID
    movement_id: UUID | None
    expected: str
    found: str

    def __str__(self) -> str:
        movement = f" movement {self.movement_id}" if self.movement_id else ""
        return f"{self.rule}: level {self.level_id}{movement} should be {self.expected}, is {self.found}"


CHECKS = {
    "on_hand_is_sum_of_movements": """
        SELECT l.id, NULL::uuid, coalesce(sum(m.quantity), 0), l.on_hand
        FROM inventory_stocklevel l LEFT JOIN inventory_stockmovement m ON m.level_id = l.id
        WHERE %(organization)s::uuid IS NULL OR l.organization_id = %(organization)s
        GROUP BY l.id HAVING coalesce(sum(m.quantity), 0) <> l.on_hand
    """,
    "reserved_is_sum_of_reservations": """
        SELECT l.id, NULL::uuid, coalesce(sum(r.quantity - r.consumed - r.released), 0), l.reserved
        FROM inventory_stocklevel l LEFT JOIN inventory_stockreservation r ON r.level_id = l.id
        WHERE %(organization)s::uuid IS NULL OR l.organization_id = %(organization)s
        GROUP BY l.id HAVING coalesce(sum(r.quantity - r.consumed - r.released), 0) <> l.reserved
    """,
    "balance_follows_the_movement_before": """
        SELECT level_id, id, expected, balance_after FROM (
            SELECT m.level_id, m.id, m.balance_after, m.quantity + coalesce(
                lag(m.balance_after) OVER (PARTITION BY m.level_id ORDER BY m.sequence), 0) AS expected
            FROM inventory_stockmovement m
            WHERE %(organization)s::uuid IS NULL OR m.organization_id = %(organization)s
        ) chain WHERE expected <> balance_after
    """,
    "value_is_on_hand_at_average_cost": """
        SELECT l.id, NULL::uuid, coalesce(sum(m.value), 0), round(l.on_hand * l.average_cost, 2)
        FROM inventory_stocklevel l LEFT JOIN inventory_stockmovement m ON m.level_id = l.id
        WHERE %(organization)s::uuid IS NULL OR l.organization_id = %(organization)s
        GROUP BY l.id HAVING coalesce(sum(m.value), 0) <> round(l.on_hand * l.average_cost, 2)
    """,
    "reserved_within_on_hand": """
        SELECT l.id, NULL::uuid, l.on_hand, l.reserved FROM inventory_stocklevel l
        WHERE (%(organization)s::uuid IS NULL OR l.organization_id = %(organization)s)
          AND (l.reserved > l.on_hand OR l.reserved < 0 OR l.on_hand < 0)
    """,
    "movement_in_the_place_of_its_level": """
        SELECT l.id, m.id, l.variant_id::text || '/' || l.warehouse_id, m.variant_id::text || '/' || m.warehouse_id
        FROM inventory_stockmovement m JOIN inventory_stocklevel l ON l.id = m.level_id
        WHERE (%(organization)s::uuid IS NULL OR m.organization_id = %(organization)s)
          AND (l.variant_id <> m.variant_id OR l.warehouse_id <> m.warehouse_id)
    """,
}


def verify_stock(organization_id: UUID | None = None) -> list[Fault]:
    """Every row of stock that is off, of one company or of all; an empty list proves that stock adds up."""
    values: dict[str, Any] = {"organization": organization_id}
    faults = []
    with connection.cursor() as cursor:
        for rule, statement in CHECKS.items():
            cursor.execute(statement, values)
            faults += [
                Fault(rule, level, movement, str(expected), str(found))
                for level, movement, expected, found in cursor.fetchall()
            ]
    return faults
