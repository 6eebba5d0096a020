"""Settings of running it: what is watched, what browsers are told, how big a request may be."""

import environ

env = environ.Env()
DEBUG = env.bool("DEBUG", default=True)

# /metrics answers those who know the token or come from one of these networks; without both it does not exist.
METRICS_TOKEN = env("METRICS_TOKEN", default="")
METRICS_ADDRESSES = env.list("METRICS_ADDRESSES", default=[])
METRICS_ON = bool(METRICS_TOKEN or METRICS_ADDRESSES)
ENVIRONMENT_NAME = env("ENVIRONMENT_NAME", default="development" if DEBUG else "production")
SENTRY_DSN = env("SENTRY_DSN", default="")
SENTRY_TRACES_RATE = env.float("SENTRY_TRACES_RATE", default=0.0)

# Probes of the platform below come over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "apps.core.api.fallbacks.csrf_failure"
# Cameras read barcodes and take photos, maps ask where a driver is; passkeys are our own. All else is nobody's.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "accelerometer": [],
    "autoplay": [],
    "browsing-topics": [],
    "camera": ["self"],
    "display-capture": [],
    "encrypted-media": [],
    "fullscreen": ["self"],
    "geolocation": ["self"],
    "gyroscope": [],
    "hid": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
    "serial": [],
    "usb": [],
    "xr-spatial-tracking": [],
}

# The whole body of any request, uploads included; single files and JSON have closer limits of their own.
REQUEST_MAX_BYTES = env.int("REQUEST_MAX_BYTES", default=64 * 1024 * 1024)

# Where `manage.py backup` writes, and PostgreSQL's client programs where those of the packages do not fit.
BACKUP_ROOT = env("BACKUP_ROOT", default="var/backups")
PG_BIN = env("PG_BIN", default="")
