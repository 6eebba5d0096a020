"""Garages and distributors: finding offers, ordering parts, the distributor's board. Stands on the orders engine.

Has no tables of its own; both sides look at one order and neither sees the other's costs or partners.
"""
