"""What a page says about the moment at which it was drawn."""

from apps.platform.realtime import streams


def live_numbers(*stream_names: str) -> str:
    """The last number of each stream, in order, for `data-live-number`: what came later is fetched by the page."""
    pipe = streams.client().pipeline(transaction=False)
    for name in stream_names:
        pipe.hget(streams.names_of(name).hash, "number")
    return " ".join(number or "0" for number in pipe.execute())
