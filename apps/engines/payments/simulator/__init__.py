"""Stands in for PayOS in demo installations: the same addresses and signatures, and a payment page with buttons.

It keeps what it knows in the cache and talks to this installation over HTTP only, as the company would.
"""
