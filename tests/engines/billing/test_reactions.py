"""What customers and staff are told, and the papers that go along."""

from datetime import timedelta

import pytest

from apps.core.actor import system_actor
from apps.core.clock import local_date
from apps.core.testing.relay import run_relay
from apps.engines.billing.models import Invoice
from apps.engines.billing.services import mark_overdue_invoices, send_invoice
from apps.engines.payments.services import receive_cash
from apps.platform.files.models import StoredFile
from apps.platform.notifications.models import Delivery, Notification
from tests.factories.actors import actor_for
from tests.factories.billing import make_customer, make_invoice
from tests.factories.organizations import OrganizationFactory
from tests.factories.payments import pay

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company():
    return OrganizationFactory(name="Gara Minh Phát")


def delivery(kind: str, channel: str) -> Delivery:
    return Delivery.objects.get(type=kind, channel=channel)


def test_the_paper_is_kept_after_finalising(company):
    invoice = make_invoice(company)

    run_relay()

    assert Invoice.objects.get().document.original_name == f"{invoice.number}.pdf"


def test_the_invoice_goes_out_with_paper_and_link(company):
    invoice = make_invoice(company)
    send_invoice(system_actor(company.pk), invoice)

    run_relay()

    email, sms = delivery("invoice.sent", "email"), delivery("invoice.sent", "sms")
    assert email.subject == f"Hóa đơn {invoice.number} – Gara Minh Phát"
    assert "Số tiền còn phải trả: 110.000 ₫" in email.body
    assert email.attachments == [str(Invoice.objects.get().document_id)]
    assert "/i/" in email.body
    assert "/i/" in sms.body
    assert sms.address == "+84912345001"
    run_relay()
    assert Delivery.objects.count() == 2


def test_sent_again_it_goes_out_again(company):
    invoice = make_invoice(company)
    for _ in range(2):
        send_invoice(system_actor(company.pk), invoice)
    run_relay()

    assert Delivery.objects.filter(type="invoice.sent", channel="email").count() == 2
    assert StoredFile.objects.count() == 1


def test_who_speaks_english_reads_english(company):
    invoice = make_invoice(company, customer=make_customer(company, language="en", phone=""))
    send_invoice(system_actor(company.pk), invoice)
    run_relay()

    assert delivery("invoice.sent", "email").subject == f"Invoice {invoice.number} – Gara Minh Phát"
    assert not Delivery.objects.filter(channel="sms").exists()


def test_the_payer_gets_a_receipt_and_staff_see_it(company):
    cashier, accountant = actor_for("cashier", company), actor_for("accountant", company)
    technician = actor_for("technician", company)
    invoice = make_invoice(company)
    payment = receive_cash(cashier, payable_type="invoice", payable_id=invoice.pk, amount=invoice.total)
    run_relay()

    email = delivery("payment.received", "email")
    assert email.subject == f"Đã nhận 110.000 ₫ cho hóa đơn {invoice.number}"
    assert "thanh toán đủ" in email.body
    assert StoredFile.objects.get(pk=email.attachments[0]).original_name == f"{payment.number}.pdf"
    told = set(Notification.objects.filter(type="payment.booked").values_list("user_id", flat=True))
    assert accountant.user_id in told
    assert cashier.user_id not in told
    assert technician.user_id not in told


def test_a_part_names_the_rest(company):
    pay(make_invoice(company), 10_000)
    run_relay()

    assert "Còn lại" not in delivery("payment.received", "sms").body
    assert "Con lai 100.000 ₫" in delivery("payment.received", "sms").body


def test_an_overdue_invoice_is_reminded_of_once(company):
    invoice = make_invoice(company)
    send_invoice(system_actor(company.pk), invoice)
    Invoice.objects.filter(pk=invoice.pk).update(due_on=local_date() - timedelta(days=1))
    for _ in range(2):
        mark_overdue_invoices()
        run_relay()

    email, sms = delivery("payment.reminder", "email"), delivery("payment.reminder", "sms")
    assert email.subject == f"Nhắc thanh toán hóa đơn {invoice.number} – Gara Minh Phát"
    assert "110.000 ₫" in email.body
    assert "/i/" in sms.body


def test_what_is_paid_is_not_reminded_of(company):
    invoice = make_invoice(company)
    send_invoice(system_actor(company.pk), invoice)
    Invoice.objects.filter(pk=invoice.pk).update(due_on=local_date() - timedelta(days=1))
    mark_overdue_invoices()
    pay(invoice, 110000)
    run_relay()

    assert not Delivery.objects.filter(type="payment.reminder").exists()
