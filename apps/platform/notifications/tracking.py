"""What mail providers report through django-anymail."""

from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.dispatch import receiver

from apps.core.ids import parse_id
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.services.outcome import record_receipt

_STATES = {
    EventType.DELIVERED: Delivery.State.DELIVERED,
    EventType.BOUNCED: Delivery.State.FAILED,
    EventType.REJECTED: Delivery.State.FAILED,
    EventType.FAILED: Delivery.State.FAILED,
}
_ID = 36


@receiver(tracking, dispatch_uid="notifications.keep_email_receipt")
def keep_email_receipt(event: AnymailTrackingEvent, esp_name: str, **_rest: Any) -> None:
    """A bounce for a while, an opened mail and the like say nothing new."""
    key = str((event.metadata or {}).get("delivery", ""))
    delivery_id, sent = parse_id(key[:_ID]), key[_ID + 1 :]
    state = _STATES.get(event.event_type)
    if delivery_id is not None and state is not None:
        error = event.description or event.mta_response or event.reject_reason or ""
        failed = state == Delivery.State.FAILED
        record_receipt(
            delivery_id,
            provider=esp_name.lower(),
            state=state,
            error=str(error) if failed else "",
            round_=int(sent) if sent.isdecimal() and len(sent) < 5 else 0,
        )
