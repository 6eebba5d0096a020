"""OAuth 2 and OpenID Connect for others: tools of administrators and apps of partners, on allauth's provider."""
