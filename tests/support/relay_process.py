"""A relay in a process of its own, to be killed: each event `bell.tolled` writes one line into the log."""

import os
import time
from dataclasses import dataclass
from typing import ClassVar

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
django.setup()

from apps.platform.audit.models import AuditLog  # noqa: E402
from apps.platform.events.base import Event  # noqa: E402
from apps.platform.events.registry import declare, reacts  # noqa: E402
from apps.platform.events.relay import relay_outbox  # noqa: E402


@declare
@dataclass(frozen=True, kw_only=True)
class BellTolled(Event):
    name: ClassVar[str] = "bell.tolled"

    stroke: int


@reacts(BellTolled, name="test.write_down")
def write_down(event: BellTolled) -> None:
    AuditLog.objects.create(
        actor_kind="system",
        action=event.name,
        entity_type="bell",
        entity_id=event.subject_id,
        data={"stroke": event.stroke},
    )
    time.sleep(0.002)


if __name__ == "__main__":
    print("ready", flush=True)
    while True:
        relay_outbox()
        time.sleep(0.01)
