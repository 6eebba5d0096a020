"""The live topic of a branch's stock."""

from apps.core.actor import Actor
from apps.core.ids import parse_id
from apps.platform.organizations.models import Branch
from apps.platform.realtime.registry import register_topic


def _may_follow(actor: Actor, branch_id: str) -> bool:
    """Who may see stock follows the branches of the own company that are open to them."""
    key = parse_id(branch_id)
    if key is None or not actor.can("inventory.view") or not actor.reaches_branch(key):
        return False
    return Branch.objects.visible_to(actor).filter(pk=key).exists()


register_topic("inventory", _may_follow)
