"""List screens: declared columns, filters, search, sort, paging, export, bulk actions; every state is an address."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.errors import BusinessError, NotFound
from apps.core.ids import parse_id
from apps.core.portal.columns import Column
from apps.core.portal.export import MAX_ROWS, XLSX_TYPE, file_response, write_csv, write_xlsx
from apps.core.portal.filters import BoundFilter, Filter, bind_filters, without_keys
from apps.core.portal.listing_page import Cell, Head, Line, describe_page
from apps.core.portal.parts import BulkAction, Button, Empty, Search, find_rows
from apps.core.portal.preferences import chosen, read_preferences, write_preferences
from apps.core.portal.providers import providers
from apps.core.portal.responses import is_htmx, redirect_to
from apps.core.portal.views import PortalView

PAGE_SIZES = (25, 50, 100)


class ListScreen(PortalView):
    """A list. `selector(actor)` gives the rows that exist for the actor; all the rest narrows and orders them."""

    template_name = "portal/list/page.html"
    fragment_template_name = "portal/list/results.html"
    selector: Callable[[Any], QuerySet]
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    search: ClassVar[Search | None] = None
    search_placeholder: Any = ""
    scans: ClassVar[bool] = False
    default_sort: ClassVar[str] = ""
    page_size: ClassVar[int] = 25
    paginator_class: ClassVar[type[Paginator]] = Paginator
    primary: ClassVar[Button | None] = None
    buttons: ClassVar[Sequence[Button]] = ()
    bulk_actions: ClassVar[Sequence[BulkAction]] = ()
    exports: ClassVar[bool] = True
    export_permission: ClassVar[str] = ""
    opens: ClassVar[str] = "drawer"
    row_url: Callable[[Any], str] | None = None
    row_css: Callable[[Any], str] | None = None
    empty: ClassVar[Empty] = Empty(_("Nothing here yet"))
    live_topics: ClassVar[Callable[[Any], Sequence[str]] | None] = None

    @property
    def may_export(self) -> bool:
        """Whether the actor may take the list out as a file."""
        return self.exports and (not self.export_permission or self.actor.can(self.export_permission))

    @cached_property
    def open_columns(self) -> list[Column]:
        """The columns that the actor may see at all."""
        return [column for column in self.columns if column.is_open_to(self.actor)]

    @cached_property
    def shown_columns(self) -> list[Column]:
        names = [column.name for column in self.open_columns]
        defaults = [column.name for column in self.open_columns if column.is_default]
        wanted = chosen(names, self.wishes, defaults)
        return [column for column in self.open_columns if column.name in wanted]

    @cached_property
    def wishes(self) -> Any:
        return read_preferences(self.request)

    @cached_property
    def bound_filters(self) -> list[BoundFilter]:
        return bind_filters(self.filters, self.request.GET, self.actor)

    @property
    def has_search(self) -> bool:
        """For the template, which would call a search that is a function."""
        return type(self).search is not None

    @cached_property
    def query_text(self) -> str:
        return self.request.GET.get("q", "").strip()[:100]

    @cached_property
    def sort(self) -> str:
        """The asked ordering (`name` or `-name`) if it exists, else the screen's own."""
        asked = self.request.GET.get("sort", "")
        known = {column.name for column in self.open_columns if column.sort}
        return asked if asked.removeprefix("-") in known else self.default_sort

    def get_rows(self) -> QuerySet:
        """All rows of the actor, before search and filters."""
        return type(self).selector(self.actor)

    def find(self) -> QuerySet:
        """The rows that search and filters leave, ordered."""
        rows = find_rows(self.get_rows(), type(self).search, self.query_text)
        for bound in self.bound_filters:
            if bound.is_on:
                rows = bound.filter.narrow(rows, bound.value)
        return self.order(rows)

    def order(self, rows: QuerySet) -> QuerySet:
        name = self.sort.removeprefix("-")
        column = next((column for column in self.columns if column.name == name and column.sort), None)
        if column is None:
            return rows
        fields = [flip(field) if self.sort.startswith("-") else field for field in column.ordering]
        return rows.order_by(*fields, "-pk")

    def get_page(self) -> Page:
        asked = self.request.GET.get("size", "")
        size = int(asked) if asked in {str(size) for size in PAGE_SIZES} else self.page_size
        return self.paginator_class(self.find(), size).get_page(self.request.GET.get("page"))

    def link(self, row: Any) -> str:
        maker = type(self).row_url
        return maker(row) if maker else ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = request.GET.get("export", "")
        if kind and self.may_export:
            return self.export(kind)
        return self.draw(self.get_context())

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(**describe_page(self), **extra)

    def heads(self) -> list[Head]:
        """The headings, each with the address that sorts by it."""
        found = []
        for column in self.shown_columns:
            order = {column.name: "asc", f"-{column.name}": "desc"}.get(self.sort, "")
            following = f"-{column.name}" if order == "asc" else column.name
            url = f"{without_keys(self.request.GET, 'sort')}&sort={following}" if column.sort else ""
            found.append(Head(column, url.replace("?&", "?"), order))
        return found

    def lines(self, rows: Sequence[Any]) -> list[Line]:
        """The rows as the table shows them."""
        css = type(self).row_css
        return [
            Line(
                row,
                [Cell(column, column.render(row)) for column in self.shown_columns],
                self.link(row),
                css(row) if css else "",
            )
            for row in rows
        ]

    def export(self, kind: str) -> HttpResponse:
        """The found rows as a file, with all columns that the actor may see."""
        rows = list(self.find()[:MAX_ROWS])
        providers.exported(self.actor, str(self.get_title()), len(rows), kind)
        name = f"{self.get_title()} {clock.local_date():%Y-%m-%d}"
        if kind == "xlsx":
            content = write_xlsx(self.open_columns, rows, title=str(self.get_title()))
            return file_response(content, name=f"{name}.xlsx", content_type=XLSX_TYPE)
        content = write_csv(self.open_columns, rows)
        return file_response(content, name=f"{name}.csv", content_type="text/csv; charset=utf-8")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A bulk action, or a wish about how the list looks."""
        if request.POST.get("wish"):
            return self.save_wish(request.POST["wish"])
        return self.run_bulk(request.POST.get("bulk", ""))

    def run_bulk(self, name: str) -> HttpResponse:
        """Runs the action on the chosen rows; all or none. A refusal is shown above the list."""
        action = next((one for one in self.bulk_actions if one.name == name and one.is_open_to(self.actor)), None)
        if action is None:
            raise NotFound
        ids = [row_id for text in self.request.POST.getlist("row") if (row_id := parse_id(text))]
        rows = list(self.get_rows().filter(pk__in=ids).order_by("pk"))
        try:
            said = action.run(self.actor, rows)
        except BusinessError as error:
            return self.draw(self.get_context(error=error), status=error.status)
        return redirect_to(self.request, self.request.get_full_path(), message=said or _("Done."))

    def save_wish(self, wish: str) -> HttpResponse:
        """Keeps columns, density or a view in the page's cookie and comes back to the same rows."""
        posted, target = self.request.POST, self.request.get_full_path()
        if wish == "look":
            self.wishes.columns = posted.getlist("column")
            self.wishes.dense = "dense" in posted
        elif wish == "view" and posted.get("name", "").strip():
            self.wishes.save_view(posted["name"].strip()[:40], without_keys(self.request.GET))
        elif wish == "forget":
            self.wishes.views.pop(posted.get("name", ""), None)
        response = redirect_to(self.request, target)
        write_preferences(response, self.request, self.wishes)
        return response

    def draw(self, context: Any, *, template: str = "", status: int = 200) -> HttpResponse:
        """The table alone when it asks for itself; the whole page otherwise."""
        asks_for_itself = is_htmx(self.request) and self.request.headers.get("HX-Target") == "list"
        chosen_template = self.fragment_template_name if asks_for_itself else self.template_name
        return super().draw(context, template=template or chosen_template, status=status)


def flip(field: str) -> str:
    """The same ordering, the other way round."""
    return field[1:] if field.startswith("-") else f"-{field}"
