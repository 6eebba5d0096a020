"""Calendars that carry a person's name."""

from apps.engines.scheduling.models import Resource
from apps.platform.accounts.privacy import Erasure, register_eraser
from apps.platform.accounts.scrubbing import history_of


def erase(erasure: Erasure) -> None:
    """The calendar stays for the past of its company, closed and without the name."""
    for resource in Resource.objects.filter(user=erasure.user):
        name = f"•••{str(resource.pk)[-8:]}"
        Resource.objects.filter(pk=resource.pk).update(name=name, is_active=False)
        history_of(Resource).filter(id=resource.pk).update(name=name)


register_eraser("scheduling", erase)
