"""A person's own data: addresses of the API."""

from django.urls import URLPattern

from apps.core.api.routing import Route

URLS: list[URLPattern] = []
ROUTES: list[Route] = []
