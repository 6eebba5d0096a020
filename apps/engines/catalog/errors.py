"""What the catalogue refuses."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError


class BadBarcode(BadInput):
    message = _("The check digit of this barcode is wrong.")

    def __init__(self) -> None:
        super().__init__(field="barcode")


class SkuTaken(BusinessError):
    code = "DUPLICATE_001"
    status = 409
    rule = "sku_taken"
    message = _("Another article has this SKU.")

    def __init__(self) -> None:
        super().__init__(field="sku")


class BarcodeTaken(BusinessError):
    code = "DUPLICATE_001"
    status = 409
    rule = "barcode_taken"
    message = _("Another article has this barcode.")

    def __init__(self) -> None:
        super().__init__(field="barcode")


class FitmentTaken(BusinessError):
    code = "DUPLICATE_001"
    status = 409
    rule = "fitment_taken"
    message = _("This vehicle is already listed from that year on.")

    def __init__(self) -> None:
        super().__init__(field="fitments")
