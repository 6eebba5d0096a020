"""Settings in the database: declared once in code with type and default, set for all, for a company or for a branch.

    declare_setting("orders.shipping_fee", Decimal(0), Decimal, _("Shipping fee"), scopes=COMPANY, group=SALES)
    get_setting("orders.shipping_fee", organization_id)

Secrets (`is_secret=True`, type str) are encrypted, bound to their key and scope, and read by `get_secret` alone.
"""

from apps.platform.system.settings.changing import change_setting, change_settings, check_scope, reset_setting
from apps.platform.system.settings.declarations import (
    ALL_SCOPES,
    COMPANY,
    DECLARED,
    GLOBAL,
    Declaration,
    declare_setting,
)
from apps.platform.system.settings.values import forget, get_secret, get_setting, has_value, store_setting

__all__ = [
    "ALL_SCOPES",
    "COMPANY",
    "DECLARED",
    "GLOBAL",
    "Declaration",
    "change_setting",
    "change_settings",
    "check_scope",
    "declare_setting",
    "forget",
    "get_secret",
    "get_setting",
    "has_value",
    "reset_setting",
    "store_setting",
]
