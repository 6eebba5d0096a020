"""What a page says about the moment at which it was drawn."""

import logging

from redis.exceptions import RedisError

from apps.platform.realtime import streams

logger = logging.getLogger(__name__)


def live_numbers(*stream_names: str) -> str:
    """The last number of each stream, in order, for `data-live-number`: what came later is fetched by the page.

    Empty while Redis is away: the page then fetches once it is connected.
    """
    pipe = streams.client().pipeline(transaction=False)
    for name in stream_names:
        pipe.hget(streams.names_of(name).hash, "number")
    try:
        return " ".join(number or "0" for number in pipe.execute())
    except RedisError as error:
        logger.warning("live numbers unknown: %s", error)
        return ""
