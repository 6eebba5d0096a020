"""Pages of the staff CMS cost the same for short and for long documents, and show amounts as people read them."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.engines.billing.models import InvoiceLine
from apps.engines.pricing.models import PriceListItem
from tests.factories.accounts import UserFactory
from tests.factories.billing import make_draft, make_invoice
from tests.factories.catalog import VariantFactory
from tests.factories.organizations import OrganizationFactory
from tests.factories.pricing import PriceListFactory, PriceListItemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    browser = Client()
    browser.force_login(
        UserFactory(is_staff=True, is_superuser=True), backend="apps.platform.accounts.backends.EmailOrPhoneBackend"
    )
    browser.get("/admin/")
    return browser


def _items(count, **values):
    return [PriceListItemFactory(variant=VariantFactory(), **values) for _ in range(count)]


def _open(client, url):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(queries), answer.content.decode()


def test_a_long_price_list_costs_what_a_short_one_costs(client):
    price_list = PriceListFactory(organization=OrganizationFactory())
    _items(2, price_list=price_list)
    url = f"/admin/pricing/pricelist/{price_list.pk}/change/"
    client.get(url)
    few, _ = _open(client, url)
    _items(40, price_list=price_list)

    many, text = _open(client, url)

    # One more counts the pages.
    assert many <= few + 1
    assert len(re.findall(r'name="items-\d+-id"', text)) == 7
    assert "items-page=6" in text


def test_lines_of_any_page_are_saved(client):
    price_list = PriceListFactory(organization=OrganizationFactory())
    _items(9, price_list=price_list, unit_price=1000)
    last = PriceListItem.objects.filter(price_list=price_list).order_by("pk")[7:]
    form = {"name": price_list.name, "discount_percent": "0", "is_active": "on", "items-page": "2",
            "items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "2", "assignments-TOTAL_FORMS": "0",
            "assignments-INITIAL_FORMS": "0"}  # fmt: skip
    for number, item in enumerate(last):
        form |= {f"items-{number}-id": item.pk, f"items-{number}-price_list": price_list.pk,
                 f"items-{number}-variant": item.variant_id, f"items-{number}-min_quantity": item.min_quantity,
                 f"items-{number}-unit_price": "2500"}  # fmt: skip

    answer = client.post(f"/admin/pricing/pricelist/{price_list.pk}/change/?items-page=2", form)

    assert answer.status_code == 302, answer.context["errors"]
    prices = [int(item.unit_price) for item in PriceListItem.objects.filter(price_list=price_list).order_by("pk")]
    assert prices == [1000] * 7 + [2500] * 2


def test_a_line_keeps_what_was_chosen_wrongly(client):
    price_list = PriceListFactory(organization=OrganizationFactory())
    item = _items(1, price_list=price_list)[0]
    other = VariantFactory(sku="OTHER-1")
    form = {"name": "", "discount_percent": "0", "items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "1",
            "assignments-TOTAL_FORMS": "0", "assignments-INITIAL_FORMS": "0", "items-0-id": item.pk,
            "items-0-price_list": price_list.pk, "items-0-variant": other.pk, "items-0-min_quantity": "1",
            "items-0-unit_price": "1"}  # fmt: skip

    answer = client.post(f"/admin/pricing/pricelist/{price_list.pk}/change/", form)

    assert answer.status_code == 200
    assert f'value="{other.pk}" selected' in answer.content.decode()


def test_a_long_document_shows_a_page_of_its_lines(client):
    invoice = make_draft()
    url = f"/admin/billing/invoice/{invoice.pk}/change/"
    client.get(url)
    few, short = _open(client, url)
    line = InvoiceLine.objects.filter(invoice=invoice).first()
    values = {field.attname: getattr(line, field.attname) for field in line._meta.concrete_fields if field.name != "id"}
    InvoiceLine.objects.bulk_create(InvoiceLine(**values | {"position": number}) for number in range(10, 50))

    many, text = _open(client, url)

    assert many <= few + 1
    assert len(text) < 3 * len(short)


def test_lists_are_short_and_amounts_have_a_currency(client):
    for _ in range(30):
        make_invoice()
    _, text = _open(client, "/admin/billing/invoice/")
    cells = re.findall(r'<td class="field-total[^>]*>([^<]*)<', text)

    assert len(cells) == 25
    assert all(cell.strip().endswith("₫") for cell in cells)
    assert "0,00<" not in text


def test_amounts_of_documents_have_a_currency(client):
    invoice = make_invoice()

    _, text = _open(client, f"/admin/billing/invoice/{invoice.pk}/change/")

    assert "₫" in text
    assert not re.search(r">\s*[\d.]*\d{3},00\s*<", text)
