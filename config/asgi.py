"""Server entry: pages and API by Django, `/ws/` by the live hub."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
django.setup(set_prefix=False)

# Apps must be loaded before anything of theirs is imported.
from apps.core.body_limit import BodyLimit  # noqa: E402
from apps.platform.realtime.application import RealtimeApplication  # noqa: E402
from config import observability  # noqa: E402

# Watching adds to the middleware, which is put together with the pages.
observability.start()
pages = ASGIHandler()
sockets = RealtimeApplication()
limited_pages = BodyLimit(pages, settings.REQUEST_MAX_BYTES)
Message = dict[str, Any]


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Sends each connection to who serves its kind."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "websocket":
        await sockets(scope, receive, send)
    else:
        await limited_pages(scope, receive, send)


async def _live(receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await sockets.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
