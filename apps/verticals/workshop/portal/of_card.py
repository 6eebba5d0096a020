"""Pages of one card."""

from typing import Any

from django.utils.functional import cached_property

from apps.core.db import get_visible
from apps.verticals.workshop.models import JobCard
from apps.verticals.workshop.portal.visit import Visit
from apps.verticals.workshop.selectors import list_job_cards


class OfCard:
    """Put before PortalView: the address carries the id of a card."""

    actor: Any
    kwargs: dict[str, Any]

    @cached_property
    def card(self) -> JobCard:
        """The card; NotFound for another company's or branch's."""
        card: JobCard = get_visible(list_job_cards(self.actor), self.actor, self.kwargs["id"])
        card.visit = Visit(self.actor, card)
        return card
