"""What a receiver says to mailings and offers: no more of them. The address in the message is the right to say so."""

from django.db import transaction

from apps.core.actor import system_actor
from apps.core.errors import NotFound
from apps.platform.accounts.models import Consent
from apps.platform.accounts.services import record_consent
from apps.platform.audit.services import record
from apps.platform.notifications.audiences import AUDIENCES
from apps.platform.notifications.links import open_unsubscribe
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.promotions import find_by_code, is_promotional, promotional_types


@transaction.atomic
def unsubscribe(token: str) -> str:
    """The receiver wants no more; returns who sent it. What waits for them is not sent. Raises NotFound."""
    row = find_mailing(token)
    actor = system_actor(row.organization_id)
    if row.bulk_send is not None:
        bulk = row.bulk_send
        AUDIENCES[bulk.audience].unsubscribe(bulk.organization_id, row.channel, row.address)
        kept = Delivery.objects.filter(organization=row.organization, bulk_send__isnull=False)
    else:
        record_consent(actor, kind=Consent.Kind.MARKETING, is_granted=False, source="unsubscribe", user=row.user)
        kept = Delivery.objects.filter(user=row.user, type__in=promotional_types())
    waiting = kept.filter(channel=row.channel, address=row.address, state=Delivery.State.QUEUED, provider="")
    waiting.update(state=Delivery.State.SUPPRESSED, error="unsubscribed", next_try_at=None)
    record(actor, "bulk_send.unsubscribed", row)
    return sender_of(row)


def find_mailing(token: str) -> Delivery:
    """The mailing or offer behind a signed token or a short code. Raises NotFound for a forged one."""
    delivery_id = open_unsubscribe(token) or find_by_code(token)
    rows = Delivery.objects.select_related("bulk_send", "organization", "user")
    row = rows.filter(pk=delivery_id).first() if delivery_id else None
    if row is None or (row.bulk_send is None and not (row.user and is_promotional(row.type))):
        raise NotFound
    return row


def sender_of(row: Delivery) -> str:
    """Whose messages they are."""
    return row.organization.name if row.organization else "Baylink"
