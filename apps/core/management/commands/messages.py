"""Collects the texts of every app into its catalogue and compiles it; or says whether all is translated."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core import catalogues
from apps.core.catalogues import CollectingError, Sources

SHARED_TEMPLATES = ("layouts", "cotton", "errors", "portal", "admin", "dev", "shared")


class Command(BaseCommand):
    help = "Collects texts for translation and compiles the catalogues; with --check compares only."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("labels", nargs="*", help="apps; all without a name")
        parser.add_argument("--check", action="store_true", help="fail on what is not translated or not up to date")
        parser.add_argument("--missing", action="store_true", help="list what is not translated")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        known = {catalogues.po_path(root, one.label): one for one in list_sources(root)}
        kept = {path: catalogues.read(path) for path in known}
        faults: list[str] = []
        for path, sources in known.items():
            if options["labels"] and sources.label not in options["labels"]:
                continue
            try:
                collected = catalogues.collect(root, sources)
            except CollectingError as error:
                raise CommandError(str(error)) from error
            others = [catalogue for other, catalogue in kept.items() if other != path]
            merged = catalogues.merge(collected, kept[path], *others)
            if options["check"]:
                faults += [f"{sources.label}: {text}" for text in _check(path, kept[path], merged)]
            else:
                self.write(path, sources.label, merged, show=options["missing"])
        if faults:
            raise CommandError("\n".join(faults))

    def write(self, path: Path, label: str, merged: Catalog, *, show: bool) -> None:
        if not len(merged):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(catalogues.render_po(merged))
        path.with_suffix(".mo").write_bytes(catalogues.render_mo(catalogues.read(path)))
        wrong = catalogues.faults(merged)
        self.stdout.write(f"{label}: {len(merged)} texts" + (f", {len(wrong)} to do" if wrong else ""))
        for text in wrong if show else ():
            self.stdout.write(f"  {text}")


def list_sources(root: Path) -> list[Sources]:
    """One catalogue per own app; the core's also holds what the shells, components and settings say."""
    found = []
    for config in apps.get_app_configs():
        folder = Path(config.path)
        if not config.name.startswith("apps.") or root not in folder.parents:
            continue
        templates, python = [root / "templates" / config.label], [folder]
        if config.label == "core":
            templates += [root / "templates" / name for name in SHARED_TEMPLATES]
            python += [root / "config"]
        found.append(Sources(config.label, tuple(python), tuple(path for path in templates if path.exists())))
    return found


def _check(path: Path, present: Catalog, wanted: Catalog) -> list[str]:
    if not path.exists():
        return ["no catalogue"] if len(wanted) else []
    found = catalogues.faults(wanted)
    if path.read_bytes() != catalogues.render_po(wanted):
        found.append("not up to date: run manage.py messages")
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalogues.render_mo(present):
        found.append("not compiled: run manage.py messages")
    return found
