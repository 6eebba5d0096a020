"""Feedback."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.db import BranchQuerySet, VersionedModel


class Feedback(VersionedModel):
    """One request for a rating and, once given, the rating of a document by its customer."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("asked")
        PENDING = "pending", _("new")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        RESOLVED = "resolved", _("resolved")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("organizations.Branch", on_delete=models.PROTECT, null=True, related_name="+")
    source_type = models.CharField(max_length=40)
    source_id = models.UUIDField()
    source_label = models.CharField(max_length=40, blank=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="feedback")
    rating = models.PositiveSmallIntegerField(_("rating"), null=True)
    comment = models.TextField(_("comment"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.REQUESTED)
    submitted_at = models.DateTimeField(null=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = BranchQuerySet.as_manager()

    # Words that may name people are kept once, where they can be forgotten.
    history = HistoricalRecords(excluded_fields=["comment", "answer"])

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source_type", "source_id"], name="feedback_one_per_source"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5), name="feedback_rating_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(state="requested") | Q(rating__isnull=False), name="feedback_given_has_rating"
            ),
        ]
        indexes = [models.Index(fields=["organization", "-id"])]

    def __str__(self) -> str:
        return self.source_label
