"""Payment, Refund, MoneyMovement, ProviderEvent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.db import BaseModel, BranchQuerySet, TenantQuerySet, VersionedModel, money_field


class Payment(VersionedModel):
    """Money for one payable, asked for or received."""

    class Method(models.TextChoices):
        CASH = "cash", _("cash")
        CARD = "card", _("card")
        BANK_TRANSFER = "bank_transfer", _("bank transfer")
        ONLINE = "online", _("online")

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        COMPLETED = "completed", _("received")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("expired")
        CANCELLED = "cancelled", _("cancelled")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("organizations.Branch", on_delete=models.PROTECT, null=True, related_name="+")
    number = models.CharField(_("number"), max_length=32)
    payable_type = models.CharField(max_length=40)
    payable_id = models.UUIDField()
    payable_label = models.CharField(max_length=40)
    payer_name = models.CharField(_("payer"), max_length=160, blank=True)
    amount = money_field(_("amount"))
    refunded_amount = money_field(_("refunded"), default=0)
    currency = models.CharField(max_length=3, default="VND")
    method = models.CharField(_("method"), max_length=16, choices=Method)
    provider = models.CharField(max_length=16, blank=True)
    provider_reference = models.CharField(max_length=64, blank=True, help_text=_("our number at the provider"))
    transaction_reference = models.CharField(max_length=64, blank=True, help_text=_("the provider's or bank's number"))
    checkout_url = models.CharField(max_length=400, blank=True)
    qr_text = models.TextField(blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PENDING)
    expires_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    received_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = BranchQuerySet.as_manager()

    # Words that may name people are kept once, where they can be forgotten.
    history = HistoricalRecords(excluded_fields=["payer_name", "note", "checkout_url", "qr_text"])

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="payment_number_unique"),
            models.UniqueConstraint(
                fields=["provider", "provider_reference"],
                condition=~Q(provider_reference=""),
                name="payment_provider_reference_unique",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(refunded_amount__gte=0) & Q(refunded_amount__lte=models.F("amount")),
                name="payment_refund_within",
            ),
            models.CheckConstraint(
                condition=Q(state="completed", completed_at__isnull=False)
                | (~Q(state="completed") & Q(refunded_amount=0)),
                name="payment_completed_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["payable_type", "payable_id"]),
            models.Index(fields=["organization", "-id"]),
            models.Index(fields=["state", "expires_at"]),
        ]

    def __str__(self) -> str:
        return self.number


class Refund(BaseModel):
    """Money given back of one payment."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        COMPLETED = "completed", _("paid back")
        REFUSED = "refused", _("refused")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = money_field(_("amount"))
    reason = models.CharField(_("reason"), max_length=200)
    method = models.CharField(_("method"), max_length=16, choices=Payment.Method)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.COMPLETED)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = TenantQuerySet.as_manager()

    # Words that may name people are kept once, where they can be forgotten.
    history = HistoricalRecords(excluded_fields=["reason"])

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive")]

    def __str__(self) -> str:
        return str(self.amount)


class MoneyMovement(BaseModel):
    """One fact of the money ledger, ready for the journal; never changed. `amount` is signed: in is positive."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("receipt")
        REFUND = "refund", _("refund")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("organizations.Branch", on_delete=models.PROTECT, null=True, related_name="+")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="movements")
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, null=True, related_name="movement")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    amount = money_field(_("amount"))
    currency = models.CharField(max_length=3)
    method = models.CharField(_("method"), max_length=16, choices=Payment.Method)
    payable_type = models.CharField(max_length=40)
    payable_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = BranchQuerySet.as_manager()

    class Meta:
        verbose_name = _("money movement")
        verbose_name_plural = _("money ledger")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="receipt", amount__gt=0, refund__isnull=True)
                | Q(kind="refund", amount__lt=0, refund__isnull=False),
                name="money_movement_sign",
            ),
            models.UniqueConstraint(fields=["payment"], condition=Q(kind="receipt"), name="money_movement_one_receipt"),
        ]
        indexes = [models.Index(fields=["payable_type", "payable_id"]), models.Index(fields=["organization", "-id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class ProviderEvent(BaseModel):
    """One message of a payment company, stored before anything is done with it; the same one is stored once."""

    class Outcome(models.TextChoices):
        STORED = "stored", _("stored")
        APPLIED = "applied", _("applied")
        IGNORED = "ignored", _("nothing to do")
        REFUSED = "refused", _("refused: signature")
        SUSPENSE = "suspense", _("needs a person")

    provider = models.CharField(max_length=16)
    reference = models.CharField(max_length=120)
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="provider_events")
    amount = money_field(_("amount"), null=True)
    raw_body = models.TextField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.STORED)
    note = models.CharField(max_length=200, blank=True)
    processed_at = models.DateTimeField(null=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("provider message")
        verbose_name_plural = _("payment inbox")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["provider", "reference"], name="provider_event_unique")]

    def __str__(self) -> str:
        return f"{self.provider} {self.reference}"
