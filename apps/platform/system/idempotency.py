"""Answers to Idempotency-Keys, in the database."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from apps.core.api.errors import KeyInFlight, KeyReused
from apps.core.api.idempotency import Answer
from apps.core.clock import now
from apps.platform.system.models import IdempotencyRecord

KEPT_FOR = timedelta(hours=24)
# Longer than any request may run. A process that died in between leaves the key locked for so long.
LOCKED_FOR = timedelta(seconds=60)


class DatabaseClaim:
    def __init__(self, record: IdempotencyRecord, answer: Answer | None = None) -> None:
        self.record = record
        self.answer = answer

    def keep(self, answer: Answer) -> None:
        """Within the caller's transaction the answer stands or falls with the effect."""
        IdempotencyRecord.objects.filter(pk=self.record.pk).update(status=answer.status, body=answer.body)

    def release(self) -> None:
        IdempotencyRecord.objects.filter(pk=self.record.pk).delete()


class DatabaseStore:
    """One row per scope and key, claimed in a transaction of its own so that others see it at once."""

    def claim(self, scope: str, key: str, request_hash: str) -> DatabaseClaim:
        """Raises KeyReused for another content under the same key, KeyInFlight while the first request runs."""
        fresh = IdempotencyRecord(scope=scope, key=key, request_hash=request_hash, locked_until=now() + LOCKED_FOR)
        try:
            with transaction.atomic():
                fresh.save(force_insert=True)
        except IntegrityError:
            return self._join(scope, key, request_hash)
        return DatabaseClaim(fresh)

    def _join(self, scope: str, key: str, request_hash: str) -> DatabaseClaim:
        with transaction.atomic():
            record = IdempotencyRecord.objects.select_for_update().filter(scope=scope, key=key).first()
            if record is None:  # released in this moment
                raise KeyInFlight
            if record.created_at < now() - KEPT_FOR:
                return self._take_over(record, request_hash)
            if record.request_hash != request_hash:
                raise KeyReused
            if record.status is not None:
                return DatabaseClaim(record, Answer(record.status, record.body))
            if record.locked_until > now():
                raise KeyInFlight
            return self._take_over(record, request_hash)

    @staticmethod
    def _take_over(record: IdempotencyRecord, request_hash: str) -> DatabaseClaim:
        record.created_at = now()
        record.locked_until = now() + LOCKED_FOR
        record.request_hash = request_hash
        record.status = record.body = None
        record.save(update_fields=["created_at", "locked_until", "request_hash", "status", "body"])
        return DatabaseClaim(record)
