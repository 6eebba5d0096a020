"""What people agree to. A row is never changed: a change of mind is a new row, and the newest one holds."""

from django.db import transaction

from apps.core.actor import Actor
from apps.core.errors import BadInput
from apps.platform.accounts.consents import VERSIONS
from apps.platform.accounts.events import ConsentGiven
from apps.platform.accounts.models import Consent, User
from apps.platform.accounts.selectors import find_consent
from apps.platform.accounts.services.owner import lock_owner
from apps.platform.audit.services import record
from apps.platform.events.services import publish


@transaction.atomic
def record_consent(
    actor: Actor, *, kind: str, is_granted: bool = True, source: str = "", user: User | None = None, version: str = ""
) -> Consent:
    """Notes that `user` (default: the actor) agrees to a wording (default: the present one), or no longer does.

    `source` says where (`sign_up`, `account`, `api`); the address comes from the actor. What holds already is not
    noted twice. Raises BadInput for an unknown kind.
    """
    if kind not in VERSIONS:
        raise BadInput(field="kind")
    person = user or lock_owner(actor)
    wording = version or VERSIONS[kind]
    present = find_consent(person.pk, kind)
    if present and (present.is_granted, present.version) == (is_granted, wording):
        return present
    row = Consent.objects.create(
        user=person,
        kind=kind,
        version=wording,
        is_granted=is_granted,
        source=source[:40],
        ip=actor.ip,
    )
    action = "consent.given" if is_granted else "consent.taken_back"
    record(actor, action, row, data={"kind": kind, "version": row.version})
    publish(actor, ConsentGiven(subject_id=person.pk, organization_id=None, kind=kind, is_granted=is_granted))
    return row
