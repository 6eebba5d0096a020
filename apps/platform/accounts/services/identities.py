"""Whose account an identity at another provider opens.

One that is linked already opens its account. Otherwise the email address decides, and only when both sides proved it:
the provider says that it is confirmed, and the account here confirmed it too. An account whose address nobody ever
proved is not handed over, or else whoever made it first would share it with its true owner.
"""

from datetime import timedelta

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from apps.core.actor import Actor, ActorKind
from apps.core.clock import now
from apps.core.errors import BadCredentials, BusinessError, NotFound
from apps.platform.accounts.links import hash_token
from apps.platform.accounts.models import Consent, SecondStep, User
from apps.platform.accounts.selectors import find_user
from apps.platform.accounts.services.attempts import Attempt, KnownDevice, lock_pair, note_attempt
from apps.platform.accounts.services.consents import record_consent
from apps.platform.accounts.services.log_in import pass_first_step
from apps.platform.accounts.services.second_factor import check_recently_confirmed
from apps.platform.accounts.services.second_factor.factors import parse_number
from apps.platform.accounts.services.users import create_user
from apps.platform.accounts.social.errors import (
    AccountNotProven,
    IdentityEmailNotVerified,
    IdentityRefused,
    TermsRequired,
)
from apps.platform.accounts.social.events import IdentityLinked
from apps.platform.accounts.social.issuer import PROVIDER, Identity
from apps.platform.audit.services import record
from apps.platform.events.services import publish

# Longer than any token lives, so that none is good twice.
TOKENS_KEPT_FOR = timedelta(days=2)


def log_in_by_identity(
    identity: Identity,
    *,
    ip: str | None = None,
    user_agent: str = "",
    device: KnownDevice | None = None,
    accepts_terms: bool = False,
) -> User:
    """The user of a checked identity, whose first step is done now; a new customer when the address is unknown here.

    Raises IdentityRefused for a token that was used before, IdentityEmailNotVerified, AccountNotProven, TermsRequired
    (a new account without agreement) and BadCredentials for a closed account.
    """
    name = identity.email or f"{PROVIDER}:{identity.subject}"[:254]
    attempt = Attempt(name, ip, user_agent[:400], PROVIDER, device)
    with transaction.atomic():
        lock_pair(Attempt(f"{PROVIDER}:{identity.subject}", None, "", ""))
        answer = _find_account(identity, attempt, accepts_terms=accepts_terms)
        if isinstance(answer, BusinessError):
            note_attempt(attempt, None, reason=answer.rule[:32])
        else:
            _use_token(answer, identity)
            pass_first_step(attempt, answer)
    if isinstance(answer, BusinessError):
        raise answer
    return answer


def list_identities(user: User) -> list[SocialAccount]:
    """The accounts at other providers that open this one."""
    return list(SocialAccount.objects.filter(user=user).order_by("pk"))


@transaction.atomic
def unlink_identity(actor: Actor, *, identity_id: object) -> None:
    """The account at the other provider opens this one no more. Raises ConfirmationRequired, NotFound."""
    check_recently_confirmed(actor)
    own = SocialAccount.objects.select_related("user").filter(user_id=actor.require_user())
    found = own.filter(pk=parse_number(identity_id)).first()
    if found is None:
        raise NotFound
    found.delete()
    record(actor, "user.identity_unlinked", found.user, data={"provider": found.provider})


def _find_account(identity: Identity, attempt: Attempt, *, accepts_terms: bool) -> User | BusinessError:
    if SecondStep.objects.filter(token_hash=hash_token(identity.token)).exists():
        return IdentityRefused()
    linked = SocialAccount.objects.select_related("user").filter(provider=PROVIDER, uid=identity.subject).first()
    if linked is not None:
        return linked.user if linked.user.is_active else BadCredentials()
    return _find_by_email(identity, attempt, accepts_terms=accepts_terms)


def _find_by_email(identity: Identity, attempt: Attempt, *, accepts_terms: bool) -> User | BusinessError:
    if not identity.email or not identity.is_email_verified:
        return IdentityEmailNotVerified()
    user = find_user(identity.email)
    if user is None:
        return _make_customer(identity, attempt) if accepts_terms else TermsRequired()
    if not user.is_active:
        return BadCredentials()
    if user.email_verified_at is None:
        return AccountNotProven()
    _link(user, identity, attempt)
    return user


def _make_customer(identity: Identity, attempt: Attempt) -> User:
    stranger = Actor(kind=ActorKind.ANONYMOUS, ip=attempt.ip, user_agent=attempt.user_agent)
    user = create_user(
        stranger, first_name=identity.first_name, last_name=identity.last_name, email=identity.email, password=None
    )
    user.email_verified_at = now()
    user.save(update_fields=["email_verified_at", "updated_at"])
    for kind in (Consent.Kind.TERMS, Consent.Kind.PRIVACY):
        record_consent(_actor(user, attempt), kind=kind, source=PROVIDER, user=user)
    SocialAccount.objects.create(user=user, provider=PROVIDER, uid=identity.subject)
    return user


def _link(user: User, identity: Identity, attempt: Attempt) -> None:
    SocialAccount.objects.create(user=user, provider=PROVIDER, uid=identity.subject)
    actor = _actor(user, attempt)
    record(actor, "user.identity_linked", user, data={"provider": PROVIDER})
    publish(
        actor,
        IdentityLinked(
            subject_id=user.pk, organization_id=None, provider=PROVIDER, at=now().isoformat(), ip=attempt.ip or ""
        ),
    )


def _use_token(user: User, identity: Identity) -> None:
    moment = now()
    SecondStep.objects.create(
        user=user,
        purpose=SecondStep.Purpose.IDENTITY,
        token_hash=hash_token(identity.token),
        method=PROVIDER,
        expires_at=moment + TOKENS_KEPT_FOR,
        used_at=moment,
    )


def _actor(user: User, attempt: Attempt) -> Actor:
    return Actor(
        kind=ActorKind.USER, user_id=user.pk, name=user.full_name, ip=attempt.ip, user_agent=attempt.user_agent
    )
