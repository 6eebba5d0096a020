"""The world that the proofs of a module share."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.proofs.worlds import TwoSides, make_sides


@pytest.fixture(scope="module")
def sides(django_db_setup: Any, django_db_blocker: Any) -> Iterator[TwoSides]:
    """Two garages and two distributors with everything in them; what a test changes is taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_sides()
        transaction.set_rollback(True)
