"""What the log says about second factors, the message for their owner, and the setting for platform staff."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.platform.accounts.models import SecondStep
from apps.platform.accounts.services.second_factor import forget_steps
from apps.platform.accounts.services.second_factor.rotation import rotate_factors
from apps.platform.accounts.services.second_factor.set_up import PURPOSE
from apps.platform.audit.texts import register
from apps.platform.notifications import registry
from apps.platform.notifications.registry import SECURITY, NotificationType
from apps.platform.system.clean_ups import declare_clean_up
from apps.platform.system.rotation import register_encrypted, register_rotation
from apps.platform.system.settings import declare_setting

register("user.totp_added", _("Authenticator app added"), icon="shield-check")
register("user.totp_removed", _("Authenticator app removed"), icon="shield-alert")
register("user.passkey_added", _("Passkey added: %(name)s"), icon="key-round")
register("user.passkey_removed", _("Passkey removed: %(name)s"), icon="key-round")
register("user.factors_removed", _("Second factors removed by staff"), icon="shield-alert")
register("user.recovery_codes_renewed", _("New recovery codes"), icon="shield-check")
register("user.recovery_code_used", _("Logged in with a recovery code"), icon="shield-alert")

registry.register(
    NotificationType(code="user.second_factor_changed", category=SECURITY, label=_("Second factor changed"))
)
declare_setting("security.staff_second_factor", not settings.DEMO, bool, _("Platform staff need a second factor"))
declare_clean_up("second_steps", forget_steps, keep_days="codes.keep_days", label=_("Begun and finished second steps"))
register_encrypted(SecondStep, "secret", purpose=lambda row: PURPOSE)
register_rotation("mfa.authenticator", rotate_factors)
