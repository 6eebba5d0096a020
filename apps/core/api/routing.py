"""Routes as data: apps list them, `config.api` collects them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from rest_framework.routers import SimpleRouter


class Route(NamedTuple):
    prefix: str
    viewset: type[Any]
    basename: str


def route(prefix: str, viewset: type[Any], basename: str) -> Route:
    """`route("workshop/job-cards", JobCardViewSet, "job-card")`; names become `job-card-list`, `job-card-detail`…"""
    return Route(prefix, viewset, basename)


class ApiRouter(SimpleRouter):
    """Without trailing slashes; a standard action exists only when the resource declares a right for it."""

    standard = {"list", "retrieve", "create", "update", "partial_update", "destroy"}

    def __init__(self) -> None:
        super().__init__(trailing_slash=False)

    def get_method_map(self, viewset: Any, method_map: dict[str, str]) -> dict[str, str]:
        bound: dict[str, str] = super().get_method_map(viewset, method_map)
        rights = getattr(viewset, "rights", {})
        declared = {*rights, "partial_update"} if "update" in rights else set(rights)
        return {method: name for method, name in bound.items() if name not in self.standard or name in declared}


def build_router(routes: Iterable[Route]) -> ApiRouter:
    """A router over the given routes."""
    router = ApiRouter()
    for prefix, viewset, basename in routes:
        router.register(prefix, viewset, basename)
    return router
