"""Sign-up, verification, log-in by code, forgotten passwords: addresses of the API."""

from django.urls import URLPattern

from apps.core.api.routing import Route

URLS: list[URLPattern] = []
ROUTES: list[Route] = []
