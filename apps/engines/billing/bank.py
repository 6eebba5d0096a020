"""How a balance is paid by bank transfer."""

from dataclasses import dataclass

from apps.engines.billing.models import Invoice
from apps.engines.billing.states import UNPAID
from apps.engines.payments.vietqr import build_vietqr
from apps.platform.organizations.banks import list_banks


@dataclass(frozen=True, slots=True)
class TransferSlip:
    """What a payer types or scans; `text` is what the QR code holds."""

    bank: str
    account: str
    holder: str
    purpose: str
    text: str


def transfer_slip(invoice: Invoice) -> TransferSlip | None:
    """The slip over the invoice's balance; None when nothing is due, it is no đồng, or no account is known."""
    company = invoice.organization
    is_payable = invoice.state in UNPAID and invoice.balance > 0 and invoice.currency == "VND"
    if not is_payable or not company.bank_bin or not company.bank_account:
        return None
    text = build_vietqr(
        bank_bin=company.bank_bin, account=company.bank_account, amount=invoice.balance, purpose=invoice.number
    )
    bank = list_banks().get(company.bank_bin, company.bank_bin)
    return TransferSlip(bank, company.bank_account, company.bank_account_name or company.name, invoice.number, text)
