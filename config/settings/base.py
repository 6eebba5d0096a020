"""Settings of every process; each value that differs between installations comes from the environment.

`.env.example` names the variables. Without any of them the project runs as a demo installation on the embedded
PostgreSQL and Redis. With `DEBUG=off` it refuses to start on default secrets.
"""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from config.runtime.services import apply_connection_env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")
apply_connection_env()

DEFAULT_SECRET = "demo-only-secret-key-never-for-production-0123456789abcdef"  # noqa: S105 - refused below
DEBUG = env.bool("DEBUG", default=True)
DEMO = env.bool("DEMO", default=DEBUG)
SECRET_KEY = env("SECRET_KEY", default=DEFAULT_SECRET)
if not DEBUG and (SECRET_KEY == DEFAULT_SECRET or len(SECRET_KEY) < 50):
    raise ImproperlyConfigured(
        "SECRET_KEY must be set to a value of your own (50 characters or more) when DEBUG is off."
    )

# Keys for secrets at rest, newest first: "2:<base64>,1:<base64>".
DEFAULT_FIELD_KEYS = "1:ZGVtby1vbmx5LWtleS1uZXZlci1mb3ItcHJvZHVjdGk="
FIELD_KEYS = env("FIELD_KEYS", default=DEFAULT_FIELD_KEYS)
if not DEBUG and FIELD_KEYS == DEFAULT_FIELD_KEYS:
    raise ImproperlyConfigured("FIELD_KEYS must be set to keys of your own when DEBUG is off.")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")

DJANGO_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.inlines",
    "unfold.contrib.guardian",
    "unfold.contrib.simple_history",
    "apps.core.admin.apps.StaffCmsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]
LIBRARY_APPS = [
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.usersessions",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.idp.oidc",
    "guardian",
    "simple_history",
    "channels",
    "corsheaders",
    "csp",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "django_cotton.apps.SimpleAppConfig",
    "tree_queries",
]
LOCAL_APPS = [
    "apps.core",
    "apps.platform.accounts",
    "apps.platform.organizations",
    "apps.platform.audit",
    "apps.platform.events",
    "apps.platform.files",
    "apps.platform.system",
    "apps.platform.notifications",
    "apps.platform.realtime",
    "apps.platform.webhooks",
    "apps.engines.customers",
    "apps.engines.scheduling",
    "apps.engines.vehicles",
    "apps.engines.catalog",
    "apps.engines.pricing",
    "apps.engines.inventory",
    "apps.engines.payments",
    "apps.engines.billing",
    "apps.engines.orders",
    "apps.engines.shipping",
    "apps.verticals.workshop",
    "apps.verticals.marketplace",
    "apps.verticals.feedback",
    "apps.demo",
]
INSTALLED_APPS = [*DJANGO_APPS, *LIBRARY_APPS, *LOCAL_APPS]

MIDDLEWARE = [
    "apps.core.middleware.RequestIdMiddleware",
    "apps.core.observing.ObservingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "apps.core.middleware.ResourcePolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "apps.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "apps.platform.system.middleware.MaintenanceMiddleware",
    "apps.platform.accounts.middleware.UserSessionMiddleware",
    "apps.platform.organizations.middleware.ActorMiddleware",
    "apps.core.middleware.BusinessErrorMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = None

# Off while templates are being written: an edit shows without a restart, and every page is parsed anew.
CACHE_TEMPLATES = env.bool("CACHE_TEMPLATES", default=True)
TEMPLATE_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)]
                    if CACHE_TEMPLATES
                    else TEMPLATE_LOADERS,
                )
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "django_cotton.templatetags.cotton",
                "apps.core.templatetags.baylink",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.portal.context.portal_context",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default="postgresql://postgres@localhost/baylink")}
DATABASES["default"].update(ATOMIC_REQUESTS=False, CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=True)
if DB_POOL := env.int("DB_POOL", default=0):
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": DB_POOL, "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

from config.settings.connections import *
from config.settings.identity import *
from config.settings.libraries import *
from config.settings.messages import *
from config.settings.operations import *

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = sorted(path for path in (BASE_DIR / "locale").glob("*") if path.is_dir())
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media")))
S3_BUCKET = env("S3_BUCKET", default="")
STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": S3_BUCKET,
                "endpoint_url": env("S3_ENDPOINT_URL", default=None),
                "querystring_auth": True,
                "file_overwrite": False,
                "signature_version": "s3v4",
            },
        }
        if S3_BUCKET
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_SIZE = 12 * 1024 * 1024

# Where companies may have messages sent: public addresses, https, these ports (none named: all).
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)
WEBHOOK_ALLOW_HTTP = env.bool("WEBHOOK_ALLOW_HTTP", default=DEBUG)
WEBHOOK_PORTS = env.list("WEBHOOK_PORTS", cast=int, default=[443, 8443, 80, 8080] if DEBUG else [443, 8443])
