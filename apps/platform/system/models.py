"""Setting, NumberSequence, IdempotencyRecord, JobRun."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.db import BaseModel


class Setting(BaseModel):
    """One value of one declared setting, for all, for an organization or for a branch (the narrowest wins)."""

    key = models.CharField(_("setting"), max_length=80)
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    branch = models.ForeignKey(
        "organizations.Branch", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    value = models.JSONField(_("value"), null=True, blank=True)
    secret = models.BinaryField(null=True, blank=True, help_text=_("an encrypted value, instead of a plain one"))
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("setting")
        verbose_name_plural = _("settings")
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "organization", "branch"], name="setting_unique", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(value__isnull=False) | models.Q(secret__isnull=False), name="setting_has_value"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class NumberSequence(models.Model):
    """The last number given in one series of one organization; locked while a number is taken."""

    organization = models.ForeignKey("organizations.Organization", on_delete=models.CASCADE, related_name="+")
    series = models.CharField(max_length=24)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "series"], name="number_series_unique")]

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class IdempotencyRecord(BaseModel):
    """The answer given to an Idempotency-Key, kept for 24 hours; without a status the first call still runs."""

    scope = models.CharField(max_length=64)
    key = models.CharField(max_length=128)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    locked_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_unique")]
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return self.key


class JobQuerySet(models.QuerySet["JobRun"]):
    def visible_to(self, actor: Actor) -> Self:
        """Jobs that the person started; platform staff see all."""
        if actor.is_platform_staff or actor.user_id is None:
            return self if actor.is_platform_staff else self.none()
        return self.filter(user_id=actor.user_id)


class JobRun(BaseModel):
    """One background job with its state, shown to the person who started it and to staff.

    `attempts` counts its starts and is the token of the present one; `losses` counts the workers that died under it
    since a person last asked for it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    name = models.CharField(max_length=80)
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    label = models.CharField(max_length=160, blank=True, help_text=_("what it works on, in words"))
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0, help_text=_("percent"))
    arguments = models.JSONField(default=dict, blank=True)
    result = models.JSONField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True, help_text=_("when it goes on after a break"))
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=160, blank=True, help_text=_("what it is doing now"))
    attempts = models.PositiveSmallIntegerField(default=0)
    losses = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["name", "state"], name="job_open", condition=models.Q(state__in=["queued", "running"])
            ),
            models.Index(fields=["organization", "-id"]),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(progress__lte=100), name="job_progress_percent")]

    def __str__(self) -> str:
        return self.label or self.name
