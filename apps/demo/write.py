"""Writing the rows of a world in an order that the database's own rules accept."""

from django.db import connection

from apps.demo.world import Rows, copy_rows
from apps.engines.billing.models import Invoice, InvoiceLine

# An invoice is written as a draft with its lines and gets these when the lines are there, as finalising does.
FINAL = ("number", "state", "payment_status", "issued_on", "due_on", "finalised_at", "sent_at", "paid_at")
DRAFT = {"number": "", "state": Invoice.State.DRAFT, "payment_status": Invoice.PaymentStatus.PENDING}


def write_rows(rows: Rows) -> None:
    """Writes all that waits; must run in a transaction."""
    invoices, lines = rows.take(Invoice), rows.take(InvoiceLine)
    rows.write()
    _write_invoices(invoices, lines)


def _write_invoices(invoices: list[Invoice], lines: list[InvoiceLine]) -> None:
    finals = [[invoice.pk, *(getattr(invoice, name) for name in FINAL)] for invoice in invoices]
    for invoice in invoices:
        for name in FINAL:
            setattr(invoice, name, DRAFT.get(name))
    copy_rows(Invoice, invoices)
    copy_rows(InvoiceLine, lines)
    columns = ", ".join(FINAL)
    changes = ", ".join(f"{name} = final.{name}" for name in FINAL)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE final ON COMMIT DROP AS SELECT id, {columns} FROM billing_invoice WHERE false"  # noqa: S608
        )
        with cursor.copy(f"COPY final (id, {columns}) FROM STDIN") as copy:
            for row in finals:
                copy.write_row(row)
        cursor.execute(f"UPDATE billing_invoice i SET {changes} FROM final WHERE i.id = final.id")  # noqa: S608
        cursor.execute("DROP TABLE final")
