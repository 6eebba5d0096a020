"""Drafting, changing, finalising, sending, cancelling; the database keeps what was issued."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.core.actor import system_actor
from apps.core.clock import local_date
from apps.core.errors import BadInput, IllegalMove, NotAllowed, NotFound, StaleWrite
from apps.core.ids import uuid7
from apps.engines.billing.errors import InvoiceEmpty, InvoiceFinal, NoAddressToSend
from apps.engines.billing.models import Invoice, InvoiceLine
from apps.engines.billing.services import (
    cancel_invoice,
    draft_invoice,
    finalise_invoice,
    mark_overdue_invoices,
    send_invoice,
    update_draft,
)
from apps.platform.audit.models import AuditLog
from apps.platform.events.models import OutboxEvent
from tests.factories.actors import actor_for
from tests.factories.billing import line, make_customer, make_draft, make_invoice
from tests.factories.organizations import BranchFactory, OrganizationFactory
from tests.factories.payments import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return OrganizationFactory()


@pytest.fixture
def owner(company):
    return actor_for("owner", company)


class TestDrafting:
    def test_sums_follow_from_lines(self, company):
        invoice = make_draft(
            company,
            line(350_000, quantity=Decimal(2), discount=Decimal(50_000), tax_rate=Decimal(8)),
            line("33333.33", quantity=Decimal(3), tax_rate=Decimal(10), kind="part", description="Má phanh"),
        )

        assert (invoice.subtotal, invoice.discount_total) == (Decimal(800_000), Decimal(50_000))
        assert (invoice.tax_total, invoice.total) == (Decimal(62_000), Decimal(812_000))
        assert [row.gross for row in invoice.lines.all()] == [Decimal(702_000), Decimal(110_000)]
        assert invoice.number == ""
        assert (invoice.billed_name, invoice.billed_phone) == ("Trần Thị Mai 1", "+84912345001")

    def test_the_same_source_is_billed_once(self, company, owner):
        source = {"source_type": "test.card", "source_id": uuid7(), "source_label": "JC-1"}
        customer = make_customer(company)

        first = draft_invoice(owner, customer=customer, lines=[line()], **source)
        second = draft_invoice(owner, customer=customer, lines=[line(5)], **source)

        assert first == second
        assert Invoice.objects.count() == InvoiceLine.objects.count() == 1

    def test_after_cancelling_the_source_is_billed_anew(self, company, owner):
        source = {"source_type": "test.card", "source_id": uuid7()}
        first = make_draft(company, **source)
        cancel_invoice(owner, first, reason="Sai khách")

        assert make_draft(company, customer=first.customer, **source).pk != first.pk

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"quantity": Decimal(0)}, "quantity"),
            ({"discount": Decimal(100_001)}, "discount"),
            ({"discount": Decimal(-1)}, "discount"),
            ({"tax_rate": Decimal(101)}, "tax_rate"),
            ({"kind": "nothing"}, "kind"),
            ({"description": " "}, "description"),
            ({"unit_price": Decimal(-1)}, "unit_price"),
        ],
    )
    def test_lines_that_make_no_sense(self, company, owner, wrong, field):
        values = {"kind": "labour", "description": "x", "unit_price": Decimal(100_000)} | wrong

        with pytest.raises(BadInput) as refusal:
            draft_invoice(
                owner, customer=make_customer(company), lines=[line(), line(values.pop("unit_price"), **values)]
            )

        assert refusal.value.field == f"lines.1.{field}"
        assert not Invoice.objects.exists()

    def test_no_lines(self, company, owner):
        with pytest.raises(InvoiceEmpty):
            draft_invoice(owner, customer=make_customer(company), lines=[])

        assert not Invoice.objects.exists()

    def test_customer_and_branch_of_others_do_not_exist(self, company, owner):
        with pytest.raises(NotFound):
            draft_invoice(owner, customer=make_customer(OrganizationFactory()), lines=[line()])
        with pytest.raises(NotFound):
            draft_invoice(owner, customer=make_customer(company), lines=[line()], branch_id=BranchFactory().pk)

        assert not Invoice.objects.exists()

    def test_technicians_do_not_draft(self, company):
        with pytest.raises(NotAllowed):
            draft_invoice(actor_for("technician", company), customer=make_customer(company), lines=[line()])

        assert not Invoice.objects.exists()


class TestChanging:
    def test_lines_are_replaced(self, company, owner):
        draft = make_draft(company)

        changed = update_draft(owner, draft, lines=[line(200_000)], billed_name="Công ty An Phát", version=1)

        assert (changed.total, changed.billed_name, changed.version) == (Decimal(220_000), "Công ty An Phát", 2)
        assert changed.lines.count() == 1

    def test_somebody_else_was_quicker(self, company, owner):
        draft = make_draft(company)
        update_draft(owner, draft, notes="x")

        with pytest.raises(StaleWrite):
            update_draft(owner, draft, notes="y", version=1)

        assert Invoice.objects.get().notes == "x"

    def test_not_after_finalising(self, company, owner):
        invoice = make_invoice(company)

        with pytest.raises(InvoiceFinal):
            update_draft(owner, invoice, notes="y")

        assert Invoice.objects.get().notes == ""


class TestFinalising:
    def test_number_and_dates(self, company):
        first, second = make_invoice(company), make_invoice(company, customer=make_customer(company, 2))

        year = local_date().year
        assert (first.number, second.number) == (f"INV-{year}-000001", f"INV-{year}-000002")
        assert first.issued_on == local_date()
        assert first.due_on == local_date() + timedelta(days=7)
        assert first.state == "final"
        assert OutboxEvent.objects.filter(name="invoice.finalised", subject_id=first.pk).count() == 1

    def test_a_failed_finalising_gives_its_number_back(self, company, owner):
        draft = make_draft(company)
        with transaction.atomic():
            finalise_invoice(owner, draft)
            transaction.set_rollback(True)

        assert make_invoice(company).number.endswith("000001")

    def test_twice(self, company, owner):
        invoice = make_invoice(company)

        with pytest.raises(IllegalMove):
            finalise_invoice(owner, invoice)

        assert Invoice.objects.get().number == invoice.number

    def test_nothing_to_pay_is_paid(self, company):
        invoice = make_invoice(company, line(100_000, discount=Decimal(100_000)))

        assert (invoice.state, invoice.payment_status) == ("paid", "paid")

    def test_advisors_do_not_finalise(self, company):
        with pytest.raises(NotAllowed):
            finalise_invoice(actor_for("technician", company), make_draft(company))


class TestTheDatabaseKeepsIt:
    def refused(self, query, **values):
        with (
            pytest.raises(IntegrityError, match=r"does not change|never deleted|do not change|sum of its lines"),
            transaction.atomic(),
        ):
            query(**values)

    @pytest.mark.parametrize(
        "change",
        [
            {"total": 1, "subtotal": 1, "tax_total": 0},
            {"number": ""},
            {"number": "INV-1"},
            {"billed_name": "Ai đó"},
            {"issued_on": None},
            {"currency": "USD"},
            {"source_label": "x"},
        ],
    )
    def test_columns(self, company, change):
        invoice = make_invoice(company)

        self.refused(Invoice.objects.filter(pk=invoice.pk).update, **change)

        assert Invoice.objects.get().total == Decimal(110_000)

    def test_lines(self, company):
        invoice = make_invoice(company)
        other = make_draft(company, customer=make_customer(company, 2))

        self.refused(invoice.lines.all().delete)
        self.refused(invoice.lines.update, description="khác")
        self.refused(other.lines.update, invoice=invoice)
        row = invoice.lines.get()
        row.pk = uuid7()
        self.refused(row.save, force_insert=True)
        assert invoice.lines.count() == 1

    def test_the_invoice_stays(self, company):
        make_invoice(company)

        self.refused(Invoice.objects.all()._raw_delete, using="default")

        assert Invoice.objects.count() == 1

    def test_sums_must_be_those_of_the_lines(self, company):
        draft = make_draft(company)

        self.refused(
            Invoice.objects.filter(pk=draft.pk).update,
            number="INV-1", state="final", subtotal=1, tax_total=0, total=1,
        )  # fmt: skip

    def test_drafts_change_freely(self, company):
        draft = make_draft(company)
        draft.lines.all().delete()
        draft.delete()

        assert not Invoice.objects.exists()


class TestSendingAndCancelling:
    def test_sent(self, company, owner):
        invoice = send_invoice(owner, make_invoice(company))

        assert (invoice.state, invoice.sent_at is not None) == ("sent", True)
        assert OutboxEvent.objects.filter(name="invoice.sent").count() == 1

    def test_a_paid_one_is_sent_and_stays_paid(self, company, owner):
        invoice = make_invoice(company)
        pay(invoice, 110_000)

        assert send_invoice(owner, invoice).state == "paid"

    def test_nowhere_to_send(self, company, owner):
        invoice = make_invoice(company, customer=make_customer(company, phone="", email=""))

        with pytest.raises(NoAddressToSend):
            send_invoice(owner, invoice)

        assert not OutboxEvent.objects.filter(name="invoice.sent").exists()

    def test_drafts_are_not_sent(self, company, owner):
        with pytest.raises(IllegalMove):
            send_invoice(owner, make_draft(company))

    def test_only_drafts_are_cancelled(self, company, owner):
        assert cancel_invoice(owner, make_draft(company), reason="Khách đổi ý").state == "cancelled"
        with pytest.raises(IllegalMove):
            cancel_invoice(owner, make_invoice(company), reason="Khách đổi ý")

    def test_a_reason_is_needed(self, company, owner):
        with pytest.raises(BadInput):
            cancel_invoice(owner, make_draft(company), reason="  ")

        assert Invoice.objects.get().state == "draft"

    def test_overdue(self, company):
        late, fresh = make_invoice(company), make_invoice(company, customer=make_customer(company, 2))
        Invoice.objects.filter(pk=late.pk).update(due_on=local_date() - timedelta(days=1))

        assert (mark_overdue_invoices(), mark_overdue_invoices()) == (1, 0)

        states = dict(Invoice.objects.values_list("pk", "state"))
        assert states == {late.pk: "overdue", fresh.pk: "final"}
        assert AuditLog.objects.filter(action="invoice.overdue").count() == 1
        pay(late, 110_000)
        assert Invoice.objects.get(pk=late.pk).state == "paid"


def test_actor_of_another_company_sees_nothing(company):
    make_invoice(company)

    assert not Invoice.objects.visible_to(actor_for("owner")).exists()
    assert Invoice.objects.visible_to(system_actor(company.pk)).count() == 1
