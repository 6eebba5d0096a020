"""Every change to users, sessions and log-ins."""
