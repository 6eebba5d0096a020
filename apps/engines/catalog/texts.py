"""What the log says about the catalogue."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts

texts.register("product.created", _("Product created"), icon="package-plus")
texts.register("product.changed", _("Product changed"), icon="pencil")
texts.register("product.fitments_changed", _("Vehicles that it fits changed"), icon="car")
texts.register("product.variant_added", _("Variant %(sku)s added"), icon="package-plus")
texts.register("product.media_added", _("Picture added"), icon="image-plus")
texts.register("product.media_removed", _("Picture removed"), icon="image-off")
texts.register("product.copied", _("Taken over from a distributor as %(sku)s"), icon="copy")
texts.register("variant.changed", _("Variant changed"), icon="pencil")
