"""All that the page of one card shows, read when a part of the page asks for it and only once per request."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from apps.core.actor import Actor
from apps.engines.billing.models import Invoice
from apps.platform.accounts.models import User
from apps.platform.organizations.selectors import users_with_permission
from apps.verticals.workshop.models import (
    Estimate,
    EstimateLine,
    InspectionTemplate,
    JobCard,
    JobPhoto,
    PartRequirement,
    QualityCheck,
)
from apps.verticals.workshop.selectors import (
    CardMoney,
    CardWork,
    PartRow,
    Sheet,
    card_estimates,
    card_parts,
    card_work,
    declined_lines,
    find_template,
    inspection_sheet,
    list_photos,
    money_of,
    past_visits,
    worker_ids,
)


class Visit:
    """One card as `actor` sees it."""

    def __init__(self, actor: Actor, card: JobCard) -> None:
        self.actor, self.card = actor, card

    @cached_property
    def template(self) -> InspectionTemplate | None:
        return find_template(self.card)

    @cached_property
    def sheet(self) -> Sheet:
        return inspection_sheet(self.card, self.template, language=self.actor.language)

    @cached_property
    def estimates(self) -> list[Estimate]:
        """All versions, newest first."""
        return card_estimates(self.card)

    @property
    def open_estimate(self) -> Estimate | None:
        """The version that is being made or waits for the customer."""
        states = (Estimate.State.DRAFT, Estimate.State.SENT)
        return next((one for one in self.estimates if one.state in states), None)

    @property
    def in_force(self) -> Estimate | None:
        """The last version that the customer answered."""
        return next((one for one in self.estimates if one.state == Estimate.State.DECIDED), None)

    @cached_property
    def work(self) -> CardWork:
        return card_work(self.card)

    @cached_property
    def parts(self) -> list[PartRow]:
        return card_parts(self.actor, self.card)

    @property
    def to_order(self) -> list[PartRow]:
        """Parts that are short and not on order."""
        return [row for row in self.parts if row.part.state == PartRequirement.State.MISSING]

    @property
    def on_order(self) -> list[PartRow]:
        return [row for row in self.parts if row.part.state == PartRequirement.State.ORDERED]

    @cached_property
    def photos(self) -> list[JobPhoto]:
        return list_photos(self.card)

    @cached_property
    def past(self) -> list[JobCard]:
        return past_visits(self.card)

    @cached_property
    def declined(self) -> Sequence[EstimateLine]:
        return list(declined_lines(self.card))

    @cached_property
    def checks(self) -> list[QualityCheck]:
        return list(self.card.quality_checks.select_related("checked_by"))

    @property
    def is_passed(self) -> bool:
        """Whether the last quality check was passed."""
        return bool(self.checks) and self.checks[0].result == QualityCheck.Result.PASSED

    @cached_property
    def money(self) -> CardMoney:
        return money_of(self.card)

    @property
    def invoice(self) -> Invoice | None:
        return self.money.invoice

    @cached_property
    def technicians(self) -> list[User]:
        """The people of the branch who may be given work."""
        return users_with_permission(self.card.organization_id, "task.work", branch_id=self.card.branch_id)

    @cached_property
    def workers(self) -> set[Any]:
        return worker_ids(self.card)

    @property
    def may_check(self) -> bool:
        """Whether the actor may check this card: has the right, and has not worked on it."""
        return self.actor.can("job_card.check") and self.actor.user_id not in self.workers
