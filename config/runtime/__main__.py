"""`python -m config.runtime up|services|stop|status|env|exec`."""

import argparse
import contextlib
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

from config.runtime.application import Application
from config.runtime.lock import AlreadyHeldError, RunLock
from config.runtime.paths import ROOT, default_layout
from config.runtime.postgres import ServiceError
from config.runtime.processes import ProcessId
from config.runtime.services import configured_services
from config.runtime.shared import shared_services
from config.runtime.supervisor import StopRequestedError

_STOP_PATIENCE = 60.0


def say(text: str) -> None:
    """Print at once; a closed terminal is no reason to stop in the middle of something."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def up() -> int:
    """Run everything until Ctrl-C or SIGTERM; a second call shows where the first one is."""
    return _hold("all", _run_all, _show_holder)


def services() -> int:
    """Run the embedded servers alone until Ctrl-C or SIGTERM."""
    return _hold("services", _run_services, _show_holder)


def execute(argv: Sequence[str]) -> int:
    """Run a command with the database and Redis up, starting them only if nobody runs them."""
    return _hold("command", lambda application: _run_command(application, argv), lambda lock: _run_beside(argv))


def execute_in_tests(argv: Sequence[str]) -> int:
    """Run a command on the throw-away servers of the test suite."""
    with shared_services() as servers:
        return subprocess.run(argv, cwd=ROOT, env={**os.environ, **servers.env()}, check=False).returncode


def stop() -> int:
    """Stop the running supervisor, or what a killed one left behind."""
    lock = RunLock(default_layout().run)
    if not lock.is_held():
        return _hold("stop", lambda application: 0, lambda held: 1)
    pid, started = lock.read().get("holder", (0, ""))
    holder = ProcessId(pid, started)
    if holder.is_alive():
        os.kill(holder.pid, signal.SIGTERM)
    if not lock.wait_until_free(_STOP_PATIENCE):
        say(f"Process {pid} does not stop.")
        return 1
    say("Stopped.")
    return 0


def status() -> int:
    """Show what runs; the exit code is 0 when everything is up, otherwise 3."""
    lock = RunLock(default_layout().run)
    state = lock.read()
    if not lock.is_held():
        say("Baylink is not running.")
        return 3
    alive = {name: ProcessId(*mark).is_alive() for name, mark in state.get("children", {}).items()}
    for name, mark in state.get("children", {}).items():
        say(f"  {name:<12}{'running' if alive[name] else 'down'}  pid {mark[0]}")
    if state.get("banner"):
        say(f"\n{state['banner']}")
    return 0 if alive and all(alive.values()) else 3


def env() -> int:
    """Print the embedded servers' addresses for a shell to read."""
    for name, value in configured_services().env().items():
        say(f"export {name}={shlex.quote(value)}")
    return 0


def _hold(kind: str, work: Callable[[Application], int], otherwise: Callable[[RunLock], int]) -> int:
    application = Application(default_layout(), say)
    try:
        application.hold(kind=kind)
    except AlreadyHeldError:
        return otherwise(application.lock)
    try:
        return work(application)
    except StopRequestedError:
        say("Stopping …")
        return 0
    except ServiceError as error:
        say(str(error))
        return 1
    finally:
        application.close()


def _run_all(application: Application) -> int:
    say("Starting database and Redis …")
    application.start_services()
    say("Bringing the database up to date (the first time this loads the demo world) …")
    application.prepare()
    say("Starting web, worker and scheduler …")
    application.start_processes()
    say(f"\n{application.lock.read()['banner']}")
    application.supervisor.run()
    return 0


def _run_services(application: Application) -> int:
    application.start_services()
    application.lock.write(ready=True)
    for name, value in application.services.env().items():
        say(f"{name}={value}")
    application.supervisor.run()
    return 0


def _run_command(application: Application, argv: Sequence[str]) -> int:
    application.start_services()
    return application.run_command(argv)


def _run_beside(argv: Sequence[str]) -> int:
    addresses = configured_services().env()
    return subprocess.run(argv, cwd=ROOT, env={**os.environ, **addresses}, check=False).returncode


def _show_holder(lock: RunLock) -> int:
    state = lock.read()
    pid = state.get("holder", ["?"])[0]
    if state.get("kind") != "all":
        say(f"Only database and Redis are running (process {pid}): `make stop` ends them, then start again.")
        return 1
    if not state.get("ready"):
        say(f"Baylink is already starting (process {pid}), one moment.")
        return 0
    say(f"Baylink is already running (process {pid}).\n{state['banner']}")
    return 0


def main() -> int:
    """Parse the command line and act."""
    parser = argparse.ArgumentParser(prog="python -m config.runtime")
    actions = parser.add_subparsers(dest="action", required=True)
    plain = {"up": up, "services": services, "stop": stop, "status": status, "env": env}
    for name, action in plain.items():
        actions.add_parser(name, help=(action.__doc__ or "").partition("\n")[0])
    with_argv = {"exec": execute, "test-exec": execute_in_tests}
    for name, runner in with_argv.items():
        actions.add_parser(name, help=(runner.__doc__ or "").partition("\n")[0]).add_argument("argv", nargs="+")
    arguments = parser.parse_args()
    if arguments.action in with_argv:
        return with_argv[arguments.action](arguments.argv)
    return plain[arguments.action]()


if __name__ == "__main__":
    sys.exit(main())
