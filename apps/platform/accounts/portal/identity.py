"""Sign-up, verification, log-in by code, forgotten passwords."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
