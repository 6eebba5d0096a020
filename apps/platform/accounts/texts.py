"""What the log says about accounts and sessions, the messages for their safety, and what platform staff can set."""

from django.utils.translation import gettext_lazy as _

from apps.platform.accounts.services.forget import forget_codes
from apps.platform.accounts.services.own_data import forget_own_data
from apps.platform.audit.texts import register
from apps.platform.notifications import registry
from apps.platform.notifications.models import Channel
from apps.platform.notifications.registry import SECURITY, NotificationType
from apps.platform.system.clean_ups import declare_clean_up
from apps.platform.system.settings import GLOBAL, declare_setting

register("user.created", _("Account created"), icon="user")
register("user.logged_in", _("Logged in"), icon="log-in")
register("user.logged_out", _("Logged out"), icon="log-out")
register("user.profile_changed", _("Profile changed"), icon="user")
register("user.password_changed", _("Password changed"), icon="key-round")
register("user.picture_changed", _("Picture changed"), icon="image")
register("user.contact_changed", _("Email or phone number changed"), icon="at-sign")
register("user.data_exported", _("Own data put together for download"), icon="download")
register("user.data_downloaded", _("Own data downloaded"), icon="download")
register("user.erased", _("Account erased"), icon="user-x")
register("user.changed_by_staff", _("Changed by staff: %(fields)s"), icon="pencil")
register("user.powers_changed", _("Rights on the platform changed"), icon="shield-check")
register("user.opened", _("Account opened"), icon="user-check")
register("user.closed", _("Account closed"), icon="user-x")
register("address.added", _("Address added"), icon="map-pin")
register("address.changed", _("Address changed"), icon="map-pin")
register("address.removed", _("Address removed"), icon="map-pin")
register("address.made_default", _("Default address changed"), icon="map-pin")
register("consent.given", _("Agreed: %(kind)s"), icon="check")
register("consent.taken_back", _("Taken back: %(kind)s"), icon="x")
register("user.signed_up", _("Signed up"), icon="user-plus")
register("user.email_verified", _("Email address confirmed"), icon="mail-check")
register("user.phone_verified", _("Phone number confirmed"), icon="smartphone")
register("user.password_reset", _("Password reset"), icon="key-round")
register("session.ended", _("Session ended"), icon="log-out")

registry.register(NotificationType(code="user.new_device", category=SECURITY, label=_("Log-in from a new device")))
registry.register(NotificationType(code="user.password_changed", category=SECURITY, label=_("Password changed")))

_CODE = (("purpose", "login_2fa"), ("code", "123456"), ("minutes", 10))
registry.register(
    NotificationType(
        code="account.code",
        category=SECURITY,
        channels=(Channel.EMAIL, Channel.SMS),
        label=_("One-time code"),
        sample=_CODE,
    )
)
registry.register(
    NotificationType(
        code="account.password_reset",
        category=SECURITY,
        channels=(Channel.EMAIL, Channel.SMS),
        label=_("Password forgotten"),
        sample=_CODE,
    )
)
registry.register(
    NotificationType(
        code="account.sign_up_taken",
        category=SECURITY,
        channels=(Channel.EMAIL,),
        label=_("Sign-up with an address that has an account"),
    )
)

declare_setting(
    "security.code_minutes",
    10,
    int,
    _("Minutes that a one-time code is good (5 to 10)"),
    scopes=GLOBAL,
    minimum=5,
    maximum=10,
)
declare_setting(
    "codes.keep_days",
    2,
    int,
    _("Days that one-time codes and sign-ups are kept"),
    scopes=GLOBAL,
    minimum=1,
    maximum=365,
)
declare_clean_up("codes", forget_codes, keep_days="codes.keep_days", label=_("One-time codes and sign-ups"))
registry.register(NotificationType(code="user.data_ready", category=SECURITY, label=_("Own data ready to download")))
registry.register(
    NotificationType(
        code="user.contact_changed",
        category=SECURITY,
        channels=(Channel.EMAIL, Channel.SMS),
        label=_("Email or phone number changed"),
        sample=(("kind", "email"),),
    )
)

declare_setting(
    "own_data.keep_days",
    1,
    int,
    _("Days that a download of own data is kept after its link ran out"),
    scopes=GLOBAL,
    minimum=1,
    maximum=30,
)
declare_clean_up("own_data", forget_own_data, keep_days="own_data.keep_days", label=_("Downloads of own data"))

for _key, _label in (
    ("legal.operator_name", _("Company that runs the site, as in the terms of use")),
    ("legal.operator_address", _("Its registered address")),
    ("legal.operator_tax_code", _("Its tax code")),
    ("legal.privacy_email", _("Email for questions about personal data")),
):
    declare_setting(_key, "", str, _label, scopes=GLOBAL)
