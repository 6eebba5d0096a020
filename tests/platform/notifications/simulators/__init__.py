"""Providers on loopback that speak the true protocol: they check what they get and answer as the real ones do."""
