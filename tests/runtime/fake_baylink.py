"""The command line of the runtime with tiny stand-ins for web, worker and scheduler.

Run as a program by `test_supervisor.py`: the supervisor takes over signals and orphans of its
process, which must not be pytest's.
"""

import sys

from config.runtime.application import Application, Commands
from config.runtime.cli import main

_WEB = """
import http.server, subprocess, sys
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
subprocess.Popen(["sleep", "987"])
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Health).serve_forever()
"""
# Deaf to SIGTERM, with a child that left its session, to be the worst case of a worker.
_WORKER = """
import signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen(["sleep", "987"], start_new_session=True)
time.sleep(987)
"""


def _web(application: Application) -> list[str]:
    return [sys.executable, "-c", _WEB, str(application.port)]


def _prepare(application: Application) -> list[str]:
    return [sys.executable, "-c", f"open({str(application.logins_file)!r}, 'w').write('advisor@a.vn / secret')"]


FAKES = Commands(
    patience=1.0,
    prepare=_prepare,
    web=_web,
    worker=lambda application: [sys.executable, "-c", _WORKER],
    scheduler=lambda application: ["sleep", "987"],
)

if __name__ == "__main__":
    sys.exit(main(commands=FAKES))
