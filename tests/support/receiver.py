"""A real HTTP server on this machine that takes webhook messages, and answers as a test wants."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answer(handler, received)` writes the answer; by default 200 and nothing more."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler, Received], None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def status(self, code: int, body: bytes = b"", **headers: str) -> None:
        """Answers this from now on."""

        def answer(handler: BaseHTTPRequestHandler, _received: Received) -> None:
            handler.send_response(code)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.answer = answer


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    receiver.status(200)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            got = Received(
                self.path, {key.lower(): value for key, value in self.headers.items()}, self.rfile.read(length)
            )
            receiver.received.append(got)
            try:
                receiver.answer(self, got)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def drip(seconds: float) -> Callable[[BaseHTTPRequestHandler, Received], None]:
    """An answer whose head comes byte by byte."""

    def answer(handler: BaseHTTPRequestHandler, _received: Received) -> None:
        end = time.monotonic() + seconds
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while time.monotonic() < end:
            handler.wfile.write(b"X")
            handler.wfile.flush()
            time.sleep(0.05)

    return answer
