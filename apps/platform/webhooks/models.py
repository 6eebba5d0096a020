"""Addresses of companies that want to be told, and every message to them with what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.db import BaseModel, TenantQuerySet, VersionedModel


class WebhookEndpoint(VersionedModel):
    """One address of a company. The secret is encrypted; after a change the old one signs too for a day."""

    class DisabledReason(models.TextChoices):
        BY_HAND = "by_hand", _("switched off by hand")
        FAILING = "failing", _("failed for too long")
        GONE = "gone", _("the address said that it is gone")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.CASCADE, related_name="+")
    url = models.URLField(_("address"), max_length=500)
    description = models.CharField(_("description"), max_length=120, blank=True)
    events = ArrayField(models.CharField(max_length=60), default=list, verbose_name=_("events"))
    secret = models.BinaryField(editable=False)
    old_secret = models.BinaryField(null=True, editable=False)
    old_secret_until = models.DateTimeField(_("old secret good until"), null=True, editable=False)
    is_active = models.BooleanField(_("on"), default=True)
    disabled_reason = models.CharField(_("why off"), max_length=10, choices=DisabledReason, blank=True)
    disabled_at = models.DateTimeField(_("off since"), null=True, blank=True)
    failures_in_row = models.PositiveIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    # While a message is on its way; a worker that dies lets go of the address when the time is over.
    busy_until = models.DateTimeField(null=True, editable=False)
    history = HistoricalRecords(
        excluded_fields=[
            "secret", "old_secret", "failures_in_row", "failing_since", "last_success_at", "busy_until",
        ]
    )  # fmt: skip

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "url"], name="webhook_url_unique")]

    def __str__(self) -> str:
        return self.description or self.url

    def signs_with_old_secret(self, at: datetime) -> bool:
        """Whether the secret before the present one is still good."""
        return self.old_secret is not None and self.old_secret_until is not None and at < self.old_secret_until


class DeliveryQuerySet(TenantQuerySet):
    organization_field = "endpoint__organization_id"


class WebhookDelivery(BaseModel):
    """One message to one address. `event_uid` is the event's, so that no event reaches an address as two messages."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    event_uid = models.UUIDField(editable=False)
    name = models.CharField(_("event"), max_length=60)
    payload = models.JSONField(_("content"))
    happened_at = models.DateTimeField(_("happened"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    last_tried_at = models.DateTimeField(_("last try"), null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    response_excerpt = models.TextField(_("beginning of the answer"), blank=True)
    error = models.CharField(_("problem"), max_length=200, blank=True)
    duration_ms = models.PositiveIntegerField(_("took (ms)"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["endpoint", "event_uid"], name="webhook_event_once")]
        indexes = [
            models.Index(fields=["endpoint", "next_try_at"], condition=Q(state="queued"), name="webhook_due"),
            models.Index(fields=["created_at"], name="webhook_delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"

    @property
    def organization_id(self) -> UUID:
        return self.endpoint.organization_id

    def body(self) -> dict[str, Any]:
        """What is sent: the same at every try."""
        return {
            "id": str(self.pk),
            "type": self.name,
            "timestamp": self.happened_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "organizationId": str(self.organization_id),
            "data": self.payload,
        }
