"""The platform's one category tree, kept by platform staff."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.errors import BadInput, NotAllowed, NotFound
from apps.core.text import clean_text
from apps.engines.catalog.models import Category
from apps.engines.catalog.rules import slug_of

EDITABLE = frozenset({"name", "name_en", "icon", "position", "is_active", "parent_id"})


@transaction.atomic
def create_category(
    actor: Actor, *, name: str, name_en: str = "", parent_id: int | None = None, icon: str = "", position: int = 0
) -> Category:
    """A new node. Only platform staff; raises NotAllowed, BadInput, NotFound (parent)."""
    _require_staff(actor)
    name = clean_text(name)
    if not name:
        raise BadInput(_("Please give a name."), field="name")
    slug = slug_of(name)[:72]
    taken = Category.objects.filter(slug__startswith=slug).count()
    return Category.objects.create(
        name=name,
        name_en=name_en,
        parent=_parent(parent_id),
        icon=icon,
        position=position,
        slug=f"{slug}-{taken + 1}" if taken else slug,
    )


@transaction.atomic
def update_category(actor: Actor, category: Category, **changes: Any) -> Category:
    """Renames, moves, hides a node. Only platform staff; raises NotAllowed, BadInput (a node below itself)."""
    _require_staff(actor)
    unknown = sorted(changes.keys() - EDITABLE)
    if unknown:
        raise BadInput(field=unknown[0])
    category = Category.objects.select_for_update().get(pk=category.pk)
    if "parent_id" in changes:
        parent = _parent(changes["parent_id"])
        if parent and category.pk in {node.pk for node in parent.ancestors(include_self=True)}:
            raise BadInput(_("A category cannot stand below itself."), field="parent_id")
    for name, value in changes.items():
        setattr(category, name, value)
    category.save()
    return category


def _parent(parent_id: int | None) -> Category | None:
    if parent_id is None:
        return None
    parent = Category.objects.filter(pk=parent_id).first()
    if parent is None:
        raise NotFound
    return parent


def _require_staff(actor: Actor) -> None:
    if not actor.is_platform_staff:
        raise NotAllowed
