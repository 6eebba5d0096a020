"""Addresses of people's pictures: signed for the picture, so that a person's id alone opens nothing."""

from uuid import UUID

from django.core.signing import Signer
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from apps.platform.accounts.models import User

_SALT = "accounts.picture"


def picture_url(user: User) -> str:
    """Where the person's picture is; another address for every picture, empty without one.

    Whoever has the address can open it, so give it only to those who may see the person.
    """
    return reverse("person-picture", args=[user.pk, _sign(user)]) if user.avatar else ""


def own_picture_url(request: HttpRequest) -> str:
    """The same for the person who asks."""
    user = request.user
    return picture_url(user) if isinstance(user, User) else ""


def find_pictured(user_id: UUID, signature: str) -> User | None:
    """The person whose present picture the address was made for, or None."""
    user = User.objects.filter(pk=user_id).exclude(avatar="").first()
    return user if user is not None and constant_time_compare(signature, _sign(user)) else None


def _sign(user: User) -> str:
    return Signer(salt=_SALT).signature(f"{user.pk}:{user.avatar.name}").replace("_", "-")
