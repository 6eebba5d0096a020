"""Screens of invoices in the garage portal."""

from decimal import Decimal

import pytest
from django.urls import reverse

from apps.core.actor import ANONYMOUS
from apps.core.clock import local_date
from apps.engines.billing.links import make_invoice_link
from apps.engines.billing.models import Invoice
from apps.engines.payments.models import MoneyMovement, Payment, Refund
from apps.platform.organizations.models import Organization
from apps.platform.realtime.registry import find_stream
from tests.factories.actors import actor_for
from tests.factories.billing import line, make_customer, make_draft, make_invoice
from tests.factories.organizations import BranchFactory, OrganizationFactory
from tests.factories.payments import pay
from tests.support.portal import DetailKit, ListKit, browser_of

pytestmark = pytest.mark.django_db


def company_of(actor) -> Organization:
    return Organization.objects.get(pk=actor.organization_id)


class TestInvoiceList(ListKit):
    url_name, right = "garage:invoices", "invoice.view"
    sorts = ("number", "state", "total", "issued_on", "due_on", "created_at")
    filter_queries = ("state=final", "payment=pending", "issued_from=2026-01-01&issued_to=2026-12-31")

    def make_row(self, actor, number=1):
        company = company_of(actor)
        return make_invoice(
            company, customer=make_customer(company, number, name=f"Khách số {number:03d} {actor.organization_id}")
        )

    def label_of(self, row):
        return row.billed_name

    def search_for(self, row):
        return row.number


class TestInvoiceDetail(DetailKit):
    url_name, right = "garage:invoice", "invoice.view"
    has_branches = True

    def make_row(self, actor, number=1):
        return make_invoice(company_of(actor))

    def make_row_of_other_branch(self, actor):
        company = company_of(actor)
        return make_invoice(company, branch=BranchFactory(organization=company))


@pytest.fixture
def company():
    return OrganizationFactory(bank_bin="970436", bank_account="0071001234567")


@pytest.fixture
def owner(company):
    return browser_of(actor_for("owner", company))


def do(browser, invoice, action, **data):
    return browser.post(reverse("garage:invoice-do", args=[invoice.pk, action]), data)


class TestMoney:
    def test_received_in_the_dialog(self, company, owner):
        invoice = make_invoice(company)
        dialog = owner.get(
            reverse("garage:invoice-do", args=[invoice.pk, "receive"]), headers={"HX-Request": "true"}
        ).content.decode()
        assert 'value="110000"' in dialog

        answer = do(
            owner, invoice, "receive", amount="110000", method="cash", tendered="200000", version=invoice.version
        )

        assert answer.status_code == 302
        assert Invoice.objects.get().state == "paid"
        page = owner.get(reverse("garage:invoice", args=[invoice.pk])).content.decode()
        assert Payment.objects.get().number in page

    def test_too_much_stands_beside_the_field(self, company, owner):
        invoice = make_invoice(company)

        answer = do(owner, invoice, "receive", amount="110001", method="cash")

        assert answer.status_code == 422
        assert answer.context["form"].errors["amount"]
        assert not MoneyMovement.objects.exists()

    def test_a_stale_click_is_refused(self, company, owner):
        invoice = make_invoice(company)
        pay(invoice, 1000)

        answer = do(owner, invoice, "receive", amount="1000", method="cash", version=invoice.version)

        assert answer.status_code == 409
        assert MoneyMovement.objects.count() == 1

    @pytest.mark.parametrize(
        ("tendered", "words"),
        [("200000", "90.000 ₫"), ("100000", "10.000 ₫"), ("", ""), ("abc", ""), ("200.000", "90.000 ₫")],
    )
    def test_change_is_said_while_typing(self, company, owner, tendered, words):
        invoice = make_invoice(company)

        answer = owner.post(
            reverse("garage:invoice-change", args=[invoice.pk]), {"amount": "110000", "tendered": tendered}
        )

        assert words in answer.content.decode()
        assert bool(answer.content) == bool(words)

    def test_paid_back(self, company, owner):
        payment = pay(make_invoice(company), 110_000)
        url = reverse("garage:payment-refund", args=[payment.pk])
        assert 'value="110000"' in owner.get(url).content.decode()

        owner.post(url, {"amount": "10000", "reason": "Làm lại", "version": payment.version})

        assert Refund.objects.get().amount == Decimal(10_000)
        assert owner.post(url, {"amount": "110000", "reason": "x"}).status_code == 422
        assert Refund.objects.count() == 1

    def test_who_has_no_right_sees_no_button(self, company):
        invoice = make_invoice(company)
        browser = browser_of(actor_for("technician", company))

        assert do(browser, invoice, "receive", amount="1", method="cash").status_code == 403
        assert browser.get(reverse("garage:payments")).status_code == 403
        assert not MoneyMovement.objects.exists()


