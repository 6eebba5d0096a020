"""An agreed time of a vehicle in a bay."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.db import BranchQuerySet, VersionedModel


class Appointment(VersionedModel):
    """A visit agreed beforehand. Before check-in the vehicle may be known by its plate only."""

    class State(models.TextChoices):
        BOOKED = "booked", _("booked")
        CONFIRMED = "confirmed", _("confirmed")
        CHECKED_IN = "checked_in", _("checked in")
        CANCELLED = "cancelled", _("cancelled")
        NO_SHOW = "no_show", _("did not come")

    class Channel(models.TextChoices):
        WEB = "web", _("web")
        APP = "app", _("app")
        PHONE = "phone", _("phone")
        WALK_IN = "walk_in", _("walk-in")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(
        "organizations.Branch", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    number = models.CharField(_("number"), max_length=32)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="appointments")
    vehicle = models.ForeignKey(
        "vehicles.Vehicle", on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    plate = models.CharField(_("plate"), max_length=16, blank=True)
    vehicle_text = models.CharField(_("vehicle"), max_length=120, blank=True)
    resource = models.ForeignKey(
        "scheduling.Resource", on_delete=models.PROTECT, related_name="+", verbose_name=_("bay")
    )
    reservation = models.ForeignKey("scheduling.Reservation", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    service_codes = ArrayField(models.CharField(max_length=24), default=list)
    service_text = models.CharField(_("service"), max_length=300)
    concern = models.TextField(_("concern"), blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.BOOKED)
    cancel_reason = models.CharField(_("reason"), max_length=200, blank=True)
    reminded_at = models.DateTimeField(null=True)

    objects = BranchQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="appointment_number_unique"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="appointment_forward"),
        ]
        indexes = [models.Index(fields=["branch", "starts_at"]), models.Index(fields=["organization", "starts_at"])]

    def __str__(self) -> str:
        return self.number
