"""Earlier versions of a row in the staff CMS: read in full, never filled in."""

import pytest
from django.test import Client

from apps.engines.billing.models import Invoice
from tests.factories.accounts import UserFactory
from tests.factories.billing import line, make_draft
from tests.factories.workshop import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    client = Client()
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user, backend="apps.platform.accounts.backends.EmailOrPhoneBackend")
    return client


def open_version(browser, row):
    history = type(row).history.model
    version = history.objects.filter(id=row.pk).earliest("history_date")
    label = f"{row._meta.app_label}/{row._meta.model_name}"
    return browser.get(f"/admin/{label}/{row.pk}/history/{version.history_id}/")


def test_an_earlier_version_of_a_document_shows_its_amounts(browser):
    customer = CustomerFactory()
    invoice = make_draft(customer.organization, line(100_000), customer=customer)
    shown = Invoice.objects.get(pk=invoice.pk)

    answer = open_version(browser, shown)

    assert answer.status_code == 200
    text = answer.content.decode()
    assert "110.000 ₫" in text
    assert 'name="total"' not in text


def test_an_earlier_version_of_a_master_row_is_read_only(browser):
    customer = CustomerFactory(name="Nguyễn Văn Bình")

    answer = open_version(browser, customer)

    assert answer.status_code == 200
    assert "Nguyễn Văn Bình" in answer.content.decode()
    assert 'name="name"' not in answer.content.decode()
