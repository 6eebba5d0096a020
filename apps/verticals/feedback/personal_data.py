"""Ratings that a person gave. They stay, without a name."""

from typing import Any

from apps.platform.accounts.models import User
from apps.platform.accounts.privacy import Erasure, describe, register_eraser, register_own_data
from apps.platform.accounts.scrubbing import scrub_rows
from apps.verticals.feedback.models import Feedback


def collect(user: User) -> dict[str, Any] | None:
    """Ratings with their words and the answers to them."""
    rows = Feedback.objects.filter(customer__user=user, rating__isnull=False).select_related("organization")
    names = ("organization", "source_label", "rating", "comment", "answer", "submitted_at")
    found = [describe(row, *names) for row in rows]
    return {"feedback": found} if found else None


def erase(erasure: Erasure) -> None:
    """The rating counts on; its customer is nobody any more, and its words name nobody."""
    scrub_rows(Feedback.objects.filter(customer__user=erasure.user), ("comment", "answer"), erasure.words)


register_own_data("feedback", collect)
register_eraser("feedback", erase)
