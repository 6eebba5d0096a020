"""The kinds of jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class JobKind:
    """`run` takes a RunningJob and returns plain values; at most `at_once` jobs of the kind run at the same time.

    `stopped` is called with the job, within the transaction, when it is cancelled or has failed. `button` lets platform staff start it in the staff CMS, without arguments, after they were asked `confirm`.
    """

    name: str
    run: Callable[[Any], Any]
    label: Any
    at_once: int = 1
    button: Any = ""
    confirm: Any = ""
    stopped: Callable[[Any], None] | None = None


JOBS: dict[str, JobKind] = {}


def declare_job(
    name: str,
    run: Callable[[Any], Any],
    *,
    label: Any,
    at_once: int = 1,
    stopped: Callable[[Any], None] | None = None,
    button: Any = "",
    confirm: Any = "",
) -> None:
    """Makes a kind of job known. Declaring a name for another function is a fault."""
    known = JOBS.setdefault(name, JobKind(name, run, label, at_once, button, confirm, stopped))
    if known.run is not run:
        raise ValueError(f"two kinds of jobs are called {name}")


def tell_stopped(name: str, job: Any) -> None:
    """Lets the owner of the kind set right what the job leaves behind."""
    kind = JOBS.get(name)
    if kind is not None and kind.stopped is not None:
        kind.stopped(job)
