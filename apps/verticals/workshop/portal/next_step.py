"""The one thing to do next on a card, and how far the visit has come."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.portal.links import find_url
from apps.engines.billing.models import Invoice
from apps.verticals.workshop.models import Estimate, JobCard
from apps.verticals.workshop.portal.visit import Visit

S = JobCard.State


@dataclass(frozen=True, slots=True)
class NextStep:
    """`kind`: page (a link), tab (a part of this page), dialog (asks first), post (does it at once), wait (only words)."""

    label: str
    kind: str
    target: str = ""
    icon: str = ""
    hint: str = ""
    permission: str = ""


def next_step(visit: Visit) -> NextStep | None:
    """What comes next, if the actor may do it; None at the end of the visit."""
    step = _STEPS.get(visit.card.state, lambda visit: None)(visit)
    if step is not None and step.permission and not visit.actor.can(step.permission):
        return NextStep(step.label, "wait", icon=step.icon, hint=step.hint)
    return step


def _created(_visit: Visit) -> NextStep:
    return NextStep(_("Inspect"), "tab", "inspection", "scan-search", permission="job_card.inspect")


def _inspected(visit: Visit) -> NextStep:
    count = visit.sheet.needs_work
    found = ngettext("%(n)s point needs work", "%(n)s points need work", count) % {"n": count} if count else ""
    return NextStep(
        _("Make the estimate"), "page", "estimate-edit", "file-text", hint=found, permission="job_card.estimate"
    )


def _estimated(visit: Visit) -> NextStep:
    if visit.open_estimate is not None:
        return _send(visit.open_estimate)
    return NextStep(
        _("Make a new estimate"),
        "page",
        "estimate-edit",
        "file-text",
        hint=_("The customer declined everything"),
        permission="job_card.estimate",
    )


def _send(estimate: Estimate) -> NextStep:
    hint = _("Version %(number)s is ready") % {"number": estimate.number}
    return NextStep(_("Send to the customer"), "dialog", "send", "send", hint=hint, permission="job_card.estimate")


def _waiting_for_customer(visit: Visit) -> NextStep:
    if visit.open_estimate is not None and visit.open_estimate.state == Estimate.State.DRAFT:
        return _send(visit.open_estimate)
    return NextStep(
        _("Enter the answer"),
        "dialog",
        "answer",
        "phone-call",
        hint=_("Waiting for the customer"),
        permission="job_card.estimate",
    )


def _approved(visit: Visit) -> NextStep:
    if any(row.task.technician_id is None for row in visit.work.open_tasks):
        return NextStep(_("Assign"), "dialog", "assign", "users", permission="job_card.assign")
    return _assigned(visit)


def _assigned(_visit: Visit) -> NextStep:
    return NextStep(_("Start work"), "post", "start", "play", permission="job_card.work")


def _in_progress(visit: Visit) -> NextStep:
    if visit.open_estimate is not None and visit.open_estimate.state == Estimate.State.DRAFT:
        return _send(visit.open_estimate)
    if visit.to_order:
        return _order(visit)
    left = len(visit.work.open_tasks)
    if left:
        words = ngettext("%(n)s task to do", "%(n)s tasks to do", left) % {"n": left}
        return NextStep(words, "tab", "work", "wrench")
    return NextStep(_("To the quality check"), "post", "submit_check", "clipboard-check", permission="job_card.work")


def _order(visit: Visit) -> NextStep:
    count = len(visit.to_order)
    words = ngettext("%(n)s part is missing", "%(n)s parts are missing", count) % {"n": count}
    return NextStep(
        _("Order missing parts"), "dialog", "order", "shopping-cart", hint=words, permission="job_card.order_parts"
    )


def _waiting_for_parts(visit: Visit) -> NextStep:
    if visit.to_order:
        return _order(visit)
    order = next((row.order for row in visit.on_order if row.order), None)
    if order is not None and find_url("garage:order", order.pk):
        words = _("%(number)s from %(seller)s") % {"number": order.number, "seller": order.seller.name}
        return NextStep(_("Receive the parts"), "order", str(order.pk), "package-check", hint=words)
    return NextStep(_("Look for the parts again"), "post", "reserve", "refresh-cw", permission="job_card.issue_parts")


def _quality_check(visit: Visit) -> NextStep:
    if visit.is_passed:
        return NextStep(_("Complete"), "post", "complete", "circle-check", permission="job_card.complete")
    if visit.actor.can("job_card.check") and not visit.may_check:
        return NextStep(
            _("Quality check"), "wait", icon="clipboard-check", hint=_("You worked on it: somebody else checks")
        )
    return NextStep(_("Quality check"), "dialog", "check", "clipboard-check", permission="job_card.check")


def _completed(visit: Visit) -> NextStep:
    invoice = visit.invoice
    if invoice is not None and invoice.state == Invoice.State.DRAFT:
        return NextStep(_("Finalise the invoice"), "invoice", icon="receipt-text", permission="invoice.view")
    if invoice is not None and invoice.balance > visit.card.customer.credit_limit:
        return NextStep(_("Receive payment"), "invoice", icon="banknote", permission="invoice.view")
    return NextStep(_("Hand over"), "dialog", "deliver", "key-round", permission="job_card.deliver")


_STEPS: dict[str, Callable[[Visit], NextStep | None]] = {
    S.CREATED: _created,
    S.INSPECTED: _inspected,
    S.ESTIMATED: _estimated,
    S.WAITING_CUSTOMER_APPROVAL: _waiting_for_customer,
    S.APPROVED: _approved,
    S.ASSIGNED: _assigned,
    S.IN_PROGRESS: _in_progress,
    S.WAITING_PARTS: _waiting_for_parts,
    S.QUALITY_CHECK: _quality_check,
    S.COMPLETED: _completed,
}

STAGES = (
    (S.CREATED, S.INSPECTED),
    (S.ESTIMATED,),
    (S.WAITING_CUSTOMER_APPROVAL,),
    (S.APPROVED, S.ASSIGNED, S.IN_PROGRESS, S.WAITING_PARTS),
    (S.QUALITY_CHECK,),
    (S.COMPLETED,),
)
WAITING = (S.WAITING_CUSTOMER_APPROVAL, S.WAITING_PARTS)


def list_stages(card: JobCard) -> list[dict[str, Any]]:
    """The stations of a visit for the stepper; none for a cancelled card."""
    if card.state == S.CANCELLED:
        return []
    labels = [_("Inspection"), _("Estimate"), _("Approval"), _("Work"), _("Check"), _("Payment"), _("Hand-over")]
    place = next((number for number, states in enumerate(STAGES) if card.state in states), len(labels))
    shown = [{"label": _("Check-in"), "state": "done"}]
    for number, label in enumerate(labels):
        state = "done" if number < place else "todo"
        if number == place:
            state = "waiting" if card.state in WAITING else "current"
        shown.append({"label": label, "state": state})
    return shown
