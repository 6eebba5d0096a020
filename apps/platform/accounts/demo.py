"""The log-ins that a demo installation offers on its log-in page. Nothing is offered anywhere else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """`group` is the company, `label` the role as people say it."""

    group: str
    label: Any
    name: str
    identifier: str
    password: str


@dataclass
class _Source:
    listing: Callable[[], Sequence[DemoLogin]] = field(default=lambda: ())


_source = _Source()


def offer_demo_logins(listing: Callable[[], Sequence[DemoLogin]]) -> None:
    """Names the function that lists them; the demo world does so when the project starts."""
    _source.listing = listing


def list_demo_logins() -> Sequence[DemoLogin]:
    """The log-ins to offer, in order of their companies; none outside a demo installation."""
    return _source.listing() if settings.DEMO else ()
