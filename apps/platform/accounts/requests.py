"""What a request tells of its origin. Behind a proxy the server has already put the true address into REMOTE_ADDR."""

import ipaddress

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The caller's IP address, or None where there is none (sockets on files, tests)."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


def user_agent(request: HttpRequest) -> str:
    return str(request.META.get("HTTP_USER_AGENT", ""))[:400]


def site_origin(request: HttpRequest) -> str:
    """`https://host:port` under which the request reached us; the host is one of ALLOWED_HOSTS."""
    return f"{request.scheme}://{request.get_host()}"
