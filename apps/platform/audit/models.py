"""AuditLog: one line per action."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from apps.core.db import BaseModel, BranchQuerySet


class AuditLog(BaseModel):
    """One action on one thing. `is_public` lines are shown to the customer of the document too."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )
    branch = models.ForeignKey("organizations.Branch", on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    actor_kind = models.CharField(_("kind of actor"), max_length=12)
    actor_name = models.CharField(_("person"), max_length=160)
    action = models.CharField(_("action"), max_length=60)
    entity_type = models.CharField(_("kind of thing"), max_length=40)
    entity_id = models.UUIDField()
    entity_label = models.CharField(_("thing"), max_length=120, blank=True)
    data = models.JSONField(default=dict)
    old_values = models.JSONField(null=True)
    new_values = models.JSONField(null=True)
    is_public = models.BooleanField(default=False)
    ip = models.GenericIPAddressField(_("address"), null=True)
    user_agent = models.CharField(max_length=400, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    objects = BranchQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["entity_type", "entity_id", "-id"]),
            models.Index(fields=["organization", "-id"]),
            models.Index(fields=["user", "-id"]),
            models.Index(fields=["entity_id"], name="audit_thing"),
            models.Index(fields=["action", "-id"], name="audit_action"),
            models.Index(fields=["organization", "action", "-id"], name="audit_company_action"),
            models.Index(fields=["entity_type", "-id"], name="audit_kind"),
            models.Index(fields=["ip", "-id"], name="audit_ip", condition=models.Q(ip__isnull=False)),
            GinIndex(
                OpClass(Upper("entity_label"), name="gin_trgm_ops"),
                OpClass(Upper("actor_name"), name="gin_trgm_ops"),
                name="audit_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.entity_label}"
