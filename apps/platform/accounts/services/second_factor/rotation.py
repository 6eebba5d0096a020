"""Second factors encrypted anew after the key changed."""

import base64

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction

from apps.core.crypto import needs_rotation

NAMES = ("secret", "seed")


def rotate_factors() -> int:
    """Encrypts with the newest key what an older one encrypted; returns how many factors. Raises CannotDecrypt."""
    ids = list(
        Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk").values_list("pk", flat=True)
    )
    return sum(_rotate(pk) for pk in ids)


@transaction.atomic
def _rotate(pk: int) -> bool:
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    old = [name for name in NAMES if row is not None and _is_old(row.data.get(name))]
    if row is None or not old:
        return False
    for name in old:
        row.data[name] = encrypt(decrypt(row.data[name]))
    row.save(update_fields=["data"])
    return True


def _is_old(stored: str | None) -> bool:
    return bool(stored) and needs_rotation(base64.b64decode(stored or ""))
