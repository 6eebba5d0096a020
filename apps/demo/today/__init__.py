"""The last hours and the next days, through the services."""
