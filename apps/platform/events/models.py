"""The transactional outbox."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutboxEvent(models.Model):
    """One published event; `id` is the order in which events were written."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    name = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    organization_id = models.UUIDField(null=True)
    branch_id = models.UUIDField(null=True)
    payload = models.JSONField()
    topics = models.JSONField(default=list)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    relayed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["id"], name="outbox_waiting", condition=Q(relayed_at__isnull=True)),
            models.Index(fields=["subject_id", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


class HandledEvent(models.Model):
    """Proof that a handler has done its work for an event, written in the handler's own transaction."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="handled")
    handler = models.CharField(max_length=120)
    handled_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="event_handled_once")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.handler}"
