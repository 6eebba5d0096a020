"""Organization, Branch, Role, Membership, Invitation."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from apps.core.actor import Actor
from apps.core.clock import local_date, now
from apps.core.db import BaseModel, BranchQuerySet, TenantQuerySet, VersionedModel


class OrganizationQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> "OrganizationQuerySet":
        """The actor's own company; all for platform staff."""
        if actor.is_platform_staff:
            return self
        return self.filter(pk=actor.organization_id) if actor.organization_id else self.none()


class Organization(VersionedModel):
    """A company on the platform."""

    class Kind(models.TextChoices):
        GARAGE = "garage", _("garage")
        DISTRIBUTOR = "distributor", _("parts distributor")
        RETAILER = "retailer", _("retail store")
        EXPERT_PRACTICE = "expert_practice", _("expert practice")

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")

    kinds = ArrayField(models.CharField(max_length=20, choices=Kind), verbose_name=_("kinds"))
    name = models.CharField(_("name"), max_length=160)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    code = models.CharField(_("code"), max_length=12, unique=True)
    slug = models.SlugField(_("address name"), max_length=60, unique=True)
    tax_code = models.CharField(_("tax code"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, default="VN")
    currency = models.CharField(_("currency"), max_length=3, default="VND")
    language = models.CharField(_("language"), max_length=5, default="vi")
    timezone = models.CharField(_("time zone"), max_length=40, default="Asia/Ho_Chi_Minh")
    logo = models.ImageField(_("logo"), upload_to="logos/", blank=True)
    brand_color = models.CharField(_("brand colour"), max_length=7, default="#0f6e71")
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("email"), blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    bank_bin = models.CharField(_("bank (NAPAS BIN)"), max_length=6, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=19, blank=True)
    bank_account_name = models.CharField(_("account holder"), max_length=80, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ACTIVE)
    requires_second_factor = models.BooleanField(
        _("second factor required"), default=False, help_text=_("everybody of the company logs in with a second factor")
    )
    branch_sharing = models.JSONField(
        _("seen between branches"), default=dict, blank=True, help_text=_("stock, prices, sales: true or false")
    )
    setup_step = models.CharField(
        _("step of the set-up"), max_length=12, blank=True, help_text=_("empty: nothing left to set up")
    )
    onboarded_at = models.DateTimeField(_("set up"), null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Branch(VersionedModel):
    """A site: service centre, shop or depot."""

    class Kind(models.TextChoices):
        SERVICE_CENTRE = "service_centre", pgettext_lazy("branch", "service centre")
        SHOP = "shop", pgettext_lazy("branch", "shop")
        DEPOT = "depot", pgettext_lazy("branch", "depot")
        OFFICE = "office", pgettext_lazy("branch", "office")

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="branches", verbose_name=_("organization")
    )
    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=300, blank=True)
    province = models.CharField(_("province"), max_length=80, blank=True)
    ward = models.CharField(_("ward"), max_length=80, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("email"), blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.SERVICE_CENTRE)
    manager = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("manager")
    )
    opening_hours = models.JSONField(
        _("opening hours"), default=dict, blank=True, help_text=_("weekday 0-6: list of from and to, e.g. 08:00")
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = TenantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="branch_code_unique")]

    def __str__(self) -> str:
        return self.name


class RoleQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """The system's roles and those of the actor's company."""
        return self.filter(Q(organization__isnull=True) | Q(organization_id=actor.organization_id))


class Role(BaseModel):
    """A named set of rights; without an organization it is a system role that every company can give."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="roles"
    )
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=200, blank=True)
    permissions = ArrayField(models.CharField(max_length=60), default=list, verbose_name=_("rights"))
    requires_second_factor = models.BooleanField(_("second factor required"), default=False)

    objects = RoleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="role_code_unique", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(BranchQuerySet):
    def active(self, on: date | None = None) -> Self:
        """Those whose period includes the day (default: today)."""
        return self.filter(Membership.holds_on(on))

    def of_active_companies(self) -> Self:
        """Those in a company that is not suspended and a branch that is not closed."""
        return self.filter(
            Q(branch__isnull=True) | Q(branch__is_active=True), organization__status=Organization.Status.ACTIVE
        )


class Membership(BaseModel):
    """A user's role in an organization, in one branch or (without a branch) in all."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="memberships")
    title = models.CharField(_("title"), max_length=80, blank=True)
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_to = models.DateField(_("active to"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "branch", "role"], name="membership_unique", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(active_from__isnull=True) | Q(active_to__isnull=True) | Q(active_from__lte=F("active_to")),
                name="membership_period_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id}"

    @property
    def audit_label(self) -> str:
        """What the audit log calls it: the person's name."""
        return self.user.full_name

    @staticmethod
    def holds_on(day: date | None = None) -> Q:
        """The condition that the period includes the day (default: today)."""
        on = day or local_date()
        has_begun = Q(active_from__isnull=True) | Q(active_from__lte=on)
        return has_begun & (Q(active_to__isnull=True) | Q(active_to__gte=on))

    @property
    def state_label(self) -> str:
        """Whether the person works here today, in a word or two."""
        today = local_date()
        if self.active_from and self.active_from > today:
            return str(_("not yet"))
        if self.active_to and self.active_to < today:
            return str(_("ended"))
        return str(_("ends soon")) if self.active_to else str(_("works here"))


class InvitationQuerySet(BranchQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the company; for members of branches those into their branches."""
        rows = super().visible_to(actor)
        return rows if actor.branch_ids is None else rows.filter(branch_id__in=actor.branch_ids)


class Invitation(BaseModel):
    """A place in a company offered to an address: a link good for 72 hours, used once. Only the token's hash is kept."""

    HOURS = 72

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("invitation", "open")
        ACCEPTED = "accepted", pgettext_lazy("invitation", "accepted")
        EXPIRED = "expired", pgettext_lazy("invitation", "expired")
        REVOKED = "revoked", pgettext_lazy("invitation", "revoked")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    branch = models.ForeignKey(
        Branch, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("branch")
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+", verbose_name=_("role"))
    title = models.CharField(_("title"), max_length=80, blank=True)
    name = models.CharField(_("name"), max_length=160, blank=True)
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(_("good until"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"])]
        constraints = [
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="invitation_has_address"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True), name="invitation_one_end"
            ),
        ]

    def __str__(self) -> str:
        return self.email or self.phone

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return self.state == self.State.OPEN

    @property
    def state(self) -> str:
        """Open until it is accepted, revoked or too old."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.OPEN if self.expires_at > now() else self.State.EXPIRED

    def get_state_display(self) -> str:
        return str(self.State(self.state).label)
