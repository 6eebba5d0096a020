"""Templates, preferences, in-app notifications and deliveries."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.db import BaseModel, TenantQuerySet


class Channel(models.TextChoices):
    IN_APP = "in_app", _("in the app")
    EMAIL = "email", _("email")
    SMS = "sms", _("SMS")


class NotificationTemplate(BaseModel):
    """Wording that replaces the shipped one, per type, channel and language; for all or for one organization."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    type = models.CharField(_("type"), max_length=60)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    language = models.CharField(_("language"), max_length=5)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "type", "channel", "language"], name="template_unique", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.channel} {self.language}"


class NotificationPreference(BaseModel):
    """A user's wish for one category on one channel."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="notification_preferences")
    category = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel)
    is_wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "category", "channel"], name="preference_unique")]

    def __str__(self) -> str:
        return f"{self.category} {self.channel}"


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> "NotificationQuerySet":
        """A person's own notifications, in the organization in which they act (and those of none)."""
        if actor.user_id is None:
            return self.none()
        return self.filter(
            Q(organization_id=actor.organization_id) | Q(organization__isnull=True), user_id=actor.user_id
        )


class Notification(BaseModel):
    """A message in the bell of one user."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="notifications")
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, null=True, related_name="+"
    )
    type = models.CharField(max_length=60)
    category = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    dedupe_key = models.CharField(max_length=160, unique=True)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"]),
            models.Index(fields=["user"], name="notification_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(BaseModel):
    """One message to one address by email or SMS, with what became of it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")
        SUPPRESSED = "suppressed", _("suppressed")

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )
    user = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    type = models.CharField(max_length=60)
    channel = models.CharField(max_length=8, choices=Channel)
    language = models.CharField(max_length=5)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    attachments = models.JSONField(default=list)
    dedupe_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    provider = models.CharField(max_length=24, blank=True)
    provider_id = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_try_at"], name="delivery_due", condition=Q(state="queued")),
            models.Index(fields=["organization", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.address}"
