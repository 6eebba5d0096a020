"""Tells other systems what happened: a company's own addresses get signed messages about the events that they chose.

Owns WebhookEndpoint and WebhookDelivery. Every message is kept with its answer, retried with growing delay, and can be
sent again. Addresses inside private networks are refused.
"""
