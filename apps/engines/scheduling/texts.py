"""What the log says about calendars."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit.texts import register

register("resource.added", _("Calendar added"), icon="calendar")
