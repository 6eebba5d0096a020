"""What audit lines of this app say."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.platform.audit.texts import register
from apps.platform.system.settings import DECLARED


def describe_setting_change(data: Mapping[str, Any]) -> str:
    """A changed setting by its readable name."""
    declaration = DECLARED.get(str(data.get("key")))
    label = declaration.label if declaration else data.get("key", "")
    return gettext("Setting changed: %(label)s") % {"label": label}


register("job.started", _("Job started: %(label)s"), icon="play")
register("job.cancelled", _("Job cancelled: %(label)s"), icon="circle-x")
register("job.retried", _("Job tried again: %(label)s"), icon="rotate-cw")
register("setting.changed", describe_setting_change, icon="settings-2")
