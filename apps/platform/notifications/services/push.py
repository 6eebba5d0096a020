"""The browsers in which a user wants to see messages."""

import base64
import binascii
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction

from apps.core.actor import Actor
from apps.platform.notifications.errors import BadSubscription, PushAway
from apps.platform.notifications.models import PushSubscription
from apps.platform.notifications.senders import vapid

_POINT, _SECRET = 65, 16
_MOST_BROWSERS = 20


@transaction.atomic
def subscribe_browser(actor: Actor, *, endpoint: str, p256dh: str, auth: str, device: str = "") -> PushSubscription:
    """Keeps a browser that the user allowed; the same browser again, or with another user, moves to the actor.

    Raises PushAway without a key of ours, BadSubscription for an address that is no known push service's or for keys
    that are none. Beyond twenty browsers the longest known one goes.
    """
    user_id = actor.require_user()
    if not vapid.public_key():
        raise PushAway
    check_endpoint(endpoint)
    _check_keys(p256dh, auth)
    values = {"user_id": user_id, "p256dh": p256dh, "auth": auth, "device": device[:120]}
    row, _is_new = PushSubscription.objects.update_or_create(endpoint=endpoint, defaults=values)
    kept = PushSubscription.objects.filter(user_id=user_id).order_by("-id").values("pk")[:_MOST_BROWSERS]
    PushSubscription.objects.filter(user_id=user_id).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    return row


@transaction.atomic
def unsubscribe_browser(actor: Actor, *, endpoint: str) -> bool:
    """Forgets a browser of the actor; returns whether it was known."""
    count, _by_table = PushSubscription.objects.filter(user_id=actor.require_user(), endpoint=endpoint).delete()
    return count > 0


def check_endpoint(endpoint: str) -> None:
    """The browser names the address to which this server will post, so only known push services are let in."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    known = any(host == name or host.endswith(f".{name}") for name in settings.PUSH_SERVICE_HOSTS)
    is_safe = parts.scheme == "https" or host == "127.0.0.1"
    if not known or not is_safe or len(endpoint) > 600 or parts.username:
        raise BadSubscription(field="endpoint")


def _check_keys(p256dh: str, auth: str) -> None:
    try:
        point, secret = _decode(p256dh), _decode(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (ValueError, binascii.Error) as error:
        raise BadSubscription(field="keys") from error
    if len(point) != _POINT or len(secret) != _SECRET:
        raise BadSubscription(field="keys")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
