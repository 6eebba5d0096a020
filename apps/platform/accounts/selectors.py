"""Reads of users, sessions and log-ins."""

from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Lower

from apps.core.actor import Actor
from apps.core.clock import now
from apps.platform.accounts.models import Address, Consent, LoginHistory, User, UserSession
from apps.platform.accounts.phones import find_phone


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
