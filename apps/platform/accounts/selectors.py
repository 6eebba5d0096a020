"""Reads of users, sessions and log-ins."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.postgres.lookups import Unaccent
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Lower

from apps.core.actor import Actor
from apps.core.clock import now
from apps.core.text import search_key
from apps.platform.accounts.models import Address, Consent, LoginHistory, User, UserSession
from apps.platform.accounts.phones import find_phone
from apps.platform.organizations.models import Membership


def find_user(identifier: str) -> User | None:
    """The user with this email address (any case) or phone number (as typed in Vietnam or with country code)."""
    text = clean_identifier(identifier)
    if "@" in text:
        return User.objects.alias(email_key=Lower("email")).filter(email_key=text.lower()).first()
    phone = find_phone(text)
    return User.objects.filter(phone=phone).first() if phone else None


def normalize_identifier(identifier: str) -> str:
    """One spelling per account, so that failures are counted per account however the name was typed."""
    text = clean_identifier(identifier)
    return text if "@" in text else find_phone(text) or text


def clean_identifier(text: str) -> str:
    """What can be looked up: lower case, without the zero byte, which no text column holds."""
    return text.replace("\x00", "").strip().lower()[:254]


def list_open_sessions(actor: Actor) -> QuerySet[UserSession]:
    """The actor's own sessions that still open doors, the latest used first."""
    return own_sessions(actor).filter(ended_at__isnull=True, expires_at__gt=now())


def own_sessions(actor: Actor) -> QuerySet[UserSession]:
    """All sessions of the actor; none for those who are not logged in."""
    return UserSession.objects.filter(user_id=actor.user_id) if actor.user_id else UserSession.objects.none()


def list_login_history(actor: Actor) -> QuerySet[LoginHistory]:
    """The actor's own log-ins and failed tries on their account, newest first."""
    return LoginHistory.objects.filter(user_id=actor.user_id) if actor.user_id else LoginHistory.objects.none()


def list_addresses(actor: Actor) -> QuerySet[Address]:
    """The actor's own addresses, the default one first, then the newest."""
    return Address.objects.filter(user_id=actor.user_id) if actor.user_id else Address.objects.none()


def find_consent(user_id: UUID, kind: str) -> Consent | None:
    """What the person last said about `kind`, or None when they were never asked."""
    return Consent.objects.filter(user_id=user_id, kind=kind).order_by("-pk").first()


def list_consents(actor: Actor) -> QuerySet[Consent]:
    """Everything that the actor agreed to or took back, newest first."""
    return Consent.objects.filter(user_id=actor.user_id) if actor.user_id else Consent.objects.none()


def agrees_to(user_id: UUID, kind: str) -> bool:
    """Whether the person's last word about `kind` was yes."""
    consent = find_consent(user_id, kind)
    return consent is not None and consent.is_granted


def last_word_on(kind: str, *, of: str = "user_id") -> Subquery:
    """To annotate rows that name a user in the column `of`: what that person last said; NULL for never asked."""
    rows = Consent.objects.filter(user_id=OuterRef(of), kind=kind).order_by("-pk")
    return Subquery(rows.values("is_granted")[:1])


def list_agreeing(user_ids: Iterable[UUID], kind: str) -> set[UUID]:
    """Those of the people whose last word about `kind` was yes."""
    rows = Consent.objects.filter(user_id__in=list(user_ids), kind=kind).order_by("user_id", "-pk")
    return {
        user_id for user_id, is_granted in rows.distinct("user_id").values_list("user_id", "is_granted") if is_granted
    }


def list_people(actor: Actor) -> QuerySet[User]:
    """All accounts for platform staff, else the people of the actor's company and branches; with their places there.

    `shown_memberships` of each holds only places that the actor may know of. Raises NotAllowed without `staff.view`.
    """
    people = User.objects.filter(erased_at__isnull=True)
    places = Membership.objects.order_by("pk")
    if not (actor.is_platform_staff and actor.organization_id is None):
        actor.require("staff.view")
        places = places.visible_to(actor)
        people = people.filter(pk__in=places.values("user_id"))
    shown = Prefetch("memberships", places.select_related("organization", "role"), to_attr="shown_memberships")
    return people.prefetch_related(shown).order_by("-created_at", "pk")


def list_people_with_oneself(actor: Actor) -> QuerySet[User]:
    """The actor's own account, as `list_people` shows accounts, with the places of the company they act in."""
    places = Membership.objects.visible_to(actor).select_related("organization", "role").order_by("pk")
    return User.objects.filter(pk=actor.require_user()).prefetch_related(
        Prefetch("memberships", places, to_attr="shown_memberships")
    )


def search_people(rows: QuerySet[User], text: str) -> QuerySet[User]:
    """Those whose name, email or phone (as people type it) contains every typed word, accents aside."""
    rows = rows.alias(full=Lower(Unaccent(Concat("last_name", Value(" "), "first_name"))))
    digits = "".join(char for char in text if char.isdigit()).lstrip("0")
    if len(digits) >= 3:
        return rows.filter(phone__contains=digits.removeprefix("84"))
    for word in search_key(text).split():
        rows = rows.filter(Q(full__contains=word) | Q(email__icontains=word))
    return rows
