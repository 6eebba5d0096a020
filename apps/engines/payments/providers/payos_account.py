"""Where PayOS is and who we are there: from settings; in demo installations without an account, the simulator."""

from dataclasses import dataclass

from django.conf import settings

SIMULATOR_PATH = "/dev/payos"


@dataclass(frozen=True, slots=True)
class PayosAccount:
    base_url: str
    client_id: str
    api_key: str
    checksum_key: str


def is_simulated() -> bool:
    """Whether payments go to the simulator of this installation."""
    return bool(settings.DEMO) and not (
        settings.PAYOS_CLIENT_ID or settings.PAYOS_CHECKSUM_KEY or settings.PAYOS_BASE_URL
    )


def payos_account() -> PayosAccount:
    """The account that is in force now."""
    if is_simulated():
        return PayosAccount(
            f"{settings.SITE_URL.rstrip('/')}{SIMULATOR_PATH}", "demo-client", "demo-api-key", "demo-checksum-key"
        )
    return PayosAccount(
        settings.PAYOS_BASE_URL or "https://api-merchant.payos.vn",
        settings.PAYOS_CLIENT_ID,
        settings.PAYOS_API_KEY,
        settings.PAYOS_CHECKSUM_KEY,
    )
