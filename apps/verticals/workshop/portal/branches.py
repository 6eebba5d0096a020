"""Which branch a screen of the desk shows."""

from apps.core.actor import Actor
from apps.core.errors import NotFound
from apps.core.ids import parse_id
from apps.platform.organizations.models import Branch
from apps.platform.organizations.selectors import list_branches


def open_branches(actor: Actor) -> list[Branch]:
    """The branches whose calendar and workshop the actor may see, with their company."""
    return list(list_branches(actor).select_related("organization"))


def choose_branch(branches: list[Branch], actor: Actor, asked: str) -> Branch:
    """The branch that the address asks for, else the one the actor works in, else the first. Raises NotFound."""
    wanted = parse_id(asked) if asked else actor.branch_id
    if asked and wanted not in {branch.pk for branch in branches}:
        raise NotFound
    found = next((branch for branch in branches if branch.pk == wanted), branches[0] if branches else None)
    if found is None:
        raise NotFound
    return found
