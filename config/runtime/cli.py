"""The commands of `python -m config.runtime`."""

import argparse
import contextlib
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from config.runtime.application import Application, Commands
from config.runtime.lock import AlreadyHeldError, RunLock
from config.runtime.paths import ROOT, Layout, default_layout
from config.runtime.postgres import ServiceError
from config.runtime.processes import ProcessId
from config.runtime.services import configured_services
from config.runtime.shared import shared_services
from config.runtime.supervisor import StopRequestedError

_STOP_PATIENCE = 60.0
_NOT_RUNNING = 3


def say(text: str) -> None:
    """Print at once; a closed terminal is no reason to stop in the middle of something."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Each method is one command and returns the exit code."""

    layout: Layout = field(default_factory=default_layout)
    commands: Commands = field(default_factory=Commands)

    def up(self) -> int:
        """Run everything until Ctrl-C or SIGTERM; a second call shows where the first one is."""
        return self._hold("all", _run_all, _show_holder)

    def services(self) -> int:
        """Run the embedded servers alone until Ctrl-C or SIGTERM."""
        return self._hold("services", _run_services, _show_holder)

    def exec(self, argv: Sequence[str]) -> int:
        """Run a command with database and Redis up, starting them only if nobody runs them."""
        addresses = configured_services(self.layout).env()
        return self._hold(
            "command",
            lambda application: _run_command(application, argv),
            lambda lock: _run(argv, addresses),
        )

    def test_exec(self, argv: Sequence[str]) -> int:
        """Run a command on the throw-away servers of the test suite."""
        with shared_services(self.layout.var / "test") as servers:
            return _run(argv, servers.env())

    def stop(self) -> int:
        """Stop the running supervisor, or what a killed one left behind."""
        lock = RunLock(self.layout.run)
        if not lock.is_held():
            return self._hold("stop", lambda application: 0, lambda held: 1)
        if not _end_holder(lock):
            say("The running supervisor does not stop.")
            return 1
        say("Stopped.")
        return 0

    def status(self) -> int:
        """Show what runs; the exit code is 0 when everything is up, otherwise 3."""
        lock = RunLock(self.layout.run)
        state = lock.read()
        if not lock.is_held():
            say("Baylink is not running.")
            return _NOT_RUNNING
        children = {name: ProcessId(*mark) for name, mark in state.get("children", {}).items()}
        for name, process in children.items():
            say(f"  {name:<12}{'running' if process.is_alive() else 'down'}, process {process.pid}")
        if state.get("banner"):
            say(f"\n{state['banner']}")
        return 0 if children and all(process.is_alive() for process in children.values()) else _NOT_RUNNING

    def env(self) -> int:
        """Print the embedded servers' addresses for a shell to read."""
        for name, value in configured_services(self.layout).env().items():
            say(f"export {name}={shlex.quote(value)}")
        return 0

    def _hold(self, kind: str, work: Callable[[Application], int], otherwise: Callable[[RunLock], int]) -> int:
        application = Application(self.layout, say, self.commands)
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
    say("Bringing the database up to date (the first time this also loads the demo world) …")
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


def _run(argv: Sequence[str], addresses: dict[str, str]) -> int:
    return subprocess.run(argv, cwd=ROOT, env={**os.environ, **addresses}, check=False).returncode


def _end_holder(lock: RunLock) -> bool:
    asked: ProcessId | None = None
    end = time.monotonic() + _STOP_PATIENCE
    while lock.is_held() and time.monotonic() < end:
        # A holder that has just begun has not written its name yet, so look again.
        holder = ProcessId(*lock.read().get("holder", (0, "")))
        if holder != asked and holder.is_alive():
            os.kill(holder.pid, signal.SIGTERM)
            asked = holder
        time.sleep(0.1)
    return not lock.is_held()


def _show_holder(lock: RunLock) -> int:
    state = lock.read()
    pid = state.get("holder", ["?"])[0]
    if state.get("kind") != "all":
        say(f"Only database and Redis are running (process {pid}). `make stop` ends them; then start again.")
        return 1
    if not state.get("ready"):
        say(f"Baylink is already starting (process {pid}), one moment.")
        return 0
    say(f"Baylink is already running (process {pid}).\n{state['banner']}")
    return 0


def main(argv: Sequence[str] | None = None, commands: Commands | None = None) -> int:
    """Parse the command line, act, and return the exit code."""
    line = CommandLine(commands=commands or Commands())
    plain = {"up": line.up, "services": line.services, "stop": line.stop, "status": line.status, "env": line.env}
    with_argv = {"exec": line.exec, "test-exec": line.test_exec}
    parser = argparse.ArgumentParser(prog="python -m config.runtime")
    actions = parser.add_subparsers(dest="action", required=True)
    for name, action in plain.items():
        actions.add_parser(name, help=action.__doc__)
    for name, runner in with_argv.items():
        actions.add_parser(name, help=runner.__doc__).add_argument("argv", nargs=argparse.REMAINDER)
    arguments = parser.parse_args(argv)
    if arguments.action in with_argv:
        return with_argv[arguments.action](arguments.argv)
    return plain[arguments.action]()
