"""What editable, moved and read-only rows do in the staff CMS."""

import pytest
from django.test import Client

from apps.core.clock import local_date
from apps.engines.billing.models import Invoice
from apps.engines.catalog.models import Brand
from apps.engines.customers.models import Customer
from apps.engines.inventory.models import Warehouse
from apps.platform.accounts.models import UserSession
from apps.platform.accounts.services.sessions import open_session
from apps.platform.audit.models import AuditLog
from apps.platform.organizations.models import Branch, Invitation, Membership, Organization
from tests.factories.accounts import UserFactory
from tests.factories.billing import make_customer, make_draft, make_invoice
from tests.factories.organizations import BranchFactory, MembershipFactory, OrganizationFactory, role

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    browser = Client()
    browser.force_login(
        UserFactory(is_staff=True, is_superuser=True), backend="apps.platform.accounts.backends.EmailOrPhoneBackend"
    )
    return browser


def _last_action(row):
    return AuditLog.objects.filter(entity_id=row.pk).order_by("-id").values_list("action", flat=True).first()


def test_a_master_is_made_by_its_service(client):
    company = OrganizationFactory()

    answer = client.post(
        "/admin/customers/customer/add/",
        {"organization": company.pk, "kind": "person", "name": "Lê Thị Hoa", "phone": "0901 234 567", "language": "vi",
         "credit_limit": "0", "is_active": "on", "tags": ""},
    )  # fmt: skip

    customer = Customer.objects.get()
    assert answer.status_code == 302
    assert (customer.organization, customer.phone) == (company, "+84901234567")
    assert "le thi hoa" in customer.search_text
    assert _last_action(customer) == "customer.created"


def test_a_master_is_changed_by_its_service(client):
    customer = make_customer(OrganizationFactory())
    data = {"kind": "person", "name": "Trần Thị Lan", "phone": customer.phone, "email": customer.email,
            "address": "", "language": "vi", "credit_limit": "0", "is_active": "on", "tags": ""}  # fmt: skip

    assert client.post(f"/admin/customers/customer/{customer.pk}/change/", data).status_code == 302
    customer.refresh_from_db()
    assert (customer.name, customer.version) == ("Trần Thị Lan", 2)
    assert "tran thi lan" in customer.search_text
    assert _last_action(customer) == "customer.updated"


def test_a_refusal_of_the_service_stands_in_the_form(client):
    customer = make_customer(OrganizationFactory())
    data = {"kind": "person", "name": customer.name, "phone": "123", "email": customer.email, "language": "vi",
            "credit_limit": "0", "is_active": "on", "tags": ""}  # fmt: skip

    answer = client.post(f"/admin/customers/customer/{customer.pk}/change/", data)

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert 'value="123"' in answer.content.decode()
    customer.refresh_from_db()
    assert customer.version == 1


def test_a_taken_code_is_refused_beside_its_field(client):
    branch = BranchFactory(code="Q1")
    data = {"organization": branch.organization_id, "code": "Q1", "name": "Quận 1", "is_active": "on"}

    answer = client.post("/admin/organizations/branch/add/", data)

    assert answer.status_code == 200
    assert Branch.objects.count() == 1


def test_plain_reference_data_is_written_to_the_log(client):
    client.post("/admin/catalog/brand/add/", {"name": "Bosch", "slug": "bosch", "country": "Đức"})

    brand = Brand.objects.get()
    assert _last_action(brand) == "staff.added"
    client.post(f"/admin/catalog/brand/{brand.pk}/change/", {"name": "Bosch", "slug": "bosch", "country": "Đức, EU"})
    assert AuditLog.objects.get(action="staff.changed").data == {"fields": "country"}


