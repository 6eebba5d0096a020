"""Where messages may go: public addresses only, so that nobody can reach our own network through us.

The name is resolved once per message, every address it has is judged, and the connection is made to the judged one.
So a name that changes its address between the check and the call gains nothing.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.platform.webhooks.errors import BadTarget

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Everything else of IPv6 is inside, reserved or a wrapping that has no business in an address of the internet.
_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
# Of protocols, not of hosts; Python calls some of it global.
_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """Judged addresses: connect to one of `ips`, speak to `host`."""

    scheme: str
    host: str
    ips: tuple[str, ...]
    port: int
    path: str
    # As the Host header names it: with the port where it is not the usual one.
    authority: str


def check_url(url: str) -> None:
    """Raises BadTarget when messages could never go there by what is written alone; asks no name server."""
    parts = _split(url)
    try:
        address = ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return
    _refuse_inside(address)


def find_target(url: str) -> Target:
    """The judged address behind `url`. Raises BadTarget for an inner one, OSError when the name has none."""
    parts = _split(url)
    host = parts.hostname or ""
    usual = 443 if parts.scheme == "https" else 80
    port = parts.port or usual
    found = _resolve(host, port)
    for address in found:
        _refuse_inside(address)
    shown = f"[{host}]" if ":" in host else host
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    authority = shown if port == usual else f"{shown}:{port}"
    return Target(parts.scheme, host, tuple(str(one) for one in found), port, path, authority)


def _resolve(host: str, port: int) -> list[Address]:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("this name cannot be asked for") from error
    return list(dict.fromkeys(ipaddress.ip_address(answer[4][0]) for answer in answers))


def is_inside(address: Address) -> bool:
    """Whether the address is not one of the public internet: own machine, own network, metadata, or wrapped ones."""
    if isinstance(address, ipaddress.IPv6Address):
        is_public = address in _PUBLIC_IPV6 or address in _NAT64
    else:
        is_public = address not in _PROTOCOLS
    if not is_public or not address.is_global or address.is_multicast:
        return True
    return any(is_inside(inner) for inner in _wrapped(address))


def _wrapped(address: Address) -> list[Address]:
    """The IPv4 addresses that an IPv6 one stands for."""
    if not isinstance(address, ipaddress.IPv6Address):
        return []
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


def _refuse_inside(address: Address) -> None:
    if is_inside(address) and not settings.WEBHOOK_ALLOW_PRIVATE:
        raise BadTarget(_("Addresses inside private networks are not allowed."), field="url")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadTarget(field="url") from error
    if not parts.hostname or not url.isascii() or any(sign <= " " for sign in url):
        raise BadTarget(field="url")
    schemes = ("https", "http") if settings.WEBHOOK_ALLOW_HTTP else ("https",)
    if parts.scheme not in schemes:
        raise BadTarget(_("The address must begin with https://."), field="url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadTarget(_("The address must hold no log-in and no fragment."), field="url")
    ports = settings.WEBHOOK_PORTS
    if ports and (port or (443 if parts.scheme == "https" else 80)) not in ports:
        shown = ", ".join(str(one) for one in ports)
        raise BadTarget(_("Only these ports are allowed: %(ports)s.") % {"ports": shown}, field="url")
    return parts
