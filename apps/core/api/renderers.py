"""JSON in the envelope."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

from apps.core.api.envelope import Envelope, success


class ApiEncoder(JSONEncoder):
    """Decimals as text without exponent, times in UTC with `Z`."""

    def default(self, obj: Any) -> Any:
        if isinstance(obj, Decimal):
            return format(obj, "f")
        if isinstance(obj, datetime.datetime) and obj.tzinfo is not None:
            obj = obj.astimezone(datetime.UTC)
        return super().default(obj)


class EnvelopeRenderer(JSONRenderer):
    """Frames bare data; leaves framed bodies and empty answers alone."""

    encoder_class = ApiEncoder
    charset = None

    @classmethod
    def encode(cls, data: Any) -> bytes:
        """Bare data as JSON, without the frame."""
        rendered: bytes = JSONRenderer.render(cls(), data)
        return rendered

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        context = renderer_context or {}
        response = context.get("response")
        if response is not None and response.status_code in (204, 304):
            return b""
        if not isinstance(data, Envelope):
            data = success(data)
        rendered: bytes = super().render(data, accepted_media_type, context)
        return rendered
