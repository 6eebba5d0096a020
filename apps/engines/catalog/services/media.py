"""Pictures of a product; at most one is the main one."""

from uuid import UUID

from django.db import transaction
from django.db.models import Max

from apps.core.actor import Actor
from apps.core.db import lock_visible
from apps.core.errors import NotFound
from apps.engines.catalog.models import Product, ProductMedia
from apps.platform.audit import services as audit
from apps.platform.files.models import StoredFile


@transaction.atomic
def add_media(
    actor: Actor, product: Product, *, file: StoredFile, alt_text: str = "", is_main: bool = False
) -> ProductMedia:
    """Adds a stored picture at the end; the first one becomes the main one. Needs `catalog.edit`."""
    actor.require("catalog.edit")
    product = lock_visible(actor, product)
    if file.organization_id != product.organization_id:
        raise NotFound
    last = product.media.aggregate(last=Max("position"))["last"]
    is_main = is_main or last is None
    if is_main:
        product.media.filter(is_main=True).update(is_main=False)
    media = ProductMedia.objects.create(
        product=product,
        file=file,
        alt_text=alt_text or product.name,
        position=0 if last is None else last + 1,
        is_main=is_main,
    )
    audit.record(actor, "product.media_added", product)
    return media


@transaction.atomic
def set_main_media(actor: Actor, product: Product, *, media_id: UUID) -> ProductMedia:
    """Makes another picture the main one. Needs `catalog.edit`; raises NotFound."""
    actor.require("catalog.edit")
    product = lock_visible(actor, product)
    media = _media_of(product, media_id)
    product.media.filter(is_main=True).update(is_main=False)
    media.is_main = True
    media.save(update_fields=["is_main"])
    return media


@transaction.atomic
def remove_media(actor: Actor, product: Product, *, media_id: UUID) -> None:
    """Takes a picture away; the next one becomes the main one when it was that. Needs `catalog.edit`."""
    actor.require("catalog.edit")
    product = lock_visible(actor, product)
    media = _media_of(product, media_id)
    media.delete()
    first = product.media.order_by("position").first()
    if media.is_main and first:
        first.is_main = True
        first.save(update_fields=["is_main"])
    audit.record(actor, "product.media_removed", product)


def _media_of(product: Product, media_id: UUID) -> ProductMedia:
    media = product.media.filter(pk=media_id).first()
    if media is None:
        raise NotFound
    return media
