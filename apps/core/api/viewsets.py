"""The base of every resource: scoped, permitted, paged, filtered, versioned."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, ClassVar, cast

from django.db import models, transaction
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.core.actor import Actor
from apps.core.api.etags import make_etag, matches, version_from
from apps.core.api.filters import Source, apply_filters, apply_search, apply_sort
from apps.core.api.pagination import CursorPagination
from apps.core.api.permissions import AUTHENTICATED, PUBLIC
from apps.core.api.query import CURSOR_PARAMETERS, DETAIL_PARAMETERS, LIST_PARAMETERS, ListQuery, parse_query, refuse
from apps.core.api.renderers import EnvelopeRenderer
from apps.core.api.serializers import shown_fields
from apps.core.api.steps import step
from apps.core.api.views import ApiMixin
from apps.core.db import lock_row
from apps.core.errors import NotFound
from apps.core.ids import parse_id
from apps.core.portal.providers import providers

__all__ = ["AUTHENTICATED", "PUBLIC", "ResourceViewSet", "action", "step"]


class ResourceViewSet(ApiMixin, GenericViewSet):
    """A resource over one table. Standard actions exist when `rights` names them; the rest is declared in class attributes.

    `queryset_for(actor)` gives the rows that exist for the actor. `filters` maps shown names to operators, and
    `filter_sources` maps shown names to columns where they differ (or to a function of queryset, operator and text).
    `includes` maps an optional field to the relations that are fetched with it. `listings` names further actions that
    answer with a list through `self.list_rows(queryset)`. `logs_view` writes who looked at a row into the audit log.
    """

    queryset_for: ClassVar[Callable[[Actor], models.QuerySet]]
    detail_queryset_for: ClassVar[Callable[[Actor], models.QuerySet] | None] = None
    serializer_class: Any = None
    list_serializer_class: Any = None
    filters: ClassVar[dict[str, Sequence[str]]] = {}
    filter_sources: ClassVar[dict[str, Source]] = {}
    sorts: Sequence[str] = ()
    search: Any = None
    includes: ClassVar[dict[str, Sequence[str]]] = {}
    logs_view: ClassVar[bool] = False
    listings: ClassVar[set[str]] = set()
    lookup_field = "id"
    lookup_value_regex = "[^/]+"

    @cached_property
    def expected_version(self) -> int | None:
        """The version that the caller read (If-Match), None when they do not care."""
        return version_from(self.request.headers.get("If-Match"))

    @property
    def is_list(self) -> bool:
        return self.action == "list" or self.action in self.listings

    def read_query(self, request: Request) -> ListQuery:
        known = set(self.parameters.get(self.action or "", ()))
        if self.is_list:
            is_ledger = isinstance(self.paginator, CursorPagination)
            known.update(CURSOR_PARAMETERS if is_ledger else LIST_PARAMETERS)
            if self.search is None:
                known.discard("search")
        else:
            known.update(DETAIL_PARAMETERS)
        query = parse_query(request.query_params, known=known, filters=self.filters if self.is_list else {})
        if query.get("fields") or query.get("include"):
            self.check_names(query)
        return query

    def check_names(self, query: ListQuery) -> None:
        """Raises BadInput when `fields=` or `include=` names what the resource does not have."""
        every, optional = shown_fields(self.get_serializer_class())
        for parameter, possible in (("fields", every), ("include", optional)):
            for name in query.names(parameter):
                if name not in possible:
                    names = ", ".join(sorted(possible)) or "–"
                    text = _("Unknown name “%(name)s”. Possible: %(names)s.") % {"name": name, "names": names}
                    raise refuse(parameter, text)

    def get_serializer_class(self) -> Any:
        return self.list_serializer_class if self.is_list and self.list_serializer_class else self.serializer_class

    def get_serializer_context(self) -> dict[str, Any]:
        query = getattr(self, "query", ListQuery())
        fields = query.names("fields")
        include = [*query.names("include"), *fields]
        return {**super().get_serializer_context(), "actor": self.actor, "fields": fields, "include": include}

    def get_queryset(self) -> models.QuerySet:
        kind = type(self)
        source = kind.queryset_for if self.is_list else (kind.detail_queryset_for or kind.queryset_for)
        queryset = source(self.actor)
        query = getattr(self, "query", ListQuery())
        relations = [
            path for name in (*query.names("include"), *query.names("fields")) for path in self.includes.get(name, ())
        ]
        return queryset.prefetch_related(*relations) if relations else queryset

    def get_object(self) -> Any:
        """The row of the address; NotFound for a missing, foreign or misspelt id alike."""
        key = parse_id(self.kwargs[self.lookup_field])
        row = self.get_queryset().filter(pk=key).first() if key else None
        if row is None:
            raise NotFound
        return row

    def read_body(self, serializer_class: type[Any] | None = None, *, partial: bool = False) -> dict[str, Any]:
        """The checked body in snake_case."""
        shape_class = serializer_class or self.input_class_of(self.action or "")
        context = {"request": self.request, "view": self, "actor": self.actor}
        shape = shape_class(data=self.request.data, context=context, partial=partial)
        shape.is_valid(raise_exception=True)
        return cast("dict[str, Any]", shape.validated_data)

    def input_class_of(self, action_name: str) -> type[Any]:
        """The shape of the body of a standard action."""
        name = "update" if action_name == "partial_update" else action_name
        return cast("type[Any]", self.input_classes.get(name, self.serializer_class))

    def list_rows(self, queryset: models.QuerySet) -> Response:
        """Filters, searches, sorts, pages and shows the rows."""
        queryset = apply_filters(queryset, self.query, self.filter_sources)
        queryset = apply_search(queryset, self.query, self.search)
        queryset = apply_sort(queryset, self.query, self.sorts, self.filter_sources)
        page = self.paginate_queryset(queryset)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def show(self, instance: Any, *, output: type[Any] | None = None, status: int = 200) -> Response:
        """A document after a change: read anew through the selector, so that it looks as `retrieve` shows it."""
        if output is not None:
            return Response(output(instance, context=self.get_serializer_context()).data, status=status)
        fresh = self.get_queryset().filter(pk=instance.pk).first() or instance
        return self.show_row(fresh, status=status)

    def show_row(self, row: Any, *, status: int = 200) -> Response:
        """The row with its ETag."""
        data = self.get_serializer(row).data
        etag = make_etag(row, EnvelopeRenderer.encode(data))
        headers = {"ETag": etag} if etag else {}
        if self.request.method in ("GET", "HEAD") and matches(self.request.headers.get("If-None-Match"), etag):
            return Response(status=304, headers=headers)
        return Response(data, status=status, headers=headers)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list_rows(self.get_queryset())

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        if self.logs_view:
            providers.viewed(self.actor, row)
        return self.show_row(row)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.show(self.perform_create(self.read_body()), status=201)

    def update(self, request: Request, *args: Any, partial: bool = False, **kwargs: Any) -> Response:
        instance = self.get_object()
        data = self.read_body(partial=partial)
        if self.expected_version is None:
            return self.show(self.perform_update(instance, data))
        with transaction.atomic():
            lock_row(instance).check_version(self.expected_version)
            return self.show(self.perform_update(instance, data))

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.update(request, *args, partial=True, **kwargs)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.perform_destroy(self.get_object())
        return Response(status=204)
