"""The row of the person who acts."""

from django.db import transaction

from apps.core.actor import Actor
from apps.core.errors import NotFound
from apps.platform.accounts.errors import PasswordMissing, WrongPassword
from apps.platform.accounts.models import User


def lock_owner(actor: Actor) -> User:
    """The actor's own row, locked: what one person does to their own data stands in a queue.

    Must be called inside a transaction. Raises NotFound for those who are not logged in.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("rows are locked inside the transaction that changes them")
    # Weaker than a full lock: rows that point to the person may still be written meanwhile.
    rows = User.objects.select_for_update(of=("self",), no_key=True)
    user = rows.filter(pk=actor.user_id).first() if actor.user_id else None
    if user is None:
        raise NotFound
    return user


def check_own_password(user: User, password: str) -> None:
    """Raises WrongPassword, or PasswordMissing for an account that never had one (it came in through Google)."""
    if not user.has_usable_password():
        raise PasswordMissing(field="password")
    if not user.check_password(password):
        raise WrongPassword(field="password")
