"""Pages of the staff CMS that are no table: in the sidebar, each with Django's own right that opens it."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class StaffPage:
    """`name` is the address inside the namespace `admin`."""

    label: Any
    name: str
    permission: str
    group: Any
    order: int
    icon: str

    @property
    def url(self) -> str:
        return reverse(f"admin:{self.name}")


PAGES: dict[str, StaffPage] = {}


def register_page(*, label: Any, name: str, permission: str, group: Any, order: int, icon: str) -> StaffPage:
    """Puts a page into the sidebar."""
    page = StaffPage(label, name, permission, group, order, icon)
    PAGES[name] = page
    return page


def check_right(request: HttpRequest, permission: str) -> None:
    """Raises PermissionDenied for staff without the right."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def draw_page(model_admin: Any, request: HttpRequest, template: str, *, title: Any, **context: Any) -> TemplateResponse:
    """The page in the dress of the staff CMS."""
    status = context.pop("status", 200)
    whole = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": title, **context}
    return TemplateResponse(request, template, whole, status=status)
