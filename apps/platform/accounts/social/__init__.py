"""Logging in with an account at another provider by OpenID Connect: Google, or any issuer that is configured."""
