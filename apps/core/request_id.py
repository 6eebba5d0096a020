"""The id of the present request, for answers, logs and events; and the request itself, for logs alone."""

import contextvars
from typing import Any

request_id_var: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
request_var: contextvars.ContextVar[Any] = contextvars.ContextVar("request", default=None)
