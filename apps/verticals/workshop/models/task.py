"""Work given to technicians, and their clocks."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.db import BaseModel, BranchQuerySet, VersionedModel


class JobTask(VersionedModel):
    """One piece of work on a job card."""

    class State(models.TextChoices):
        PENDING = "pending", _("to do")
        IN_PROGRESS = "in_progress", _("running")
        PAUSED = "paused", _("paused")
        COMPLETED = "completed", _("done")
        SKIPPED = "skipped", _("skipped")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("organizations.Branch", on_delete=models.PROTECT, related_name="+")
    job_card = models.ForeignKey("workshop.JobCard", on_delete=models.CASCADE, related_name="tasks")
    estimate_line = models.ForeignKey(
        "workshop.EstimateLine", on_delete=models.PROTECT, null=True, related_name="tasks"
    )
    position = models.PositiveSmallIntegerField(default=0)
    description = models.CharField(_("description"), max_length=200)
    technician = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    estimated_minutes = models.PositiveSmallIntegerField(_("planned minutes"), default=0)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PENDING)
    skip_reason = models.CharField(_("reason"), max_length=200, blank=True)
    cause = models.TextField(_("cause"), blank=True)
    correction = models.TextField(_("correction"), blank=True)
    completed_at = models.DateTimeField(null=True)

    objects = BranchQuerySet.as_manager()

    # Words that may name people are kept once, where they can be forgotten.
    history = HistoricalRecords(excluded_fields=["description", "skip_reason", "cause", "correction"])

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="skipped") | ~Q(skip_reason=""), name="task_skipped_has_reason")
        ]
        indexes = [models.Index(fields=["technician", "state"]), models.Index(fields=["organization", "-id"])]

    def __str__(self) -> str:
        return self.description


class WorkLog(BaseModel):
    """Clocked time of one person on one task; open while `ended_at` is empty. One open clock per person."""

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("organizations.Branch", on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(JobTask, on_delete=models.CASCADE, related_name="work_logs")
    technician = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    period = DateTimeRangeField()
    is_open = models.BooleanField(default=True)
    is_flagged = models.BooleanField(default=False, help_text=_("closed by the system, not by the person"))

    objects = BranchQuerySet.as_manager()

    class Meta:
        verbose_name = _("work log")
        verbose_name_plural = _("work logs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["technician"], condition=Q(is_open=True), name="work_log_one_open_clock"),
            ExclusionConstraint(
                name="work_log_overlap",
                expressions=[("technician", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(is_open=True, period__endswith__isnull=True)
                | Q(is_open=False, period__endswith__isnull=False),
                name="work_log_open_has_no_end",
            ),
        ]
        indexes = [models.Index(fields=["task"])]

    def __str__(self) -> str:
        return f"{self.technician_id}"
