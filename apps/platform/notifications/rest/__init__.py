"""The REST addresses of the messages."""

from apps.platform.notifications.rest import history, own, receipts

URLS = [*own.URLS, *receipts.URLS]
ROUTES = [*history.ROUTES, *own.ROUTES]
