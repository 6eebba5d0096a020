"""Templates, preferences, quiet hours, linked channels, in-app notifications, deliveries and bulk sends."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.actor import Actor
from apps.core.db import BaseModel, TenantQuerySet, VersionedModel


class Channel(models.TextChoices):
    IN_APP = "in_app", _("in the app")
    EMAIL = "email", _("email")
    SMS = "sms", _("SMS")
    TELEGRAM = "telegram", "Telegram"
    WEB_PUSH = "web_push", _("browser push")


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

    history = HistoricalRecords()

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


class QuietHours(BaseModel):
    """When a user is not to be disturbed, by their own clock; what may wait is sent at the end of it."""

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="quiet_hours")
    begins_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("until"))
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")
        constraints = [
            models.CheckConstraint(condition=~Q(begins_at=models.F("ends_at")), name="quiet_hours_not_empty")
        ]

    def __str__(self) -> str:
        return f"{self.begins_at:%H:%M}-{self.ends_at:%H:%M}"


class TelegramLink(BaseModel):
    """A user's Telegram chat, or the code with which they will link it (ten minutes, used once)."""

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="telegram_link")
    code_hash = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    chat_id = models.BigIntegerField(null=True, blank=True)
    username = models.CharField(max_length=64, blank=True)
    linked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Telegram link")
        verbose_name_plural = _("Telegram links")
        constraints = [
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="telegram_code_unique"),
        ]

    def __str__(self) -> str:
        return self.username or str(self.user_id)


class PushSubscription(BaseModel):
    """One browser that a user allowed to show messages."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=600, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    device = models.CharField(max_length=120, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("browser for push")
        verbose_name_plural = _("browsers for push")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.device or str(self.pk)


class BulkSend(VersionedModel):
    """One message to many people: queued, sent at a rate, paused and resumed by staff."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENDING = "sending", _("sending")
        PAUSED = "paused", _("paused")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    class Audience(models.TextChoices):
        CUSTOMERS = "customers", _("customers")
        STAFF = "staff", _("staff")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    audience = models.CharField(_("who gets it"), max_length=12, choices=Audience)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    per_minute = models.PositiveSmallIntegerField(_("messages a minute"), default=60)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    total = models.PositiveIntegerField(default=0)
    queued = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0, help_text=_("did not agree, or have no address"))
    cursor = models.CharField(max_length=64, blank=True, help_text=_("the last receiver who was taken"))
    next_at = models.DateTimeField(null=True, blank=True, help_text=_("before this the rate allows no more"))
    job = models.ForeignKey(
        "system.JobRun", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text=_("sends it now")
    )
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("bulk send")
        verbose_name_plural = _("bulk sends")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"])]
        constraints = [
            models.CheckConstraint(condition=Q(per_minute__gte=1, per_minute__lte=600), name="bulk_send_rate"),
        ]

    def __str__(self) -> str:
        return self.name


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
    """One message to one address on one channel, with what became of it."""

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
    address = models.CharField(max_length=600)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    sealed = models.BinaryField(
        null=True, help_text="subject, body and url of a security message, encrypted until it is out"
    )
    attachments = models.JSONField(default=list)
    url = models.CharField(max_length=300, blank=True)
    bulk_send = models.ForeignKey(BulkSend, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliveries")
    opt_out_code = models.CharField(max_length=12, blank=True, help_text=_("the end of the short address in an offer"))
    dedupe_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=0, help_text=_("how often staff sent it again"))
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
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
            models.Index(fields=["address", "channel"], name="delivery_address"),
            models.Index(fields=["provider", "provider_id"], name="delivery_receipt", condition=~Q(provider_id="")),
        ]

        constraints = [
            models.UniqueConstraint(
                fields=["opt_out_code"], name="delivery_opt_out_unique", condition=~Q(opt_out_code="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.address}"
