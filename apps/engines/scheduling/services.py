"""Every change of calendars and reservations. The database refuses overlaps; here they become clear answers."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.db import lock_row, translate_violations
from apps.engines.scheduling.errors import OutsideHours, PartyBusy, SlotInPast, SlotTaken
from apps.engines.scheduling.events import CalendarChanged
from apps.engines.scheduling.models import Reservation, Resource, WorkingHours
from apps.engines.scheduling.rules import Span
from apps.engines.scheduling.selectors import is_within_hours, next_free_times
from apps.platform.audit.services import record
from apps.platform.events.services import publish
from apps.platform.organizations.models import Branch


@transaction.atomic
def add_resources(actor: Actor, branch: Branch, *, kind: str, names: list[str]) -> list[Resource]:
    """A calendar per name, open in the branch's opening hours; names that exist already stay as they are.

    Needs `settings.edit`. Returns those that are new.
    """
    actor.require("settings.edit")
    known = set(Resource.objects.filter(branch=branch, kind=kind).values_list("name", flat=True))
    made = []
    for position, name in enumerate(names):
        if name in known:
            continue
        resource = Resource.objects.create(
            organization_id=branch.organization_id, branch=branch, kind=kind, name=name, position=position
        )
        WorkingHours.objects.bulk_create(
            WorkingHours(
                resource=resource,
                weekday=int(day),
                starts_at=time.fromisoformat(start),
                ends_at=time.fromisoformat(end),
            )
            for day, spans in branch.opening_hours.items()
            for start, end in spans
        )
        record(actor, "resource.added", resource)
        made.append(resource)
    return made


@transaction.atomic
def reserve(
    actor: Actor,
    *,
    resource: Resource,
    starts_at: datetime,
    ends_at: datetime,
    source_type: str,
    source_id: UUID,
    party_key: str = "",
    ignore_hours: bool = False,
) -> Reservation:
    """Books the span of the resource for the party. `ignore_hours` is for staff who take a vehicle in after hours.

    Raises SlotInPast, OutsideHours, SlotTaken (with the next free times), PartyBusy.
    """
    _check_time(resource, starts_at, ends_at, ignore_hours=ignore_hours)
    reservation = Reservation(
        organization_id=resource.organization_id,
        branch_id=resource.branch_id,
        resource=resource,
        period=DateTimeTZRange(starts_at, ends_at),
        party_key=party_key,
        source_type=source_type,
        source_id=source_id,
    )
    _save(reservation, resource)
    _tell(actor, reservation)
    return reservation


@transaction.atomic
def move_reservation(
    actor: Actor, reservation: Reservation, *, resource: Resource, starts_at: datetime, ends_at: datetime
) -> Reservation:
    """Moves a live reservation to another time or resource of the same branch; refused like `reserve`."""
    reservation = lock_row(reservation)
    _check_time(resource, starts_at, ends_at, ignore_hours=False)
    reservation.resource = resource
    reservation.period = DateTimeTZRange(starts_at, ends_at)
    _save(reservation, resource)
    _tell(actor, reservation)
    return reservation


@transaction.atomic
def release_reservation(actor: Actor, reservation: Reservation) -> None:
    """Gives the time free again; releasing twice changes nothing."""
    reservation = lock_row(reservation)
    if reservation.state != Reservation.State.RELEASED:
        reservation.state = Reservation.State.RELEASED
        reservation.save(update_fields=["state"])
        _tell(actor, reservation)


@transaction.atomic
def finish_reservation(actor: Actor, reservation: Reservation) -> None:
    """The party has come and gone: the span ends now if that is earlier, and stays in the calendar as done."""
    reservation = lock_row(reservation)
    if reservation.state in (Reservation.State.DONE, Reservation.State.RELEASED):
        return
    moment = now()
    if reservation.period.lower < moment < reservation.period.upper:
        reservation.period = DateTimeTZRange(reservation.period.lower, moment)
    reservation.state = Reservation.State.DONE
    reservation.save(update_fields=["state", "period"])
    _tell(actor, reservation)


@transaction.atomic
def release_expired_holds(actor: Actor) -> int:
    """Releases holds whose time is over; returns how many."""
    expired = Reservation.objects.select_for_update(skip_locked=True).filter(
        state=Reservation.State.HOLD, expires_at__lt=now()
    )
    rows = list(expired)
    for reservation in rows:
        reservation.state = Reservation.State.RELEASED
        reservation.save(update_fields=["state"])
        _tell(actor, reservation)
    return len(rows)


def _check_time(resource: Resource, starts_at: datetime, ends_at: datetime, *, ignore_hours: bool) -> None:
    if ignore_hours:
        return
    if starts_at < now() - timedelta(minutes=5):
        raise SlotInPast(field="starts_at")
    if not is_within_hours(resource, Span(starts_at, ends_at), resource.branch.organization.timezone):
        raise OutsideHours(field="starts_at")


def _save(reservation: Reservation, resource: Resource) -> None:
    minutes = int((reservation.period.upper - reservation.period.lower) / timedelta(minutes=1))

    def taken() -> SlotTaken:
        times = next_free_times(resource, minutes=minutes)
        return SlotTaken(field="starts_at", details={"next_free": [time.isoformat() for time in times]})

    errors = {"reservation_resource_overlap": taken, "reservation_party_overlap": lambda: PartyBusy(field="starts_at")}
    with translate_violations(errors):
        reservation.save()


def _tell(actor: Actor, reservation: Reservation) -> None:
    publish(
        actor,
        CalendarChanged(
            subject_id=reservation.resource_id,
            organization_id=reservation.organization_id,
            branch_id=reservation.branch_id,
        ),
    )
