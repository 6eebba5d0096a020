"""Any sale of goods, one order for all channels; both sides of a marketplace order see the same row.

Owns Order, OrderLine. Placing prices anew and reserves stock in one transaction; each channel allows its own subset of
the one state table. Totals are enforced by the database.
"""
