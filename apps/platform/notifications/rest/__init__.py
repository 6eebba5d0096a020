"""The REST addresses of the messages."""

from apps.platform.notifications.rest import history, mailings, own, receipts, wordings

URLS = [*own.URLS, *receipts.URLS, *wordings.URLS]
ROUTES = [*history.ROUTES, *mailings.ROUTES, *own.ROUTES]
