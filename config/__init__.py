"""Wiring: settings, addresses, server entry, job queue. Knows every app, holds no rules."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
