"""Bodies: limited in size and depth, and free of characters that no column can hold."""

import io
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from apps.core.api.errors import BodyTooLarge
from apps.core.errors import BadInput

_DEEPEST = 32


class SafeJSONParser(JSONParser):
    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge
        try:
            data = super().parse(io.BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError from error
        check_tree(data)
        return data


def check_tree(data: Any) -> None:
    """Raises BadInput for a body nested too deep or with NUL or half characters in it."""
    level = [data]
    for _depth in range(_DEEPEST):
        level = [child for node in level for child in _children(node)]
        if not level:
            return
    raise BadInput(_("The request body is nested too deep."))


def _children(node: Any) -> list[Any]:
    if isinstance(node, str):
        if "\x00" in node or any("\ud800" <= char <= "\udfff" for char in node):
            raise BadInput(_("The text contains characters that are not allowed."))
        return []
    if isinstance(node, dict):
        return [*node.keys(), *node.values()]
    return node if isinstance(node, list) else []
