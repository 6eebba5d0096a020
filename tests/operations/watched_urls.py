"""The addresses of the watched server."""

from config.urls import handler400, handler403, handler404, handler500
from tests.operations.watched import addresses

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = addresses()
