"""What the log says about prices."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts

texts.register("price_list.created", _("Price list created"), icon="tags")
texts.register("price_list.changed", _("Price list changed"), icon="pencil")
texts.register("price_list.price_set", _("Price of %(sku)s set to %(unit_price)s from %(min_quantity)s on"), icon="tag")
texts.register("price_list.price_removed", _("Price of %(sku)s removed"), icon="tag")
texts.register("price_list.assigned", _("Given to a buyer"), icon="handshake")
