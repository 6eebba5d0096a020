"""Clients of the REST API, and the kit of its resources."""

from typing import Any

from rest_framework.test import APIClient

from apps.core.actor import Actor
from apps.core.testing.api import ResourceKit
from apps.platform.accounts.models import User
from tests.support.portal import People


def api_client(user: User | None = None, *, actor: Actor | None = None) -> APIClient:
    """A client logged in as `user`, or as the person of `actor` in the actor's company and branch; else a stranger."""
    client = APIClient()
    if actor is not None and user is None:
        user = User.objects.get(pk=actor.user_id)
    if user is not None:
        client.force_authenticate(user)
    headers: dict[str, Any] = {}
    if actor is not None and actor.organization_id:
        headers["HTTP_X_ORGANIZATION"] = str(actor.organization_id)
    if actor is not None and actor.branch_id:
        headers["HTTP_X_BRANCH"] = str(actor.branch_id)
    client.credentials(**headers)
    return client


class ApiKit(People, ResourceKit):
    """Inherit from this for a resource; mark the class with `pytest.mark.django_db`."""

    def client_of(self, actor: Actor | None = None) -> APIClient:
        return api_client(actor=actor)
