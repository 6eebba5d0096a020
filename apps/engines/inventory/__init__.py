"""What is where, whose it is, and what is promised: warehouses, stock levels, the append-only ledger, reservations.

Owns Warehouse, StockLevel, StockMovement, StockReservation. Only a movement changes `on_hand`; a reservation changes
`reserved` alone. The database refuses reserved below zero, on hand below reserved, and any change of the ledger.
"""
