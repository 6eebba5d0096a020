"""A year of visits and purchases, played event by event in the order of time and written in bulk."""
