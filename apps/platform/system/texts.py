"""What audit lines of this app say."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit.texts import register

register("job.cancelled", _("Job cancelled: %(label)s"), icon="circle-x")
register("job.retried", _("Job tried again: %(label)s"), icon="rotate-cw")
