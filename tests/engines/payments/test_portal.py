"""Screens of payments in the garage portal."""

import pytest

from apps.engines.payments.models import ProviderEvent
from apps.platform.organizations.models import Organization
from tests.factories.billing import make_customer, make_invoice
from tests.factories.payments import pay
from tests.support.portal import ListKit

pytestmark = pytest.mark.django_db


class TestPaymentList(ListKit):
    url_name, right = "garage:payments", "payment.view"
    sorts = ("number", "state", "amount", "completed_at")
    filter_queries = ("state=completed", "method=cash", "received_from=2026-01-01")

    def make_row(self, actor, number=1):
        company = Organization.objects.get(pk=actor.organization_id)
        name = f"Khách số {number:03d} {company.pk}"
        return pay(make_invoice(company, customer=make_customer(company, number, name=name)), 1000)

    def label_of(self, row):
        return row.payer_name

    def search_for(self, row):
        return row.number


class TestPaymentInbox(ListKit):
    url_name, right = "garage:payment-inbox", "payment.view"
    sorts = ("reference", "outcome", "created_at")
    filter_queries = ("outcome=suspense",)

    def make_row(self, actor, number=1):
        return ProviderEvent.objects.create(
            provider="payos",
            reference=f"{actor.organization_id}:{number:04d}",
            organization_id=actor.organization_id,
            outcome="suspense",
            raw_body="{}",
        )

    def label_of(self, row):
        return row.reference
