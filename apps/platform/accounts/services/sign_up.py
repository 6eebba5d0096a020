"""Public sign-up: a customer account, made when the email address is proven, not before.

So nobody can sit on somebody else's address, and a taken address looks like a free one: the request writes the same
rows either way. The code belongs to one sign-up, so it opens only the account whose password its sender chose.
"""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor, ActorKind
from apps.core.clock import now
from apps.core.db import translate_violations
from apps.core.errors import BadInput, BusinessError
from apps.core.ids import parse_id
from apps.core.text import clean_text
from apps.platform.accounts.consents import VERSIONS
from apps.platform.accounts.errors import CodeExpired, EmailTaken, WrongCode
from apps.platform.accounts.events import UserSignedUp
from apps.platform.accounts.models import Consent, OneTimeCode, SignUp, User
from apps.platform.accounts.services.attempts import Attempt, admit
from apps.platform.accounts.services.codes import lock_latest, request_code, try_code
from apps.platform.accounts.services.consents import record_consent
from apps.platform.accounts.services.users import check_password_strength
from apps.platform.audit.services import record
from apps.platform.events.services import publish

METHOD = "sign_up"
PURPOSE = OneTimeCode.Purpose.EMAIL_VERIFICATION
AGREED = (Consent.Kind.TERMS, Consent.Kind.PRIVACY)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from."""

    ip: str | None = None
    user_agent: str = ""


@transaction.atomic
def sign_up(
    *,
    email: str,
    password: str,
    first_name: str,
    last_name: str = "",
    language: str = "vi",
    wants_news: bool = False,
    origin: Origin,
) -> SignUp:
    """Keeps what a stranger gave and sends a code to the address, or a note to its owner when it is taken.

    The caller has made sure that terms and privacy notice are agreed to. Raises BadInput for no email address,
    WeakPassword, ResendTooSoon, TooManyCodes; none of them says whether the address is taken.
    """
    address = clean_email(email)
    names = {"first_name": clean_text(first_name), "last_name": clean_text(last_name)}
    check_password_strength(password, User(email=address, **names))
    row = SignUp.objects.create(
        email=address,
        language=language if language in ("vi", "en") else "vi",
        wants_news=wants_news,
        wordings={kind: VERSIONS[kind] for kind in AGREED},
        ip=origin.ip,
        user_agent=origin.user_agent[:400],
        **names,
    )
    request_code(purpose=PURPOSE, address=address, ip=origin.ip, sign_up=row)
    # Hashing costs the most and comes last: who asks too often is refused before.
    row.password = make_password(password)
    row.save(update_fields=["password"])
    return row


def resend_sign_up_code(sign_up_id: object, *, ip: str | None = None) -> None:
    """Another code for a sign-up. Raises CodeExpired for one that is unknown or done, ResendTooSoon, TooManyCodes."""
    row = _find(sign_up_id)
    if row is None or row.user_id is not None:
        raise CodeExpired(field="code")
    request_code(purpose=PURPOSE, address=row.email, ip=ip, sign_up=row)


def verify_sign_up(sign_up_id: object, *, code: str, origin: Origin) -> User:
    """Makes the customer's account when the code is right; the person is logged in by whoever calls.

    Raises WrongCode, which counts, CodeExpired, and EmailTaken when somebody proved the same address first.
    """
    with transaction.atomic():
        row = _find(sign_up_id)
        refusal = _try(row, code)
    if row is None or refusal is not None:
        raise refusal or WrongCode(field="code")
    return _make_account(row, origin)


def clean_email(text: str) -> str:
    """The address in one spelling. Raises BadInput for what is none."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise BadInput(field="email", errors={"email": [_("Enter a valid email address.")]}) from None
    return address


def _find(sign_up_id: object) -> SignUp | None:
    key: UUID | None = parse_id(sign_up_id)
    return SignUp.objects.filter(pk=key).first() if key else None


def _try(row: SignUp | None, code: str) -> BusinessError | None:
    if row is None:
        return WrongCode(field="code")
    return try_code(lock_latest(OneTimeCode.objects.filter(sign_up=row, purpose=PURPOSE)), code)


@transaction.atomic
def _make_account(row: SignUp, origin: Origin) -> User:
    user = User(
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        language=row.language,
        password=row.password,
        email_verified_at=now(),
    )
    with translate_violations({"user_email_unique": lambda: EmailTaken(field="email")}):
        user.save()
    row.user, row.password = user, ""
    row.save(update_fields=["user", "password"])
    actor = Actor(
        kind=ActorKind.USER,
        user_id=user.pk,
        name=user.full_name,
        language=user.language,
        ip=origin.ip,
        user_agent=origin.user_agent,
    )
    record(actor, "user.signed_up", user)
    publish(actor, UserSignedUp(subject_id=user.pk, organization_id=None))
    for kind in [*AGREED, *([Consent.Kind.MARKETING] if row.wants_news else [])]:
        record_consent(actor, kind=kind, source=METHOD, user=user, version=row.wordings.get(kind, ""))
    admit(Attempt(row.email, origin.ip, origin.user_agent[:400], METHOD), user)
    return user
