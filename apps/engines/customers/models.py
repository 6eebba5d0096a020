"""Customer."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.db import TenantQuerySet, VersionedModel, money_field


class Customer(VersionedModel):
    """A person or company served by one organization; may be tied to a user who logs in."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        COMPANY = "company", _("company")

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="customers")
    user = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="customers"
    )
    code = models.CharField(_("code"), max_length=24)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=160)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    email = models.EmailField(_("email"), blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    tax_code = models.CharField(_("tax code"), max_length=20, blank=True)
    birth_date = models.DateField(_("birthday"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=5, default="vi")
    has_marketing_consent = models.BooleanField(_("agrees to marketing"), default=False)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("tags"))
    notes = models.TextField(_("notes"), blank=True)
    credit_limit = money_field(_("credit limit"), default=0)
    search_text = models.TextField(default="", editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = TenantQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="customer_code_unique"),
            models.CheckConstraint(condition=Q(credit_limit__gte=0), name="customer_credit_limit_positive"),
        ]
        indexes = [
            models.Index(fields=["organization", "-created_at"]),
            models.Index(fields=["organization", "phone"]),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="customer_search"),
        ]

    def __str__(self) -> str:
        return self.name
