"""What the simulated company knows: payment links by id and by the shop's order number, for a week."""

from typing import Any

from django.core.cache import cache

WEEK = 7 * 24 * 3600
Link = dict[str, Any]


def add(link: Link) -> bool:
    """Keeps a new link; False when the order number is taken."""
    if not cache.add(f"payos-sim:order:{link['orderCode']}", link["id"], WEEK):
        return False
    save(link)
    return True


def save(link: Link) -> None:
    cache.set(f"payos-sim:link:{link['id']}", link, WEEK)


def find(key: str) -> Link | None:
    """The link of this id or order number."""
    link_id = cache.get(f"payos-sim:order:{key}") if key.isdigit() else key
    found: Link | None = cache.get(f"payos-sim:link:{link_id}") if link_id else None
    return found
