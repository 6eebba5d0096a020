"""Lists as files: CSV that spreadsheets open with Vietnamese letters right, and XLSX."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from apps.core.portal.columns import Column, plain

MAX_ROWS = 20_000
BOM = "\ufeff"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_text(text: str) -> str:
    """Text that no spreadsheet runs as a formula (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _rows(columns: Sequence[Column], rows: Iterable[Any]) -> Iterable[list[Any]]:
    for row in rows:
        yield [plain(column.export_value(row)) for column in columns]


def write_csv(columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    """The rows as UTF-8 CSV with byte order mark."""
    out = io.BytesIO()
    fill_csv(out, columns, rows)
    return out.getvalue()


def fill_csv(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Any]) -> None:
    """Writes the rows into the file, one after the other: any number of them."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow([str(column.label) for column in columns])
    for values in _rows(columns, rows):
        writer.writerow([_csv_value(value) for value in values])
    text.detach()


def _csv_value(value: Any) -> Any:
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return format(value, "f") if isinstance(value, Decimal) else value


def write_xlsx(columns: Sequence[Column], rows: Iterable[Any], *, title: str) -> bytes:
    """The rows as a workbook with one sheet; numbers and dates stay numbers and dates."""
    out = io.BytesIO()
    fill_xlsx(out, columns, rows, title=title, in_memory=True)
    return out.getvalue()


def fill_xlsx(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Any], *, title: str, **options: bool) -> None:
    """Writes the workbook into the file; with `constant_memory=True` any number of rows that a sheet holds."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, **options}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet(_sheet_name(title))
    head = book.add_format({"bold": True, "bottom": 1})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, str(column.label), head)
        sheet.set_column(place, place, 16 if column.is_numeric else 24)
    for line, values in enumerate(_rows(columns, rows), start=1):
        for place, value in enumerate(values):
            if isinstance(value, datetime):
                sheet.write_datetime(line, place, value, moment)
            elif isinstance(value, date):
                sheet.write_datetime(line, place, value, day)
            elif isinstance(value, str):
                sheet.write_string(line, place, value)
            else:
                sheet.write_number(line, place, value)
    book.close()


def _sheet_name(title: str) -> str:
    return "".join(" " if char in "[]:*?/\\" else char for char in title)[:31] or "Sheet1"


def file_response(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """The file as a download."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
