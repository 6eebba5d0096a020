"""The demo world: a believable year of two garages and a distributor, made from a fixed seed."""
