"""What the log says about shipments."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts

texts.register("shipment.sent", _("Shipment sent"), icon="truck")
texts.register("shipment.delivered", _("Shipment delivered"), icon="package-check")
