"""Logging in through another provider (Google or any OpenID Connect issuer), and being a provider for others."""

import environ

env = environ.Env()

# Without a client id nobody is offered this way in.
GOOGLE_CLIENT_ID = env("GOOGLE_CLIENT_ID", default="")
GOOGLE_CLIENT_SECRET = env("GOOGLE_CLIENT_SECRET", default="")
# Apps have client ids of their own; their identity tokens are accepted too.
GOOGLE_APP_CLIENT_IDS = env.list("GOOGLE_APP_CLIENT_IDS", default=[])
LOG_IN_ISSUER = env("LOG_IN_ISSUER", default="https://accounts.google.com")
LOG_IN_PROVIDER_NAME = env("LOG_IN_PROVIDER_NAME", default="Google")
