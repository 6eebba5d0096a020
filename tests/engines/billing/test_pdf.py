"""Printed papers: pages, fonts, and that the issued one is kept."""

import re
import unicodedata
from decimal import Decimal

import pytest
from reportlab.platypus import Paragraph

from apps.engines.billing.bank import transfer_slip
from apps.engines.billing.models import Invoice
from apps.engines.billing.pdf import render_invoice, render_receipt
from apps.engines.billing.pdf.style import Styles, brand
from apps.engines.billing.services import store_invoice_pdf
from apps.platform.files.models import StoredFile
from tests.factories.billing import line, make_draft, make_invoice
from tests.factories.organizations import OrganizationFactory
from tests.factories.payments import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return OrganizationFactory(
        legal_name="Công ty TNHH Minh Phát",
        tax_code="0312345678",
        bank_bin="970436",
        bank_account="0071001234567",
        bank_account_name="CTY MINH PHAT",
    )


@pytest.fixture
def words(monkeypatch):
    """Everything that is written while a paper is drawn."""
    written: list[str] = []
    original = Paragraph.__init__

    def remember(self, text, *args, **options):
        written.append(text)
        original(self, text, *args, **options)

    monkeypatch.setattr(Paragraph, "__init__", remember)
    return written


def count_pages(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", content))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_invoice(company, words, language):
    invoice = make_invoice(
        company,
        line(350_000),
        line(780_000, kind="part", description="Má phanh trước", unit="bộ", tax_rate=Decimal(8)),
    )

    content = render_invoice(invoice, language)

    assert content.startswith(b"%PDF-")
    assert count_pages(content) == 1
    assert content.count(b"/FontFile2") == 2  # both fonts are embedded
    total = {"vi": "1.227.400 ₫", "en": "₫1,227,400"}[language]
    spoken = {
        "vi": "Một triệu hai trăm hai mươi bảy nghìn bốn trăm đồng",
        "en": "One million two hundred twenty-seven thousand four hundred Vietnamese dong",
    }[language]
    assert total in words
    assert any(spoken in text for text in words)
    assert {"Công ty TNHH Minh Phát", invoice.number, "Má phanh trước", "Vietcombank · 0071001234567"} <= set(words)
    assert {"8%", "10%"} <= set(words)


def test_many_lines_run_over_pages(company):
    lines = [
        line(100_000 + number, description=f"Dòng {number} có phần mô tả rất dài để xuống hàng") for number in range(60)
    ]

    assert count_pages(render_invoice(make_draft(company, *lines), "vi")) >= 3


def test_decomposed_accents_are_composed(company, words):
    text = unicodedata.normalize("NFD", "Thay dầu động cơ & lọc")
    render_invoice(make_invoice(company, line(description=text)), "vi")

    assert "Thay dầu động cơ &amp; lọc" in words


def test_a_colour_that_is_none_does_not_stop_it():
    assert brand("đỏ") == brand("") == Styles(brand("#0f6e71")).color


def test_a_receipt(company, words):
    invoice = make_invoice(company)
    payment = pay(invoice, 110_000, note="Trả đủ")

    content = render_receipt(payment, invoice, "vi")

    assert count_pages(content) == 1
    assert {"110.000 ₫", "Một trăm mười nghìn đồng.", "Trả đủ"} <= set(words)


def test_the_issued_paper_is_kept_once(company):
    invoice = make_invoice(company)

    first = store_invoice_pdf(invoice)
    again = store_invoice_pdf(Invoice.objects.get(pk=invoice.pk))

    assert first == again == StoredFile.objects.get()
    assert (first.original_name, first.is_public) == (f"{invoice.number}.pdf", False)
    assert first.file.read().startswith(b"%PDF-")


def test_the_transfer_slip_is_over_the_balance(company):
    invoice = make_invoice(company)
    pay(invoice, 10_000)
    invoice.refresh_from_db()

    slip = transfer_slip(invoice)

    assert "5406100000" in slip.text
    assert (slip.bank, slip.purpose) == ("Vietcombank", invoice.number)
    assert f"08{len(invoice.number)}{invoice.number}" in slip.text
    pay(invoice, 100_000)
    assert transfer_slip(Invoice.objects.get()) is None
    assert transfer_slip(make_draft(company, customer=invoice.customer)) is None
    assert transfer_slip(make_invoice(OrganizationFactory())) is None
