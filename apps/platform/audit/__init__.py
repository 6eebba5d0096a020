"""What was done, by whom, from where. Append-only; the timeline of every document is drawn from it."""
