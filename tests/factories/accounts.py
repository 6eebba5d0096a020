"""Users for tests. Every password is PASSWORD."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from apps.platform.accounts.models import User

PASSWORD = "giu-xe-tot-2025"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.com")
    phone = factory.Sequence(lambda number: f"+84901{number % 1_000_000:06d}")
    last_name = "Nguyễn Văn"
    first_name = factory.Sequence(lambda number: f"An {number}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **values: Any) -> User:
        return model_class.objects.create_user(password=values.pop("password", PASSWORD), **values)
