"""What belongs to the second step of the log-in beside its services: refusals, events, messages, the library's adapter."""
