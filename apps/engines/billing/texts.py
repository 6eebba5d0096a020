"""What billing writes to people, and how its history reads."""

from django.utils.translation import gettext_lazy as _

from apps.platform.notifications.registry import NotificationType, register, register_category

SAMPLE = (
    ("number", "INV-2026-000123"),
    ("name", "Trần Thị Mai"),
    ("garage", "Gara Minh Phát"),
    ("phone", "+842873000101"),
    ("source", "JC-20261120-0007"),
    ("total", "1.875.400 ₫"),
    ("balance", "1.875.400 ₫"),
    ("amount", "1.875.400 ₫"),
    ("method", "tiền mặt"),
    ("due", "27/11/2026"),
    ("receipt", "PT-2026-000045"),
    ("link", "https://baylink.example/i/abc/"),
)

register_category("billing", _("Invoices and payments"))
register(
    NotificationType(
        code="invoice.sent",
        category="billing",
        channels=("email", "sms"),
        label=_("Invoice to customer"),
        sample=SAMPLE,
    )
)
register(
    NotificationType(
        code="payment.received",
        category="billing",
        channels=("email", "sms"),
        label=_("Receipt to customer"),
        sample=SAMPLE,
    )
)
register(
    NotificationType(
        code="payment.booked", category="billing", channels=("in_app",), label=_("Payment received"), sample=SAMPLE
    )
)
register(
    NotificationType(
        code="payment.reminder",
        category="billing",
        channels=("email", "sms"),
        label=_("Reminder of an overdue invoice"),
        sample=SAMPLE,
    )
)
