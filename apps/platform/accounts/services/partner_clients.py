"""Programs of partners and administrators that may ask for tokens, and what a token of theirs opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.errors import BadInput, NotFound
from apps.core.ids import parse_id
from apps.core.text import clean_text
from apps.platform.accounts.errors import SessionEnded
from apps.platform.accounts.models import User
from apps.platform.accounts.provider.scopes import EVERYTHING, IDENTITY_SCOPES, LABELS, rights_of
from apps.platform.audit.services import record

CODE, CREDENTIALS = "code", "credentials"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a living token opens: as its person, or (without one) as a program of one company."""

    client_id: str
    client_name: str
    scopes: frozenset[str]
    user: User | None
    organization_id: UUID | None

    @property
    def is_everything(self) -> bool:
        """Whether its person may do with it all that they may do themselves."""
        return EVERYTHING in self.scopes

    @property
    def rights(self) -> frozenset[str]:
        """The rights behind its scopes, whoever its person is."""
        return rights_of(self.scopes)


@dataclass(frozen=True, slots=True)
class NewClient:
    client: Client
    secret: str  # shown now and never again; empty for programs that cannot keep one


@transaction.atomic
def register_client(
    actor: Actor,
    *,
    name: str,
    ways: Sequence[str],
    scopes: Sequence[str],
    redirect_uris: Sequence[str] = (),
    organization_id: UUID | None = None,
    is_public: bool = False,
) -> NewClient:
    """A program that may ask for tokens: for people (`ways` has CODE) or for one company itself (CREDENTIALS).

    `is_public` programs run where no secret can be kept; they get tokens for people alone. Raises NotAllowed for all
    but administrators of the platform, BadInput for ways, scopes and addresses that do not fit together.
    """
    actor.require_platform_admin()
    client = Client(type=Client.Type.PUBLIC if is_public else Client.Type.CONFIDENTIAL)
    secret = "" if is_public else get_adapter().generate_client_secret()
    client.set_secret(secret or get_adapter().generate_client_secret())
    _fill(client, name, ways, scopes, redirect_uris, organization_id)
    client.save()
    record(actor, "partner_client.registered", client, data={"name": client.name}, label=client.name)
    return NewClient(client, secret)


@transaction.atomic
def update_client(
    actor: Actor,
    client: Client,
    *,
    name: str,
    ways: Sequence[str],
    scopes: Sequence[str],
    redirect_uris: Sequence[str] = (),
    organization_id: UUID | None = None,
) -> Client:
    """Changes what a program may do; its tokens end, because they speak of what was. Raises what `register_client` does."""
    actor.require_platform_admin()
    row = Client.objects.select_for_update().get(pk=client.pk)
    _fill(row, name, ways, scopes, redirect_uris, organization_id)
    row.save()
    Token.objects.filter(client=row).delete()
    record(actor, "partner_client.changed", row, data={"name": row.name}, label=row.name)
    return row


@transaction.atomic
def renew_client_secret(actor: Actor, client: Client) -> str:
    """A new secret, shown now and never again; the old one and all tokens end. Raises NotAllowed, BadInput."""
    actor.require_platform_admin()
    row = Client.objects.select_for_update().get(pk=client.pk)
    if row.type == Client.Type.PUBLIC:
        raise BadInput(_("This program keeps no secret."))
    secret = get_adapter().generate_client_secret()
    row.set_secret(secret)
    row.save(update_fields=["secret"])
    Token.objects.filter(client=row).delete()
    record(actor, "partner_client.secret_renewed", row, data={"name": row.name}, label=row.name)
    return str(secret)


def read_partner_token(token: str) -> Grant:
    """What the bearer of this access token may do. Raises SessionEnded for a dead or unknown one."""
    rows = Token.objects.select_related("client", "user").valid().by_value(token)
    found = rows.filter(type=Token.Type.ACCESS_TOKEN).first()
    if found is None or found.client is None or (found.user is not None and not found.user.is_active):
        raise SessionEnded
    organization_id = organization_of(found.client)
    if found.user is None and organization_id is None:
        raise SessionEnded
    granted = frozenset(found.get_scopes()) & frozenset(found.client.get_scopes())
    return Grant(found.client.pk, found.client.name, granted, found.user, organization_id)


def organization_of(client: Client) -> UUID | None:
    """The company for which the program acts by itself."""
    return parse_id((client.data or {}).get("organization_id"))


def list_connected_apps(user: User) -> list[Client]:
    """The programs that hold living tokens of this person."""
    held = Token.objects.valid().filter(user=user, client__isnull=False)
    return list(Client.objects.filter(pk__in=held.values("client_id")).order_by("name"))


@transaction.atomic
def disconnect_app(actor: Actor, *, client_id: str) -> None:
    """Ends all tokens that a program holds of the actor. Raises NotFound."""
    user_id = actor.require_user()
    client = Client.objects.filter(pk=client_id).first()
    count, _by_table = Token.objects.filter(user_id=user_id, client_id=client_id).delete()
    if client is None or not count:
        raise NotFound
    record(actor, "partner_client.disconnected", client, data={"name": client.name}, label=client.name)


def note_agreement(actor: Actor, client: Client, scopes: Sequence[str]) -> None:
    """The person let a program act for them."""
    data = {"name": client.name, "scopes": sorted(scopes)}
    record(actor, "partner_client.connected", client, data=data, label=client.name)


def _fill(
    client: Client,
    name: str,
    ways: Sequence[str],
    scopes: Sequence[str],
    redirect_uris: Sequence[str],
    organization_id: UUID | None,
) -> None:
    _check(client, ways, scopes, redirect_uris, organization_id)
    client.name = clean_text(name)[:100]
    kinds = Client.GrantType
    grants = [kinds.AUTHORIZATION_CODE, kinds.REFRESH_TOKEN] if CODE in ways else []
    client.set_grant_types([*map(str, grants), *([str(kinds.CLIENT_CREDENTIALS)] if CREDENTIALS in ways else [])])
    client.set_response_types(["code"])
    client.set_scopes(sorted(set(scopes)))
    client.set_redirect_uris(list(redirect_uris) if CODE in ways else [])
    client.skip_consent, client.allow_uri_wildcards = False, False
    client.data = {"organization_id": str(organization_id)} if CREDENTIALS in ways else None


def _check(
    client: Client,
    ways: Sequence[str],
    scopes: Sequence[str],
    redirect_uris: Sequence[str],
    organization_id: UUID | None,
) -> None:
    errors: dict[str, list[Any]] = {}
    if not ways or set(ways) - {CODE, CREDENTIALS}:
        errors["ways"] = [_("Choose how the program gets its tokens.")]
    if not scopes or set(scopes) - set(LABELS):
        errors["scopes"] = [_("Choose what the program may do.")]
    if CODE in ways and not (redirect_uris and all(_is_safe(uri) for uri in redirect_uris)):
        errors["redirect_uris"] = [_("Give complete https addresses, one per line (http for this machine alone).")]
    if CREDENTIALS in ways:
        if organization_id is None:
            errors["organization"] = [_("A program that acts by itself needs a company.")]
        if client.type == Client.Type.PUBLIC:
            errors["ways"] = [_("A program without a secret cannot act by itself.")]
        if set(ways) == {CREDENTIALS} and set(scopes) & {*IDENTITY_SCOPES, EVERYTHING}:
            errors["scopes"] = [_("A program that acts by itself has no person: leave out what belongs to a person.")]
    if errors:
        raise BadInput(errors=errors)


def _is_safe(uri: str) -> bool:
    parts = urlsplit(uri)
    if parts.fragment or "*" in uri or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))
