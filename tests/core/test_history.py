"""Every business table keeps the history of its rows; what does not has a reason."""

import pytest
from django.apps import apps

LEDGER = "lines are written once: the table is its own history"
DATED = "rows carry from and to: the table is its own history"
LINE = "a line of a document: replaced or fixed together with it"
DERIVED = "a sum kept for speed: its ledger is the history"
TECHNICAL = "how the machinery works, no business in it"
PERSONAL = "a person's own: changes stand in the audit log, which can forget people"
AUDITED = "changes stand in the audit log with old and new value"
ONCE = "written once at one step of its document"

WITHOUT_HISTORY = {
    "accounts.User": PERSONAL, "accounts.Address": PERSONAL, "accounts.UserSession": TECHNICAL,
    "accounts.LoginHistory": LEDGER, "accounts.SignUp": TECHNICAL, "accounts.OneTimeCode": TECHNICAL,
    "accounts.SecondStep": TECHNICAL, "accounts.Consent": LEDGER, "accounts.AccessLink": TECHNICAL,
    "organizations.Invitation": PERSONAL, "audit.AuditLog": LEDGER,
    "events.OutboxEvent": TECHNICAL, "events.HandledEvent": TECHNICAL, "files.StoredFile": ONCE,
    "system.Setting": AUDITED, "system.NumberSequence": TECHNICAL, "system.IdempotencyRecord": TECHNICAL,
    "system.JobRun": TECHNICAL, "notifications.NotificationPreference": PERSONAL,
    "notifications.QuietHours": PERSONAL, "notifications.TelegramLink": PERSONAL,
    "notifications.PushSubscription": PERSONAL, "notifications.Notification": LEDGER,
    "notifications.Delivery": LEDGER, "webhooks.WebhookDelivery": LEDGER, "scheduling.Reservation": AUDITED,
    "vehicles.PlateAssignment": DATED, "vehicles.Ownership": DATED, "vehicles.OdometerReading": LEDGER,
    "catalog.ProductMedia": LINE, "inventory.StockLevel": DERIVED, "inventory.StockMovement": LEDGER,
    "inventory.StockReservation": AUDITED, "inventory.StockShortage": DERIVED, "payments.MoneyMovement": LEDGER,
    "payments.ProviderEvent": LEDGER,
    "billing.InvoiceLine": LINE, "orders.OrderLine": LINE, "shipping.ShipmentLine": LINE,
    "workshop.EstimateLine": LINE, "workshop.EstimateDecision": ONCE, "workshop.CheckIn": ONCE,
    "workshop.InspectionPoint": LINE, "workshop.JobPhoto": ONCE, "workshop.QualityCheck": ONCE,
    "workshop.WorkLog": DATED,
}  # fmt: skip


def own_tables():
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("apps.")
        and not model.__name__.startswith("Historical")
        # Rights on single rows are given and taken by services that write the audit log.
        and not model.__name__.endswith("ObjectPermission")
    ]


def keeps_history(model):
    return hasattr(model._meta, "simple_history_manager_attribute")


@pytest.mark.parametrize("model", own_tables(), ids=lambda model: model._meta.label)
def test_it_keeps_its_history_or_says_why_not(model):
    assert keeps_history(model) != (model._meta.label in WITHOUT_HISTORY)


def test_the_list_names_existing_tables():
    assert set(WITHOUT_HISTORY) <= {model._meta.label for model in own_tables()}
