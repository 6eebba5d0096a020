"""When a user wants to be left alone."""

from datetime import time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.errors import BadInput
from apps.platform.notifications.models import Delivery, QuietHours


@transaction.atomic
def save_quiet_hours(actor: Actor, *, is_on: bool, begins_at: time, ends_at: time) -> QuietHours:
    """Keeps the actor's quiet hours, by their own clock; they may go over midnight.

    What waits because of earlier ones is looked at anew. Raises BadInput when they would never end.
    """
    if begins_at == ends_at:
        raise BadInput(_("They must end at another time than they begin."), field="ends_at")
    user_id = actor.require_user()
    values = {"is_on": is_on, "begins_at": begins_at, "ends_at": ends_at}
    row, _is_new = QuietHours.objects.update_or_create(user_id=user_id, defaults=values)
    waiting = Delivery.objects.filter(user_id=user_id, state=Delivery.State.QUEUED, attempts=0, provider="")
    waiting.update(next_try_at=now())
    return row
