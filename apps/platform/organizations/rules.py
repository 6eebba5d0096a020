"""Rights as sets: what one set of rights covers, and what a person may do at a branch."""

from collections.abc import Iterable, Mapping
from uuid import UUID

# Where a browser's session keeps the company in which the person acts.
ORGANIZATION_KEY = "organization_id"


def grants(permissions: Iterable[str], permission: str) -> bool:
    """Whether `permissions` contain `permission`, by itself, by its area (`area.*`) or by `*`."""
    held = set(permissions)
    return "*" in held or permission in held or f"{permission.partition('.')[0]}.*" in held


def covers(wide: Iterable[str], narrow: Iterable[str]) -> bool:
    """Whether whoever holds `wide` holds everything in `narrow`: nobody gives rights that they do not have."""
    held = set(wide)
    return all(grants(held, permission) for permission in narrow)


def calculate_reach(
    everywhere: frozenset[str], by_branch: Mapping[UUID, frozenset[str]], branch_id: UUID | None
) -> tuple[frozenset[str], frozenset[UUID] | None]:
    """(rights, branches on which they hold; None: all) of a person who works in `branch_id`.

    Rights of one branch never leak into another: with more rights here than elsewhere, only the branches that have at
    least these rights stay open.
    """
    here = everywhere | by_branch.get(branch_id, frozenset()) if branch_id else everywhere
    if everywhere and covers(everywhere, here):
        return here, None
    return here, frozenset(branch for branch, own in by_branch.items() if covers(everywhere | own, here))
