"""The ASGI application behind `/ws/`: one hub per process."""

import asyncio

from apps.platform.realtime.hub import Hub
from apps.platform.realtime.protocol import PATH, CloseCode
from apps.platform.realtime.sockets import Receive, Scope, Send, Socket


class RealtimeApplication:
    """Serves WebSocket scopes; `close` when the process ends."""

    def __init__(self) -> None:
        self._hub: Hub | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != PATH:
            await receive()
            await send({"type": "websocket.close", "code": CloseCode.BAD_MESSAGE})
            return
        await Socket(scope, receive, send, self._hub_of_loop()).run()

    async def close(self) -> None:
        if self._hub is not None:
            for follower in list(self._hub.followers):
                follower.drop(CloseCode.GOING_AWAY)
            await self._hub.close()
            self._hub = None

    def _hub_of_loop(self) -> Hub:
        loop = asyncio.get_running_loop()
        if self._hub is None or self._loop is not loop:
            self._hub, self._loop = Hub(), loop
        return self._hub
