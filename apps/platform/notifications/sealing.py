"""Texts of security messages: encrypted while they wait, so that whoever sees the row sees no code and no link."""

import json
from copy import copy

from apps.core.crypto import decrypt, encrypt
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.registry import TYPES

FIELDS = ("subject", "body", "url")
MASK = "••••••"


def is_secret(row: Delivery) -> bool:
    """Whether nobody but its receiver may read it."""
    kind = TYPES.get(row.type)
    return kind is not None and kind.is_mandatory


def seal(row: Delivery) -> None:
    """Moves the text of a security message that is to be written out of sight; leaves other messages alone."""
    if not is_secret(row):
        return
    row.sealed = encrypt(json.dumps({name: getattr(row, name) for name in FIELDS}), purpose_of(row))
    for name in FIELDS:
        setattr(row, name, "")


def unsealed(row: Delivery) -> Delivery:
    """The message with its text, to be sent and not to be saved. Raises CannotDecrypt when its key is gone."""
    if row.sealed is None:
        return row
    readable = copy(row)
    for name, text in json.loads(decrypt(bytes(row.sealed), purpose_of(row))).items():
        setattr(readable, name, text)
    return readable


def purpose_of(row: Delivery) -> str:
    """What the text is bound to: no row shows that of another."""
    return f"notifications.delivery:{row.pk}"
