"""Encrypts with the newest key what is still encrypted with older ones."""

from typing import Any

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError

from apps.platform.system.rotation import rotate_keys


class Command(BaseCommand):
    help = "Encrypts secrets with the first key of FIELD_KEYS; can be stopped and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for result in rotate_keys():
            self.stdout.write(f"{result.name}: {result.rotated} encrypted anew, {result.broken} cannot be read")
            broken += result.broken
        cache.clear()
        if broken:
            raise CommandError("Some values are encrypted with a key that is not in FIELD_KEYS any more.")
        self.stdout.write("Everything is encrypted with the newest key; older ones are needed no more.")
