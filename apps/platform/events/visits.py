"""Events of visits and deliveries that several verticals understand, so that none of them has to know another."""

from dataclasses import dataclass
from uuid import UUID

from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@declare
@dataclass(frozen=True, kw_only=True)
class ServiceFinished(Event):
    """A customer was served (a vehicle handed over, a booking held, an order delivered). The subject is the document."""

    name = "service.finished"
    source_type: str
    customer_id: UUID
    label: str = ""
