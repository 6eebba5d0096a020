"""Settings in the database, document numbers, idempotency keys, jobs, health, maintenance mode, clean-up."""
