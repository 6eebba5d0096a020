"""The second step of the log-in and its set-up: addresses of the API."""

from django.urls import URLPattern

from apps.core.api.routing import Route

URLS: list[URLPattern] = []
ROUTES: list[Route] = []
