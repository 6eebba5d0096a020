"""`manage.py document [--check]`: the state diagrams and the list of events, written from the code."""

from argparse import ArgumentParser
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from apps.core.states import StateTable


class Command(BaseCommand):
    help = "Writes docs/states.md from the state tables of all apps, and what the apps' `documents` modules describe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when what is committed differs")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, describe in find_documents().items():
            with translation.override("en"):
                text = describe()
            target = Path(settings.BASE_DIR) / "docs" / name
            if not options["check"]:
                target.write_text(text, encoding="utf-8")
            elif not target.exists() or target.read_text(encoding="utf-8") != text:
                raise CommandError(f"docs/{name} is not what the code says; run `make docs`.")


def find_documents() -> dict[str, Callable[[], str]]:
    """Path below docs/ → what writes it: the states, and DOCUMENTS of each app's module `documents`."""
    found: dict[str, Callable[[], str]] = {"states.md": describe_states}
    for config in apps.get_app_configs():
        name = f"{config.name}.documents"
        if config.name.startswith("apps.") and find_spec(name) is not None:
            found.update(import_module(name).DOCUMENTS)
    return found


def find_tables() -> list[tuple[str, str, StateTable]]:
    """(app label, name, table) of every state table, by app and name."""
    found = []
    for config in apps.get_app_configs():
        name = f"{config.name}.states"
        if not config.name.startswith("apps.") or config.label == "core" or find_spec(name) is None:
            continue
        module = import_module(name)
        tables = ((key, value) for key, value in vars(module).items() if isinstance(value, StateTable))
        found.extend((config.label, key, value) for key, value in tables)
    return sorted(found, key=lambda row: row[:2])


def describe_states() -> str:
    parts = ["# States\n\nDrawn from the state tables (`make docs`). A step shows its name and the right it needs.\n"]
    for label, name, table in find_tables():
        parts.append(f"\n## {label}: {name.lower().replace('_', ' ')}\n\n```mermaid\nstateDiagram-v2")
        for action, step in table.steps.items():
            right = f" ({step.permission})" if step.permission else ""
            parts.extend(f"    {source} --> {step.target}: {action}{right}" for source in sorted(step.sources))
        parts.append("```")
    return "\n".join(parts) + "\n"
