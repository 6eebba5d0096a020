"""Names of the API are camelCase, names of Python snake_case."""

import re
from functools import cache

_HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")


@cache
def camel(name: str) -> str:
    """`created_at` → `createdAt`."""
    head, *rest = name.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in rest)


@cache
def snake(name: str) -> str:
    """`createdAt` → `created_at`."""
    return _HUMP.sub(lambda hump: f"_{hump.group(1).lower()}", name)
