"""A fresh address under which the customer reads and answers the estimate, for staff to pass on by hand."""

from django.conf import settings
from django.db import transaction

from apps.core.actor import Actor
from apps.platform.accounts.links import create_link
from apps.platform.accounts.models import AccessLink
from apps.platform.audit.services import record
from apps.verticals.workshop.errors import EstimateNotSent
from apps.verticals.workshop.models import Estimate, JobCard

LINK_DAYS = 14


@transaction.atomic
def make_estimate_link(actor: Actor, card: JobCard) -> str:
    """The whole address; earlier ones keep working. Raises EstimateNotSent before anything has been sent."""
    actor.require("job_card.estimate")
    if not card.estimates.filter(state__in=[Estimate.State.SENT, Estimate.State.DECIDED]).exists():
        raise EstimateNotSent
    token = create_link(card.organization_id, purpose=AccessLink.Purpose.ESTIMATE, subject_id=card.pk, days=LINK_DAYS)
    record(actor, "job_card.link_made", card)
    return f"{settings.SITE_URL}/e/{token}/"
