"""Check-in, the digital inspection and photos."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.db import BaseModel, TenantQuerySet, VersionedModel


class CheckIn(VersionedModel):
    """How the vehicle came: odometer, fuel, marks on the drawing, what the customer left in it, signature."""

    job_card = models.OneToOneField("workshop.JobCard", on_delete=models.CASCADE, related_name="check_in")
    odometer_km = models.PositiveIntegerField(_("odometer (km)"))
    fuel_percent = models.PositiveSmallIntegerField(_("fuel (%)"))
    marks = models.JSONField(default=list, help_text=_("[{view, x, y, kind, note}] in percent of the drawing"))
    belongings = models.CharField(_("left in the vehicle"), max_length=300, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    signature = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    checked_in_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [models.CheckConstraint(condition=Q(fuel_percent__lte=100), name="check_in_fuel_percent")]

    def __str__(self) -> str:
        return f"{self.odometer_km} km"


class InspectionTemplate(VersionedModel):
    """The list of points to look at: [{group, code, name, name_en}]."""

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    points = models.JSONField(_("points"), default=list)
    quality_points = models.JSONField(_("quality check"), default=list)
    is_default = models.BooleanField(_("default"), default=False)

    objects = TenantQuerySet.as_manager()

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("inspection template")
        verbose_name_plural = _("inspection templates")
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_default=True), name="inspection_template_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.name


class InspectionPoint(BaseModel):
    """The finding at one point of one card."""

    class Rating(models.TextChoices):
        GREEN = "green", _("good")
        YELLOW = "yellow", _("soon")
        RED = "red", _("now")

    job_card = models.ForeignKey("workshop.JobCard", on_delete=models.CASCADE, related_name="inspection_points")
    group = models.CharField(max_length=60)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=160)
    rating = models.CharField(_("rating"), max_length=6, choices=Rating)
    note = models.CharField(_("note"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("inspection point")
        verbose_name_plural = _("inspection points")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["job_card", "code"], name="inspection_point_unique")]

    def __str__(self) -> str:
        return self.name


class JobPhoto(BaseModel):
    """A picture of the vehicle or of a finding; shown to the customer where `is_public`."""

    class Stage(models.TextChoices):
        CHECK_IN = "check_in", _("check-in")
        INSPECTION = "inspection", _("inspection")
        WORK = "work", _("work")
        HANDOVER = "handover", _("hand-over")

    job_card = models.ForeignKey("workshop.JobCard", on_delete=models.CASCADE, related_name="photos")
    point = models.ForeignKey(InspectionPoint, on_delete=models.SET_NULL, null=True, related_name="photos")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=12, choices=Stage)
    caption = models.CharField(max_length=160, blank=True)
    is_public = models.BooleanField(default=True)
    taken_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.caption