class TestDrafts:
    def form(self, **changes):
        rows = {
            "lines-TOTAL_FORMS": "1",
            "lines-INITIAL_FORMS": "1",
            "lines-MIN_NUM_FORMS": "1",
            "lines-MAX_NUM_FORMS": "200",
            "lines-0-kind": "part",
            "lines-0-description": "Lọc gió",
            "lines-0-quantity": "2",
            "lines-0-unit_price": "150000",
            "lines-0-discount": "",
            "lines-0-tax_rate": "8",
        }
        return {"billed_name": "Công ty An Phát", **rows, **changes}

    def test_changed(self, company, owner):
        draft = make_draft(company)
        url = reverse("garage:invoice-edit", args=[draft.pk])
        assert "Thay dầu máy" in owner.get(url).content.decode()

        answer = owner.post(url, self.form(version=draft.version))

        assert answer.status_code == 302
        fresh = Invoice.objects.get()
        assert (fresh.total, fresh.billed_name) == (Decimal(324_000), "Công ty An Phát")

    def test_sums_while_typing(self, company, owner):
        url = reverse("garage:invoice-edit", args=[make_draft(company).pk])

        assert "324.000 ₫" in owner.post(url, self.form(_recalculate="1")).content.decode()

    def test_finalised_by_button(self, company, owner):
        draft = make_draft(company)

        do(owner, draft, "finalise", version=draft.version)

        assert Invoice.objects.get().number == f"INV-{local_date().year}-000001"
        url = reverse("garage:invoice-edit", args=[draft.pk])
        assert owner.post(url, self.form()).status_code == 422
        assert Invoice.objects.get().total == Decimal(110_000)


class TestPapersAndLinks:
    def test_pdf(self, company, owner):
        answer = owner.get(reverse("garage:invoice-pdf", args=[make_invoice(company).pk]))

        assert answer["Content-Type"] == "application/pdf"

    def test_receipt(self, company, owner):
        url = reverse("garage:payment-receipt", args=[pay(make_invoice(company), 1000).pk])

        assert owner.get(url).content.startswith(b"%PDF-")
        assert browser_of(actor_for("owner")).get(url).status_code == 404
        assert browser_of(actor_for("technician", company)).get(url).status_code == 403

    def test_the_link_opens_the_page_without_log_in(self, company, owner, client):
        invoice = make_invoice(company, line(200_000, description="Cân chỉnh thước lái"))

        part = owner.post(reverse("garage:invoice-link", args=[invoice.pk])).content.decode()
        link = part.split('data-copy="')[1].partition('"')[0]
        page = client.get(link.partition("8000")[2] or link)

        assert page.status_code == 200
        text = page.content.decode()
        assert "Cân chỉnh thước lái" in text
        assert "220.000 ₫" in text
        assert client.get(f"{link.partition('8000')[2]}pdf/")["Content-Type"] == "application/pdf"

    def test_an_unknown_link(self, client):
        assert client.get("/i/xyz/").status_code == 404
        assert client.post("/i/xyz/pay/").status_code == 404

    def test_drafts_have_no_link(self, company, owner):
        assert owner.post(reverse("garage:invoice-link", args=[make_draft(company).pk])).status_code == 404

    def test_a_paid_one_asks_for_nothing(self, company, owner, client):
        invoice = make_invoice(company)
        pay(invoice, 110_000)
        part = owner.post(reverse("garage:invoice-link", args=[invoice.pk])).content.decode()
        link = part.split('data-copy="')[1].partition('"')[0].partition("8000")[2]

        text = client.get(link).content.decode()

        assert f"{link}pay/" not in text
        assert client.post(f"{link}pay/").status_code == 409
        assert not Payment.objects.filter(method="online").exists()

    def test_strangers(self, company):
        invoice = make_invoice(company)
        stranger = browser_of(actor_for("owner"))

        for name in ("invoice-pdf", "invoice-edit"):
            assert stranger.get(reverse(f"garage:{name}", args=[invoice.pk])).status_code == 404
        for name in ("invoice-link", "invoice-change"):
            assert stranger.post(reverse(f"garage:{name}", args=[invoice.pk])).status_code == 404
        assert stranger.get(reverse("garage:payment-refund", args=[pay(invoice, 1000).pk])).status_code == 404


class TestTopics:
    def test_who_may_follow(self, company):
        invoice = make_invoice(company)
        owner, technician, stranger = (
            actor_for("owner", company),
            actor_for("technician", company),
            actor_for("owner"),
        )
        token = make_invoice_link(invoice).rstrip("/").rpartition("/")[2]

        assert find_stream(owner, f"invoice:{invoice.pk}") == f"invoice:{invoice.pk}"
        assert find_stream(owner, f"invoices:{company.pk}") == f"invoices:{company.pk}"
        for actor in (technician, stranger, ANONYMOUS):
            assert find_stream(actor, f"invoice:{invoice.pk}") is None
            assert find_stream(actor, f"invoices:{company.pk}") is None
        assert find_stream(ANONYMOUS, f"invoice-link:{token}") == f"invoice:{invoice.pk}"
        assert find_stream(ANONYMOUS, "invoice-link:wrong") is None
        assert find_stream(owner, "invoice:nonsense") is None
