"""The demo world: a believable year of two garages and a distributor, made from a fixed seed.

`load` writes the past in bulk with the arithmetic of the services (`history`), and lets the present happen through the
services themselves (`today`), so that screens, messages and events of the last hours are real. Nothing of the product
depends on this app.
"""
