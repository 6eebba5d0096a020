"""Users, their sessions, log-ins, one-time codes, addresses and consents, and single-purpose links."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.db import BaseModel, TenantQuerySet
from apps.core.ids import uuid7
from apps.platform.accounts.rules import describe_device


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=(email or "").strip().lower() or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person or device account. Logs in by email or phone; `is_staff` opens the staff CMS."""

    class Gender(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("email"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=16, null=True, blank=True, help_text=_("E.164, e.g. +84901234567"))
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    avatar = models.ImageField(_("picture"), upload_to="avatars/", blank=True)
    bio = models.TextField(_("about"), blank=True)
    gender = models.CharField(_("gender"), max_length=8, choices=Gender, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=5, default="vi")
    timezone = models.CharField(_("time zone"), max_length=40, default="Asia/Ho_Chi_Minh")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("platform staff"), default=False)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, help_text=_("the person asked to be forgotten"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.UniqueConstraint(fields=["phone"], name="user_phone_unique"),
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(phone__isnull=False), name="user_email_or_phone"
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=True) | Q(phone__regex=r"^\+[1-9][0-9]{7,14}$"), name="user_phone_e164"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Family name first, as in Vietnam."""
        if self.erased_at is not None:
            return gettext("Erased account")
        return f"{self.last_name} {self.first_name}".strip() or self.email or self.phone or ""


class UserSession(BaseModel):
    """One device's stay: a browser session or an app's token family. Ending it takes effect on the next request."""

    class Kind(models.TextChoices):
        BROWSER = "browser", _("browser")
        APP = "app", _("app")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="user_sessions")
    kind = models.CharField(max_length=8, choices=Kind)
    session_key = models.CharField(max_length=40, blank=True, help_text=_("key of the browser session"))
    refresh_hash = models.CharField(
        max_length=64, blank=True, help_text=_("SHA-256 of the refresh token that is good now")
    )
    previous_refresh_hash = models.CharField(
        max_length=64, blank=True, help_text=_("SHA-256 of the refresh token before it")
    )
    refreshed_at = models.DateTimeField(null=True, blank=True)
    method = models.CharField(max_length=16, default="password")
    device = models.CharField(max_length=120, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    last_seen_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("when the person last proved here who they are")
    )
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=24, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-last_seen_at"]
        indexes = [models.Index(fields=["user", "ended_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["session_key"], condition=~Q(session_key=""), name="user_session_key_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class LoginHistory(BaseModel):
    """Every try to log in, good or not."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="login_history")
    identifier = models.CharField(max_length=254)
    method = models.CharField(max_length=16)
    succeeded = models.BooleanField()
    reason = models.CharField(max_length=32, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    device = models.CharField(max_length=32, blank=True, help_text=_("a browser that this person used before"))

    class Meta:
        verbose_name = _("log-in")
        verbose_name_plural = _("log-in history")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["user", "-created_at"]),
            models.Index(fields=["identifier", "ip", "-created_at"]),
            models.Index(fields=["ip", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.identifier} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def device_name(self) -> str:
        """The program and system, as people call them; empty when nothing is known."""
        return describe_device(self.user_agent)


class SignUp(BaseModel):
    """What a stranger gave to get an account. The account is made when they prove that the email address is theirs."""

    email = models.EmailField(_("email"))
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    password = models.CharField(max_length=128, help_text=_("hashed"))
    language = models.CharField(_("language"), max_length=5, default="vi")
    wants_news = models.BooleanField(_("offers and news"), default=False)
    wordings = models.JSONField(
        _("wordings"), default=dict, blank=True, help_text=_("the versions that were agreed to, by kind")
    )
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["-id"]
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return self.email


class OneTimeCode(BaseModel):
    """Six digits sent to an address for one purpose. Only a keyed hash is kept; dead after five wrong tries or one use.

    A stranger's request has no user until the code is sent, and none ever when nobody has that address: then there is no
    code that could be right, and nothing else tells the difference.
    """

    MAX_TRIES = 5

    class Purpose(models.TextChoices):
        EMAIL_VERIFICATION = "email_verification", _("email verification")
        PHONE_VERIFICATION = "phone_verification", _("phone verification")
        PASSWORD_RESET = "password_reset", _("password reset")
        LOGIN_2FA = "login_2fa", _("log-in")
        EMAIL_CHANGE = "email_change", _("new email")
        PHONE_CHANGE = "phone_change", _("new phone number")

    class Channel(models.TextChoices):
        EMAIL = "email", _("email")
        SMS = "sms", _("SMS")

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="one_time_codes")
    sign_up = models.ForeignKey(SignUp, on_delete=models.CASCADE, null=True, blank=True, related_name="codes")
    purpose = models.CharField(max_length=20, choices=Purpose)
    channel = models.CharField(max_length=8, choices=Channel)
    address = models.CharField(max_length=254, help_text=_("where it was sent"))
    code_hash = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "purpose", "-id"]),
            models.Index(fields=["address", "purpose", "-created_at"]),
            models.Index(fields=["ip", "-created_at"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(tries__lte=5), name="one_time_code_tries"),
            models.UniqueConstraint(
                fields=["user", "sign_up", "purpose", "address"],
                condition=Q(used_at__isnull=True),
                nulls_distinct=False,
                name="one_time_code_open_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel}"


class SecondStep(BaseModel):
    """Something begun that waits for its proof: a log-in for its second step, a new factor for its first use.

    Good once, for minutes; a log-in only from the address and device that began it. Dead after five wrong tries.
    """

    MAX_TRIES = 5

    class Purpose(models.TextChoices):
        LOG_IN = "log_in", _("log-in")
        TOTP = "totp", _("new authenticator app")
        PASSKEY = "passkey", _("new passkey")
        IDENTITY = "identity", _("identity of another provider")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="second_steps")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    identifier = models.CharField(max_length=254, blank=True)
    method = models.CharField(max_length=16, blank=True, help_text=_("how the first step was done"))
    device = models.CharField(max_length=120, blank=True)
    secret = models.BinaryField(null=True, blank=True, help_text=_("encrypted: what the proof is checked against"))
    tries = models.PositiveSmallIntegerField(default=0)
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("second step")
        verbose_name_plural = _("second steps")
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "purpose", "-id"]), models.Index(fields=["expires_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(tries__lte=5), name="second_step_tries"),
            models.UniqueConstraint(
                fields=["user", "purpose"],
                condition=Q(used_at__isnull=True, purpose__in=["totp", "passkey"]),
                name="second_step_one_set_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.user_id}"


class Address(BaseModel):
    """Where a person gets goods and visits. Vietnam's two levels since 2025-07-01; an old district may be kept."""

    class Kind(models.TextChoices):
        HOME = "home", _("home")
        OFFICE = "office", _("office")
        OTHER = "other", _("other")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.HOME)
    recipient = models.CharField(_("recipient"), max_length=120)
    phone = models.CharField(_("phone"), max_length=16)
    country = models.CharField(_("country"), max_length=2, default="VN")
    province = models.CharField(_("province or city"), max_length=80)
    district = models.CharField(_("former district"), max_length=80, blank=True)
    ward = models.CharField(_("ward or commune"), max_length=80)
    street = models.CharField(_("house number and street"), max_length=200)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["-is_default", "-id"]
        indexes = [models.Index(fields=["user", "-id"])]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(is_default=True), name="address_one_default")
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.street, self.ward, self.district, self.province)))


class Consent(BaseModel):
    """What a person agreed to or took back, in which wording and from where. Never changed: a change of mind is a new row."""

    class Kind(models.TextChoices):
        TERMS = "terms", _("terms of use")
        PRIVACY = "privacy", _("privacy notice")
        MARKETING = "marketing", _("offers and news")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    version = models.CharField(_("wording"), max_length=20)
    is_granted = models.BooleanField(_("agreed"))
    source = models.CharField(_("where"), max_length=40, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "kind", "-id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class AccessLink(BaseModel):
    """A secret address that opens one document for one purpose without a log-in. Only the token's hash is kept."""

    class Purpose(models.TextChoices):
        APPOINTMENT = "appointment", _("appointment")
        ESTIMATE = "estimate", _("estimate")
        INVOICE = "invoice", _("invoice")
        FEEDBACK = "feedback", _("feedback")
        TRACKING = "tracking", _("tracking")
        PASSWORD_RESET = "password_reset", _("password reset")
        DATA_DOWNLOAD = "data_download", _("own data")

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=16, choices=Purpose)
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    subject_id = models.UUIDField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("access link")
        verbose_name_plural = _("access links")
        indexes = [models.Index(fields=["purpose", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject_id}"
