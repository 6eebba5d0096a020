"""What the app does for others."""

from apps.platform.webhooks.services.deliveries import redeliver, send_test
from apps.platform.webhooks.services.endpoints import (
    add_endpoint,
    remove_endpoint,
    reveal_secret,
    rotate_secret,
    switch_off,
    switch_on,
    update_endpoint,
)
from apps.platform.webhooks.services.send import send_due

__all__ = [
    "add_endpoint",
    "redeliver",
    "remove_endpoint",
    "reveal_secret",
    "rotate_secret",
    "send_due",
    "send_test",
    "switch_off",
    "switch_on",
    "update_endpoint",
]
