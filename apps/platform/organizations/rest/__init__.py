"""The API of companies: who I am, garages, roles, members, invitations, service centres."""

from apps.platform.organizations.rest import garages, me, roles

__all__ = ["ROUTES", "URLS"]
ROUTES = [*garages.ROUTES, *roles.ROUTES]
URLS = [*me.URLS, *roles.URLS]
