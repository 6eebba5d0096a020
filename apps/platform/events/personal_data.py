"""Events that were told about a person, or in whose texts they are named."""

from django.db.models import Q

from apps.platform.accounts.privacy import LOGS, Erasure, register_eraser
from apps.platform.accounts.scrubbing import scrub_rows
from apps.platform.events.models import OutboxEvent


def erase(erasure: Erasure) -> None:
    """Takes the person's words out of the events; ids and times stay, so that what follows from them still works."""
    somewhere = Q(organization_id__in=erasure.organization_ids) | Q(organization_id__isnull=True)
    scrub_rows(OutboxEvent.objects.filter(somewhere), ("payload", "last_error"), erasure.words)


register_eraser("events", erase, order=LOGS)
