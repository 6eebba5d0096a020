"""Steps of documents: `PUT /…/{id}/approve`, and POST for those who prefer it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.serializers import ApiSerializer
from apps.core.db import lock_row

Handler = Callable[..., Any]


class NoInput(ApiSerializer):
    """A step that needs no words."""


def step(
    name: str,
    *,
    input: type[Any] = NoInput,  # noqa: A002 - reads best where steps are declared
    output: type[Any] | None = None,
    own_transaction: bool = False,
) -> Callable[[Handler], Handler]:
    """Makes `method(self, instance, data)` the step `name` of a resource.

    The method calls one service and returns the document, or whatever `output` shows. If-Match is checked under the
    row's lock in the transaction of the step. With `own_transaction` the service commits in between: then it must
    check `self.expected_version` itself. The step's right stands in `rights` under the method's name.
    """

    def decorate(function: Handler) -> Handler:
        @wraps(function)
        def run(self: Any, _request: Request, **_kwargs: Any) -> Response:
            instance = self.get_object()
            data = self.read_body(input)
            if self.expected_version is None or own_transaction:
                return self.show(function(self, instance, data), output=output)
            with transaction.atomic():
                lock_row(instance).check_version(self.expected_version)
                return self.show(function(self, instance, data), output=output)

        run.step_input, run.step_output = input, output
        return action(detail=True, methods=["put", "post"], url_path=name)(run)

    return decorate
