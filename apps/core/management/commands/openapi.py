"""Writes the API's description, or says whether the written one is still true."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

TARGET = Path("docs") / "api" / "openapi.json"


class Command(BaseCommand):
    help = f"Writes {TARGET}; with --check compares only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the file is not up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        text = build_text()
        path = Path(settings.BASE_DIR) / TARGET
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError(f"{TARGET} is not up to date: run manage.py openapi")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.stdout.write(f"{TARGET}: {len(json.loads(text)['paths'])} addresses")


def build_text() -> str:
    """The description as sorted JSON in English. Raises CommandError when a shape is ambiguous or unknown."""
    GENERATOR_STATS.reset()
    with translation.override("en"), GENERATOR_STATS.silence():
        schema = SchemaGenerator().get_schema(request=None, public=True)
    faults = sorted({*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache})
    if faults:
        raise CommandError("\n".join(faults))
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n"