def test_masters_are_switched_off_not_deleted(client):
    brand = Brand.objects.create(name="Bosch", slug="bosch")

    assert client.post(f"/admin/catalog/brand/{brand.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Brand.objects.count() == 1


def test_a_company_is_suspended_by_its_service(client):
    company = OrganizationFactory()
    data = {name: getattr(company, name) for name in ("name", "legal_name", "tax_code", "language", "timezone",
            "brand_color", "phone", "email", "address", "bank_bin", "bank_account", "bank_account_name")}  # fmt: skip
    data |= {"status": "suspended", "branches-TOTAL_FORMS": "0", "branches-INITIAL_FORMS": "0"}

    answer = client.post(f"/admin/organizations/organization/{company.pk}/change/", data)

    assert answer.status_code == 302
    assert Organization.objects.get().status == "suspended"
    assert _last_action(company) == "organization.suspended"


def test_a_company_keeps_its_last_owner(client):
    membership = MembershipFactory()

    answer = client.post(f"/admin/organizations/membership/{membership.pk}/delete/", {"post": "yes"})

    assert answer.status_code in {302, 409, 422}
    assert Membership.objects.filter(pk=membership.pk).exists()


def test_a_membership_is_given_by_its_service(client):
    company = OrganizationFactory()
    MembershipFactory(organization=company)
    user = MembershipFactory(organization=company, role=role("technician")).user
    form = {"organization": company.pk, "role": role("cashier").pk, "branch": "", "title": "Thu ngân"}

    answer = client.post("/admin/organizations/membership/add/", {**form, "user": user.pk})

    assert answer.status_code == 302
    assert Membership.objects.get(user=user, role__code="cashier").title == "Thu ngân"
    assert AuditLog.objects.filter(action="membership.added").count() == 1

    stranger = UserFactory()
    answer = client.post("/admin/organizations/membership/add/", {**form, "user": stranger.pk})
    assert (answer.status_code, "thư mời" in answer.content.decode().lower()) == (200, True)
    assert not Membership.objects.filter(user=stranger).exists()


def test_a_change_keeps_the_first_day(client):
    row = MembershipFactory(active_from=local_date(), role=role("cashier"))
    MembershipFactory(organization=row.organization)
    page = f"/admin/organizations/membership/{row.pk}/change/"

    answer = client.post(page, {"role": row.role_id, "branch": "", "title": "Thu ngân", "active_to": ""})

    row.refresh_from_db()
    assert (answer.status_code, row.title, row.active_from) == (302, "Thu ngân", local_date())


def test_new_people_are_invited_from_here(client):
    company = OrganizationFactory()
    form = {"organization": company.pk, "role": role("owner").pk, "branch": "", "email": "chu@gara.demo", "phone": ""}
    add = "/admin/organizations/invitation/add/"

    assert client.get(add).status_code == 200
    answer = client.post(add, {**form, "name": "Lan", "title": ""})

    assert answer.status_code == 302
    row = Invitation.objects.get()
    assert (row.organization, row.email, row.state) == (company, "chu@gara.demo", "open")
    page = client.get(f"/admin/organizations/invitation/{row.pk}/change/").content.decode()
    assert "chu@gara.demo" in page
    assert row.token_hash not in page


def test_documents_show_their_legal_steps_and_timeline(client):
    draft = make_draft()

    text = client.get(f"/admin/billing/invoice/{draft.pk}/change/").content.decode()

    assert f"/admin/billing/invoice/{draft.pk}/step/finalise/" in text
    assert f"/admin/billing/invoice/{draft.pk}/step/cancel/" in text
    assert f"/admin/billing/invoice/{draft.pk}/step/send/" not in text


def test_a_document_moves_by_its_service(client):
    draft = make_draft()
    url = f"/admin/billing/invoice/{draft.pk}/step/finalise/"

    assert client.get(url).status_code == 200
    assert client.post(url, {"version": draft.version})["Location"] == f"/admin/billing/invoice/{draft.pk}/change/"
    assert Invoice.objects.get().state == "final"


def test_a_document_step_asks_for_its_reason_and_keeps_refusals(client):
    draft = make_draft()
    url = f"/admin/billing/invoice/{draft.pk}/step/cancel/"

    assert client.post(url, {"reason": ""}).status_code == 422
    stale = client.post(url, {"reason": "Khách đổi ý", "version": "99"})
    assert stale.status_code == 422
    assert "Khách đổi ý" in stale.content.decode()
    assert Invoice.objects.get().state == "draft"
    client.post(url, {"reason": "Khách đổi ý", "version": draft.version})
    assert Invoice.objects.get().state == "cancelled"


def test_an_illegal_step_changes_nothing(client):
    invoice = make_invoice()

    assert client.post(f"/admin/billing/invoice/{invoice.pk}/step/cancel/", {"reason": "Thử"}).status_code == 422
    assert client.post(f"/admin/billing/invoice/{invoice.pk}/step/nothing/").status_code == 404
    assert Invoice.objects.get().state == "final"


def test_sessions_come_out_as_a_file_without_what_opens_them(client):
    row = open_session(UserFactory(), kind="app", device="Pixel 8")
    UserSession.objects.filter(pk=row.pk).update(refresh_hash="hash-of-the-token", session_key="key-of-the-browser")

    answer = client.post(
        "/admin/accounts/usersession/", {"action": "export_csv", "_selected_action": [row.pk], "select_across": "0"}
    )

    text = answer.content.decode("utf-8-sig")
    assert "Pixel 8" in text
    assert "hash-of-the-token" not in text
    assert "key-of-the-browser" not in text


def test_ledgers_come_out_as_a_file_without_secrets(client):
    MembershipFactory()
    client.post(
        "/admin/inventory/warehouse/add/",
        {"organization": Organization.objects.get().pk, "branch": "", "code": "K1", "name": "=Kho", "kind":
         Warehouse.Kind.values[0], "address": ""},
    )  # fmt: skip
    row = AuditLog.objects.get(action="warehouse.created")

    answer = client.post(
        "/admin/audit/auditlog/", {"action": "export_csv", "_selected_action": [row.pk], "select_across": "0"}
    )

    assert answer["Content-Type"].startswith("text/csv")
    assert "warehouse.created" in answer.content.decode("utf-8-sig")
