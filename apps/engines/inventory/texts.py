"""What the log says about stock."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts

texts.register("inventory.adjusted", _("Stock corrected by %(quantity)s: %(reason)s"), icon="sliders-horizontal")
texts.register("inventory.received", _("%(quantity)s received"), icon="package-check")
texts.register("inventory.level_changed", _("Limits of the stock changed"), icon="pencil")
texts.register("warehouse.created", _("Warehouse created"), icon="warehouse")
texts.register("warehouse.changed", _("Warehouse changed"), icon="pencil")
