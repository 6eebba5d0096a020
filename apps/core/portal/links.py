"""Addresses of screens that other apps own."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def find_url(name: str, *args: Any) -> str:
    """The address of a screen, "" where this installation does not have it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
