"""Proves that payments, refunds and documents show one and the same money."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.engines.payments.services import verify_money


class Command(BaseCommand):
    help = "Compares payments, refunds and what documents show as paid with the money ledger; fails on any difference."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = verify_money()
        for fault in faults:
            self.stdout.write(f"{fault.kind} {fault.label}: expected {fault.expected}, found {fault.found}")
        if faults:
            raise CommandError(f"{len(faults)} differences")
        self.stdout.write(self.style.SUCCESS("All money adds up."))
