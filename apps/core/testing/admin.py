"""Inherited checks of the staff CMS: who gets in, that every page opens, that documents and ledgers stay as they are."""

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.admin.base import ReadOnlyMixin


def list_admins() -> list[ModelAdmin]:
    """All admins of the project, in the order of their addresses."""
    return sorted(admin.site._registry.values(), key=lambda one: one.opts.label)


def page_of(model_admin: ModelAdmin, page: str, row: Model | None = None) -> str:
    """The address of a page (`changelist`, `add`, `change`, `history`, `delete`)."""
    name = f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_{page}"
    return reverse(name, args=[row.pk] if row is not None else [])


class AdminKit:
    """For a walk over admins: a test class inherits it and gives the browsers."""

    def superuser_browser(self) -> Client:
        raise TypeError("give a browser of a superuser")

    def staff_browser(self) -> Client:
        raise TypeError("give a browser of platform staff without any right")

    def check_opens(self, model_admin: ModelAdmin) -> None:
        """List and search answer; the form for a new row does exactly where rows may be added."""
        client = self.superuser_browser()
        for query in ({}, {"q": "a-b 1"}):
            answer = client.get(page_of(model_admin, "changelist"), query)
            assert answer.status_code == 200, f"{model_admin.opts.label} {query}"
        may_add = model_admin.has_add_permission(answer.wsgi_request)
        assert client.get(page_of(model_admin, "add")).status_code == (200 if may_add else 403)

    def check_refuses(self, model_admin: ModelAdmin, *, outsider: Client) -> None:
        """Strangers log in first; people without the right and people who are no staff are refused."""
        url = page_of(model_admin, "changelist")
        assert Client().get(url).status_code == 302
        assert outsider.get(url).status_code == 403
        assert self.staff_browser().get(url).status_code == 403

    def check_row(self, model_admin: ModelAdmin, row: Model) -> None:
        """A row's page and its history open; read-only rows refuse every change."""
        client = self.superuser_browser()
        for page in ("change", "history"):
            answer = client.get(page_of(model_admin, page, row))
            assert answer.status_code == 200, f"{model_admin.opts.label} {page}"
        if isinstance(model_admin, ReadOnlyMixin):
            before = vars(type(row)._default_manager.get(pk=row.pk)) | {"_state": None}
            assert client.post(page_of(model_admin, "change", row), {}).status_code == 403
            assert client.post(page_of(model_admin, "delete", row), {"post": "yes"}).status_code == 403
            assert vars(type(row)._default_manager.get(pk=row.pk)) | {"_state": None} == before

    def count_queries(self, model_admin: ModelAdmin, client: Client) -> int:
        """What the list costs."""
        url = page_of(model_admin, "changelist")
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)
