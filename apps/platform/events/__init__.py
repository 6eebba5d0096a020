"""What happened, told to whoever must know: in the same transaction where numbers must move together, else afterwards.

Owns OutboxEvent and HandledEvent. Publishing writes a row in the caller's transaction; a worker relays it after commit,
at least once, in order per subject; every handler runs once per event. A crash in between loses nothing.
"""
