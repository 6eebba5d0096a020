"""The transfer code of a bank account, for those who enter it."""

from apps.engines.payments.vietqr import build_vietqr, qr_svg
from apps.platform.organizations.previews import register_transfer_preview


def draw(bank_bin: str, account: str) -> str:
    """A code without an amount: scanning it shows bank, account and holder."""
    return qr_svg(build_vietqr(bank_bin=bank_bin, account=account))


register_transfer_preview(draw)
