"""One call to a judged address: 5 seconds to connect, 10 in all, no redirects, no proxies, little of the answer."""

import ssl
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

from apps.platform.webhooks.targets import Target

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
EXCERPT_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, or why nothing did (`status` None)."""

    status: int | None
    excerpt: str = ""
    error: str = ""
    duration_ms: int = 0

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(target: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Sends the body; never raises for what the other side does."""
    started = time.monotonic()
    deadline = started + TOTAL_SECONDS
    try:
        status, excerpt = _call(target, body, headers, deadline)
        error = "" if 200 <= status < 300 else _reason(status)
    except (httpcore.TimeoutException, TimeoutError):
        status, excerpt, error = None, "", "no answer in time"
    except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as problem:
        status, excerpt, error = None, "", f"{type(problem).__name__}: {problem}"[:200]
    return Answer(status, excerpt, error, int((time.monotonic() - started) * 1000))


def _call(target: Target, body: bytes, headers: Mapping[str, str], deadline: float) -> tuple[int, str]:
    url = httpcore.URL(
        scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
    )
    sent = [("Host", target.authority), ("Accept-Encoding", "identity"), *headers.items()]
    limits = {"connect": CONNECT_SECONDS, "read": TOTAL_SECONDS, "write": TOTAL_SECONDS, "pool": TOTAL_SECONDS}
    with (
        httpcore.ConnectionPool(
            ssl_context=trusted_authorities(), network_backend=PinnedBackend(target.ips, deadline)
        ) as pool,
        pool.stream("POST", url, headers=sent, content=body, extensions={"timeout": limits}) as response,
    ):
        return response.status, _read_excerpt(response.iter_stream())


def trusted_authorities() -> ssl.SSLContext:
    """Whose certificates are believed: the usual public ones, for the name in the address."""
    return httpcore.default_ssl_context()


def _read_excerpt(chunks: Iterable[bytes]) -> str:
    """The beginning of the answer; the rest is never read."""
    kept = b""
    for chunk in chunks:
        kept += chunk[: EXCERPT_BYTES - len(kept)]
        if len(kept) >= EXCERPT_BYTES:
            break
    return kept.decode("utf-8", errors="replace").replace("\x00", "�")


def _reason(status: int) -> str:
    return "redirects are not followed" if 300 <= status < 400 else f"answered {status}"


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to a judged address whatever the name says by now, and gives up when the time is over."""

    def __init__(self, ips: Sequence[str], deadline: float) -> None:
        self.ips = ips
        self.deadline = deadline
        self.inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        for ip in self.ips[:-1]:
            try:
                return self.connect(ip, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self.connect(self.ips[-1], port, timeout)

    def connect(self, ip: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        return TimedStream(self.inner.connect_tcp(ip, port, timeout=_left(self.deadline, timeout)), self.deadline)


class TimedStream(httpcore.NetworkStream):
    """A stream whose every step must end before the deadline: an answer that trickles in does not hold us."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self.inner = inner
        self.deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(max_bytes, timeout=_left(self.deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, timeout=_left(self.deadline, timeout))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self.inner.start_tls(ssl_context, server_hostname, timeout=_left(self.deadline, timeout))
        return TimedStream(stream, self.deadline)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return min(left, timeout) if timeout is not None else left
