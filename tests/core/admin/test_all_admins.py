"""A walk through the whole staff CMS."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client

from apps.core.admin.base import ReadOnlyMixin
from apps.core.admin.navigation import build_navigation
from apps.core.admin.pages import PAGES
from apps.core.testing.admin import AdminKit, list_admins, page_of
from apps.platform.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.organizations import BranchFactory, MembershipFactory
from tests.support.admin_world import build_world

pytestmark = pytest.mark.django_db
ADMINS = [pytest.param(one, id=one.opts.label) for one in list_admins()]

# Shown inside others, or the machinery's own: nothing that staff look for.
WITHOUT_PAGE = {
    "accounts.AccountEmail", "accounts.Address", "accounts.SecondStep", "catalog.Fitment", "catalog.ProductMedia", "billing.InvoiceLine",
    "events.HandledEvent",
    "notifications.NotificationPreference", "orders.OrderLine", "pricing.PriceListAssignment",
    "pricing.PriceListItem", "scheduling.TimeOff", "scheduling.WorkingHours", "shipping.ShipmentLine",
    "system.IdempotencyRecord", "system.NumberSequence", "vehicles.OdometerReading", "vehicles.Ownership",
    "vehicles.PlateAssignment", "workshop.CheckIn", "workshop.EstimateDecision", "workshop.EstimateLine",
    "workshop.InspectionPoint", "workshop.JobPhoto", "workshop.PartRequirement", "workshop.QualityCheck",
    "workshop.ServicePackageLine",
}  # fmt: skip
NEVER_EDITED = {
    "billing.Invoice", "orders.Order", "shipping.Shipment", "payments.Payment", "payments.Refund",
    "payments.MoneyMovement", "payments.ProviderEvent", "inventory.StockLevel", "inventory.StockMovement",
    "inventory.StockReservation", "inventory.StockShortage", "audit.AuditLog", "events.OutboxEvent", "workshop.JobCard", "workshop.Estimate",
    "workshop.Appointment", "workshop.JobTask", "workshop.WorkLog", "scheduling.Reservation", "accounts.LoginHistory",
    "accounts.UserSession", "accounts.AccessLink", "accounts.OneTimeCode", "accounts.Consent", "accounts.SignUp", "files.StoredFile", "notifications.Delivery",
    "notifications.Notification", "notifications.BulkSend", "notifications.PushSubscription",
    "notifications.QuietHours", "notifications.TelegramLink", "system.JobRun", "system.Setting", "feedback.Feedback",
    "webhooks.WebhookEndpoint", "webhooks.WebhookDelivery", "organizations.Invitation",
}  # fmt: skip


def _browser(user):
    client = Client()
    client.force_login(user, backend="apps.platform.accounts.backends.EmailOrPhoneBackend")
    return client


class TestEveryAdmin(AdminKit):
    @pytest.fixture(autouse=True)
    def _people(self, db):
        self.superuser = UserFactory(is_staff=True, is_superuser=True)
        self.staff = UserFactory(is_staff=True)
        self.outsider = UserFactory()

    def superuser_browser(self):
        return _browser(self.superuser)

    def staff_browser(self):
        return _browser(self.staff)

    @pytest.mark.parametrize("model_admin", ADMINS)
    def test_it_opens(self, model_admin):
        self.check_opens(model_admin)

    @pytest.mark.parametrize("model_admin", ADMINS)
    def test_it_refuses_others(self, model_admin):
        self.check_refuses(model_admin, outsider=_browser(self.outsider))

    def test_every_row_opens_and_the_read_only_stay(self):
        build_world()
        without = [one.opts.label for one in list_admins() if not one.model._default_manager.exists()]
        assert without == []
        for model_admin in list_admins():
            self.check_row(model_admin, model_admin.model._default_manager.first())

    def test_more_rows_cost_no_more_queries(self):
        client = self.superuser_browser()
        build_world()
        client.get("/admin/")
        few = {one.opts.label: self.count_queries(one, client) for one in list_admins()}
        build_world()
        many = {one.opts.label: self.count_queries(one, client) for one in list_admins()}

        assert many == few

    def test_the_front_page_names_everything(self):
        text = self.superuser_browser().get("/admin/").content.decode()

        assert "/admin/workshop/jobcard/" in text
        assert "unsafe-eval" in self.superuser_browser().get("/admin/")["Content-Security-Policy"]


def test_every_table_has_its_place():
    tables = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("apps.") and not model.__name__.startswith("Historical")
    }
    registered = {one.opts.label for one in list_admins()}

    assert tables - registered - WITHOUT_PAGE == set()
    assert WITHOUT_PAGE & registered == set()


def test_documents_and_ledgers_are_never_edited():
    read_only = {one.opts.label for one in list_admins() if isinstance(one, ReadOnlyMixin)}

    assert read_only == NEVER_EDITED


def test_the_sidebar_shows_what_one_may_view(rf):
    request = rf.get("/admin/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    everything = [item["link"] for group in build_navigation(request) for item in group["items"]]
    request.user = UserFactory(is_staff=True)
    nothing = [item["link"] for group in build_navigation(request) for item in group["items"]]

    assert len(everything) == len(list_admins()) + len(PAGES) + 1
    assert nothing == ["/admin/"]


def test_log_in_and_log_out_are_the_platforms_own():
    staff = _browser(UserFactory(is_staff=True))

    assert Client().get("/admin/")["Location"].startswith("/admin/login/")
    assert Client().get("/admin/login/?next=/admin/")["Location"] == "/login/?next=/admin/"
    assert staff.get("/admin/login/?next=/admin/")["Location"] == "/admin/"
    assert _browser(UserFactory()).get("/admin/login/").status_code == 403
    assert staff.post("/admin/logout/")["Location"] == "/logout/"


def test_staff_of_one_company_see_its_rows_alone():
    branch, foreign = BranchFactory(), BranchFactory()
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_branch"))
    MembershipFactory(user=user, organization=branch.organization)
    client = _browser(User.objects.get(pk=user.pk))

    text = client.get(page_of(admin.site._registry[type(branch)], "changelist")).content.decode()

    assert branch.name in text
    assert f">{foreign.name}<" not in text
    assert client.get(page_of(admin.site._registry[type(branch)], "change", foreign)).status_code == 302
