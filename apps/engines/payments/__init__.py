"""Money received and given back: cash, bank transfer by VietQR, payment companies; every provider message stored once.

Owns Payment, Refund, MoneyMovement (append-only ledger) and ProviderEvent (inbox). Payments know a payable's type and id
only; the app that owns the payable registers how to ask what is due, and listens to PaymentCompleted in the same
transaction. Completed payments minus refunds is what the payable shows, always.
"""
