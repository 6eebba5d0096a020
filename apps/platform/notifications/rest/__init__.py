"""The REST addresses of the messages."""

from apps.platform.notifications.rest import history, own, receipts, wordings

URLS = [*own.URLS, *receipts.URLS, *wordings.URLS]
ROUTES = [*history.ROUTES, *own.ROUTES]
