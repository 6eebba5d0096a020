"""Invoices as something that can be paid, moved in the transaction of the payment."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from apps.core.actor import Actor, system_actor
from apps.core.errors import NotFound
from apps.core.money import ZERO, format_money
from apps.engines.billing.models import Invoice
from apps.engines.billing.settlement import show_payments
from apps.engines.billing.states import UNPAID
from apps.engines.payments.events import PaymentCompleted, PaymentEvent, PaymentRefunded
from apps.engines.payments.registry import PayableInfo, register_payable
from apps.platform.audit.services import record
from apps.platform.events.registry import listens


class InvoicePayable:
    """Finalised invoices are paid; drafts, cancelled and paid ones have nothing due."""

    def describe(self, payable_id: UUID) -> PayableInfo:
        return self._info(Invoice.objects.filter(pk=payable_id).first())

    def lock(self, payable_id: UUID) -> PayableInfo:
        return self._info(Invoice.objects.select_for_update(of=("self",)).filter(pk=payable_id).first())

    def is_visible_to(self, actor: Actor, payable_id: UUID) -> bool:
        return Invoice.objects.visible_to(actor).filter(pk=payable_id).exists()

    def shown_as_paid(self, organization_id: UUID | None) -> Iterable[tuple[UUID, str, Decimal]]:
        rows = Invoice.objects.all()
        if organization_id is not None:
            rows = rows.filter(organization_id=organization_id)
        return rows.values_list("pk", "number", "paid_amount").iterator()

    @staticmethod
    def _info(invoice: Invoice | None) -> PayableInfo:
        if invoice is None:
            raise NotFound
        return PayableInfo(
            type="invoice",
            id=invoice.pk,
            organization_id=invoice.organization_id,
            branch_id=invoice.branch_id,
            label=invoice.number,
            currency=invoice.currency,
            amount_due=invoice.balance if invoice.state in UNPAID else ZERO,
            payer_name=invoice.billed_name,
            description=invoice.number.replace("-", ""),
        )


@listens(PaymentCompleted)
def count_payment(event: PaymentCompleted, actor: Actor) -> None:
    _follow(event, actor, "invoice.payment_received")


@listens(PaymentRefunded)
def count_refund(event: PaymentRefunded, actor: Actor) -> None:
    _follow(event, actor, "invoice.paid_back")


def _follow(event: PaymentEvent, actor: Actor, action: str) -> None:
    if event.payable_type != "invoice":
        return
    invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=event.subject_id)
    amount = format_money(Decimal(event.amount), invoice.currency, "vi")
    record(actor, action, invoice, data={"amount": amount}, is_public=True)
    show_payments(system_actor(invoice.organization_id, name=actor.name), invoice)


register_payable("invoice", InvoicePayable())
