"""What is owed: invoices with gapless numbers, never changed once finalised.

Owns Invoice, InvoiceLine. Totals are enforced by the database. An invoice is made once per source document; a second call
answers with the first. `paid` follows from payments, never typed in.
"""
