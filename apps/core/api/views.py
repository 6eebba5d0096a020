"""What every view of the API has: the actor, strict parameters, idempotent answers, conditional reads."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import cached_property
from typing import Any, ClassVar, cast

from django.db import transaction
from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.actor import ANONYMOUS, Actor
from apps.core.api import idempotency
from apps.core.api.envelope import Envelope, success
from apps.core.api.permissions import PUBLIC
from apps.core.api.query import ListQuery, parse_query
from apps.core.api.renderers import EnvelopeRenderer


class ApiMixin:
    """Common part of resources and single addresses.

    `rights` names the needed right per action (or per method in lower case on a plain view). `parameters` declares the
    query parameters per action; any other is refused. `idempotent` lists the actions (or methods) that honour
    Idempotency-Key; they run in one transaction with the keeping of their answer, except those in `own_transactions`,
    whose services commit in between because they talk to an outside company. `creates` lists those besides `create`
    that answer 201. `input_classes` and `output_classes` give
    the shapes per action (or method) where they are not `serializer_class`; an output may also be a content type.
    `is_open_while_enrolling` lets people in who must set up a second factor first.
    """

    rights: ClassVar[dict[str, str]] = {}
    parameters: ClassVar[dict[str, tuple[str, ...]]] = {}
    idempotent: ClassVar[set[str]] = set()
    own_transactions: ClassVar[set[str]] = set()
    creates: ClassVar[set[str]] = set()
    is_open_while_enrolling: ClassVar[bool] = False
    input_classes: ClassVar[dict[str, Any]] = {}
    output_classes: ClassVar[dict[str, Any]] = {}
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    request: Request

    @cached_property
    def actor(self) -> Actor:
        """Who calls. Logging in happens at the first look at the user, so that comes first."""
        if getattr(self, "swagger_fake_view", False) or self.request.user is None:
            return ANONYMOUS
        return cast("Actor", getattr(self.request._request, "actor", ANONYMOUS))

    @property
    def step_name(self) -> str:
        """The action of a resource, the method of a single address."""
        return getattr(self, "action", None) or (self.request.method or "").lower()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.query = self.read_query(request)
        method = (request.method or "").lower()
        handler = getattr(self, method, None)
        if self.step_name in self.idempotent and handler is not None:
            setattr(self, method, lambda *a, **k: self.answer_once(handler, *a, **k))

    def read_query(self, request: Request) -> ListQuery:
        return parse_query(request.query_params, known=self.parameters.get(self.step_name, ()))

    def answer_once(self, handler: Callable[..., HttpResponseBase], request: Request, *args: Any, **kwargs: Any) -> Any:
        """Runs the handler unless its answer is known; effect and answer are committed together or not at all."""
        self.claim = idempotency.claim(request, self.actor)
        if self.claim is None:
            return handler(request, *args, **kwargs)
        if self.claim.answer is not None:
            answer, self.claim = self.claim.answer, None
            return Response(Envelope(answer.body or {}), status=answer.status, headers=idempotency.headers_of_replay())
        with nullcontext() if self.step_name in self.own_transactions else transaction.atomic():
            response = handler(request, *args, **kwargs)
            self.settle(response)
        return response

    def settle(self, response: Any) -> None:
        """Keeps what was answered; a fault of ours is forgotten, so that the caller may try again."""
        claim = getattr(self, "claim", None)
        if claim is None:
            return
        self.claim = None
        if response.status_code >= 500 or not isinstance(response, Response):
            claim.release()
            return
        if not isinstance(response.data, Envelope) and response.status_code != 204:
            response.data = success(response.data)
        rendered = EnvelopeRenderer().render(response.data, None, {"response": response})
        claim.keep(idempotency.Answer(response.status_code, idempotency.as_plain(rendered)))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        # Only refusals are still unsettled here: answers of handlers were kept within their transaction.
        self.settle(response)
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-cache, private")
        return response


class ApiView(ApiMixin, APIView):
    """A single address: `rights = {"get": AUTHENTICATED}`; the body's shape is `serializer_class`."""

    serializer_class: Any = None

    def read_body(self, serializer_class: type[Any] | None = None) -> dict[str, Any]:
        """The checked body in snake_case; raises the validation error of its fields."""
        shape_class = serializer_class or self.input_classes.get(self.step_name, self.serializer_class)
        shape = shape_class(data=self.request.data, context={"actor": self.actor, "request": self.request})
        shape.is_valid(raise_exception=True)
        return cast("dict[str, Any]", shape.validated_data)


class PublicView(ApiView):
    """A single address for people who are not logged in; strangers are slowed down by address."""

    rights: ClassVar[dict[str, str]] = dict.fromkeys(("get", "post", "put", "patch", "delete"), PUBLIC)
