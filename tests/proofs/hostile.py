"""Values that nobody sends by mistake, and bodies made from the API's description to carry them."""

import re
from collections.abc import Iterator
from typing import Any

from tests.proofs.worlds import Side

TEXTS = (
    "'; DROP TABLE workshop_jobcard; --",
    '<script>alert(1)</script><img src=x onerror="alert(1)">',
    "\u202etxet desrever\u202c \u200f\u061c",
    "😀👩‍👩‍👧‍👦🏳️‍🌈 Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "A\x00B",
    "x" * 100_000,
    "\ud800",
    "{{ 7*7 }} {% debug %} ${7*7} %s %(name)s {0}",
    "../../../../etc/passwd",
    "   \t\r\n  ",
    "NaN",
    "-0",
)
NUMBERS = (-1, 0, 10**30, -(10**30), 1e308, 0.1 + 0.2, "1e999", "NaN", "Infinity", "0x10", "१२", "1_000", True, None)
OTHERS = (None, [], {}, [[]], {"a": 1}, 0, "", True)


def hostile_for(schema: dict[str, Any]) -> tuple[Any, ...]:
    """What to try for a value of this kind."""
    kind = schema.get("type")
    if kind in ("integer", "number") or schema.get("format") == "decimal" or "pattern" in schema:
        return (*NUMBERS, "x" * 5_000, [], {})
    if kind == "string":
        return (*TEXTS, *OTHERS)
    return (*OTHERS, "x", -1, [None], [{}], ["x"] * 300)


class Sampler:
    """Valid bodies from the description; ids are those of the side's rows where the name says which."""

    def __init__(self, description: dict[str, Any], side: Side) -> None:
        self._schemas = description["components"]["schemas"]
        self._ids = {name: str(row.pk) for name, row in side.rows.items()}
        self._ids.update(
            branch=str(side.world.garage.branch.pk),
            technician=str(side.world.technician.user_id),
            seller=str(side.world.distributor.pk),
            payable=self._ids["invoice"],
            line=str(side.rows["order"].lines.first().pk),
            resource=self._ids["bay"],
        )

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema itself behind references and wrappers."""
        while True:
            if "$ref" in schema:
                schema = self._schemas[schema["$ref"].rsplit("/", 1)[1]]
            elif "allOf" in schema or "oneOf" in schema or "anyOf" in schema:
                parts = schema.get("allOf") or schema.get("oneOf") or schema["anyOf"]
                schema = parts[0]
            else:
                return schema

    def sample(self, schema: dict[str, Any], name: str = "") -> Any:
        """A value that the schema allows."""
        schema = self.resolve(schema)
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = kind[0]
        if kind == "object" or "properties" in schema:
            return {key: self.sample(value, key) for key, value in schema.get("properties", {}).items()}
        if kind == "array":
            return [self.sample(schema.get("items", {}), name.removesuffix("s"))]
        return self._plain(kind, schema, name)

    def _plain(self, kind: Any, schema: dict[str, Any], name: str) -> Any:
        if kind in ("integer", "number"):
            return max(1, schema.get("minimum", 1))
        if kind == "boolean":
            return True
        by_format = {
            "date-time": "2031-05-05T09:00:00+07:00",
            "date": "2031-05-05",
            "email": "lan@example.com",
            "uri": "https://example.com/",
            "decimal": "1",
            "binary": "",
        }
        known = {"plate": "51G-678.90", "phone": "0903111222", "quantity": "1", "amount": "1000", "unitPrice": "1000"}
        if schema.get("format") == "uuid":
            key = re.sub(r"(?<!^)([A-Z])", r"_\1", name.removesuffix("Id")).lower()
            return self._ids.get(key, self._ids["job_card"])
        return known.get(name) or by_format.get(schema.get("format", "")) or ("1" if "pattern" in schema else "Phanh")


def places(sampler: Sampler, schema: dict[str, Any], body: Any) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Path and schema of every value inside the body."""
    schema = sampler.resolve(schema)
    if isinstance(body, dict):
        for key, value in schema.get("properties", {}).items():
            if key in body:
                yield (key,), sampler.resolve(value)
                yield from (((key, *path), inner) for path, inner in places(sampler, value, body[key]))
    if isinstance(body, list) and body:
        yield from (((0, *path), inner) for path, inner in places(sampler, schema.get("items", {}), body[0]))


def replaced(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of the body with another value at that place."""
    if not path:
        return value
    head, *rest = path
    if isinstance(body, list):
        return [replaced(item, tuple(rest), value) if number == head else item for number, item in enumerate(body)]
    return {key: replaced(item, tuple(rest), value) if key == head else item for key, item in body.items()}
