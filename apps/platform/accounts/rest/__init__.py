"""Addresses of accounts: /api/v1/auth, /api/v1/users and what belongs to a person."""

from apps.platform.accounts.rest import identity, log_in, person, second_factor, social, users

URLS = [*log_in.URLS, *identity.URLS, *second_factor.URLS, *social.URLS, *person.URLS, *users.URLS]
ROUTES = [*log_in.ROUTES, *identity.ROUTES, *second_factor.ROUTES, *social.ROUTES, *person.ROUTES, *users.ROUTES]
