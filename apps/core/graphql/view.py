"""`/graphql`: the same log-in, company headers, rate limits and errors as the REST API."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from graphql import OperationType
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.errors import MethodNotAllowed
from apps.core.api.exceptions import render_error, translate
from apps.core.api.parsers import SafeJSONParser, check_tree
from apps.core.api.permissions import AUTHENTICATED
from apps.core.api.renderers import ApiEncoder
from apps.core.api.views import ApiView
from apps.core.errors import BusinessError
from apps.core.graphql.context import Context
from apps.core.graphql.errors import describe_error, describe_refusal
from apps.core.graphql.limits import (
    MAX_BATCH,
    MAX_COST,
    find_operation,
    measure,
    read_query,
    too_much,
    unreadable,
)
from apps.core.graphql.schema import Schema

_KEYS = {"query", "variables", "operationName", "extensions"}


@dataclass(frozen=True, slots=True)
class Question:
    """One query with what belongs to it, and what it costs."""

    text: str
    variables: dict[str, Any]
    operation_name: str | None
    cost: int


class PlainRenderer(JSONRenderer):
    """JSON as it is: GraphQL has a frame of its own."""

    encoder_class = ApiEncoder
    charset = None


class GraphQLView(ApiView):
    """POST one question or a list of at most five; GET for questions that change nothing."""

    rights: ClassVar[dict[str, str]] = {"get": AUTHENTICATED, "post": AUTHENTICATED}
    parameters: ClassVar[dict[str, tuple[str, ...]]] = {"get": ("query", "variables", "operationName")}
    http_method_names = ["get", "post", "head"]
    parser_classes = [SafeJSONParser]
    renderer_classes = [PlainRenderer]
    # Described by its own schema.
    schema = None
    graph: Schema | None = None

    def get(self, request: Request) -> Response:
        given: dict[str, Any] = {
            "query": self.query.get("query"),
            "operationName": self.query.get("operationName") or None,
            "variables": _read_json(self.query.get("variables")),
        }
        return self.answer(self.read(given, may_change=False))

    def post(self, request: Request) -> Response:
        if not isinstance(request.data, list):
            return self.answer(self.read(request.data))
        if not 1 <= len(request.data) <= MAX_BATCH:
            raise too_much("batch", MAX_BATCH)
        questions = [self.read(one) for one in request.data]
        if sum(one.cost for one in questions) > MAX_COST:
            raise too_much("cost", MAX_COST)
        return Response([self.run(one)[0] for one in questions])

    def read(self, given: Any, *, may_change: bool = True) -> Question:
        """The judged question. Raises BadInput for what cannot be or is too much."""
        text, variables, name = _check_shape(given)
        document = read_query(text)
        operation = find_operation(document, name)
        if operation.operation == OperationType.SUBSCRIPTION:
            raise unreadable("there are no subscriptions; live changes come over /ws/")
        if operation.operation == OperationType.MUTATION and not may_change:
            raise MethodNotAllowed
        cost = measure(
            self.graph._schema,
            document,
            operation,
            variables,
            may_introspect=self.may_introspect,
        )
        return Question(text, variables, name, cost)

    @property
    def may_introspect(self) -> bool:
        """In production only platform staff may ask about the schema; it stands in the documentation anyway."""
        return bool(settings.DEBUG or settings.DEMO or self.actor.is_platform_staff)

    def answer(self, question: Question) -> Response:
        body, status = self.run(question)
        return Response(body, status=status)

    def run(self, question: Question) -> tuple[dict[str, Any], int]:
        """The answer and its status: 400 when nothing of the question could be run."""
        result = self.graph.execute_sync(
            question.text,
            variable_values=question.variables,
            context_value=Context(self.actor, self.request.user),
            operation_name=question.operation_name,
        )
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = [describe_error(one) for one in result.errors]
        body["extensions"] = {"cost": question.cost}
        was_run = result.data is not None or any(one.path for one in result.errors or ())
        return body, 200 if was_run else 400

    def handle_exception(self, exc: Exception) -> Response:
        """Refusals before anything was run, in GraphQL's shape with the status of the REST API."""
        response = super().handle_exception(exc)
        known = translate(exc)
        if isinstance(known, BusinessError):
            response.data = {"errors": [describe_refusal(known)]}
        else:
            error = response.data["error"]
            extensions = {"code": error["code"], "requestId": response.data["meta"]["requestId"]}
            response.data = {"errors": [{"message": error["message"], "extensions": extensions}]}
        return response

    def get_exception_handler(self) -> Any:
        return render_error


def _check_shape(given: Any) -> tuple[str, dict[str, Any], str | None]:
    if not isinstance(given, Mapping) or not set(given) <= _KEYS:
        raise unreadable("an object with query, variables and operationName is needed")
    text, variables, name = given.get("query"), given.get("variables"), given.get("operationName")
    if not isinstance(text, str) or not text.strip():
        raise unreadable("query is missing")
    if variables is not None and not isinstance(variables, dict):
        raise unreadable("variables must be an object")
    if name is not None and not isinstance(name, str):
        raise unreadable("operationName must be a text")
    return text, variables or {}, name


def _read_json(text: str) -> Any:
    if not text:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise unreadable("variables must be JSON") from error
    check_tree(value)
    return value
