"""What pricing refuses."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError


class TaxRateMissing(BusinessError):
    """No rate is known for the tax class on that day."""

    rule = "tax_rate_missing"
    message = _("No tax rate is known for this day.")


class DiscountTooBig(BusinessError):
    rule = "discount_too_big"
    message = _("The discount is bigger than the amount.")

    def __init__(self) -> None:
        super().__init__(field="discount")


class PriceListNameTaken(BusinessError):
    code = "DUPLICATE_001"
    status = 409
    rule = "price_list_name_taken"
    message = _("Another price list has this name.")

    def __init__(self) -> None:
        super().__init__(field="name")
