"""The API of companies: who I am, garages, roles, members, invitations, service centres."""

from apps.platform.organizations.rest import centers, garages, grants, me, roles, staff

__all__ = ["ROUTES", "URLS"]
ROUTES = [*garages.ROUTES, *roles.ROUTES, *staff.ROUTES, *centers.ROUTES]
URLS = [*me.URLS, *roles.URLS, *staff.URLS, *grants.URLS]
