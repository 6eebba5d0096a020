"""The second step of the log-in and its set-up."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
