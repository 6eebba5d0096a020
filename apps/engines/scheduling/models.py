"""Resource, WorkingHours, TimeOff, Reservation."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from apps.core.db import BaseModel, BranchQuerySet, VersionedModel


class Resource(VersionedModel):
    """Anything with a calendar."""

    class Kind(models.TextChoices):
        BAY = "bay", _("bay")
        TECHNICIAN = "technician", _("technician")
        EXPERT = "expert", _("expert")
        VAN = "van", _("van")
        ROOM = "room", _("room")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("organizations.Branch", on_delete=models.PROTECT, related_name="resources")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(pgettext_lazy("position", "order"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = BranchQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["branch", "position", "name"]
        constraints = [models.UniqueConstraint(fields=["branch", "kind", "name"], name="resource_name_unique")]

    def __str__(self) -> str:
        return self.name


class WorkingHours(BaseModel):
    """One span of a weekday (0 = Monday) in the organization's zone; several spans a day make a lunch break."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("to"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["weekday", "starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="working_hours_weekday"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="working_hours_forward"),
            models.UniqueConstraint(fields=["resource", "weekday", "starts_at"], name="working_hours_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts_at}-{self.ends_at}"


class TimeOff(BaseModel):
    """A span in which the resource takes no reservations."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="time_off")
    period = DateTimeRangeField(_("period"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    # Words that may name people are kept once, where they can be forgotten.
    history = HistoricalRecords(excluded_fields=["reason"])

    class Meta:
        verbose_name = _("time off")
        verbose_name_plural = _("time off")

    def __str__(self) -> str:
        return self.reason


LIVE_STATES = ("hold", "booked", "done")


class Reservation(BaseModel):
    """A span of one resource for one party, held until `expires_at` or booked. Half-open: neighbours may touch."""

    class State(models.TextChoices):
        HOLD = "hold", _("held")
        BOOKED = "booked", _("booked")
        DONE = "done", _("done")
        RELEASED = "released", _("released")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("organizations.Branch", on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="reservations")
    period = DateTimeRangeField(_("period"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.BOOKED)
    expires_at = models.DateTimeField(null=True, blank=True)
    party_key = models.CharField(
        max_length=80, blank=True, help_text=_("who or what comes: cannot be at two places at once")
    )
    source_type = models.CharField(max_length=40)
    source_id = models.UUIDField()

    objects = BranchQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [
            ExclusionConstraint(
                name="reservation_resource_overlap",
                expressions=[("resource", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(state__in=LIVE_STATES),
            ),
            ExclusionConstraint(
                name="reservation_party_overlap",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    ("party_key", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=LIVE_STATES) & ~Q(party_key=""),
            ),
            models.CheckConstraint(
                condition=~Q(state="hold") | Q(expires_at__isnull=False), name="reservation_hold_expires"
            ),
        ]
        indexes = [models.Index(fields=["source_type", "source_id"])]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.state}"
