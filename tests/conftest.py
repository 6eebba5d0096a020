"""What every test relies on: nothing leaves this machine."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from apps.platform.system.settings import DECLARED, forget


class NetworkForbiddenError(RuntimeError):
    """A test tried to reach another machine."""


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True
    host = address[0]
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuse connections that leave the machine; sockets on files and loopback stay open."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _fresh_settings() -> None:
    """No test meets what another one cached, nor the end of its half minute in the middle of counting queries."""
    for key in DECLARED:
        forget(key)


def _guarded(connect: Any) -> Any:
    def connect_locally(self: socket.socket, address: Any) -> Any:
        if not _is_local(address):
            raise NetworkForbiddenError(f"tests must not connect to {address!r}")
        return connect(self, address)

    return connect_locally
