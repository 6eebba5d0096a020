"""Settings of the libraries: REST framework, accounts, security headers, mail, admin theme, outside companies."""

import environ
from corsheaders.defaults import default_headers
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

env = environ.Env()
DEBUG = env.bool("DEBUG", default=True)

AUTH_USER_MODEL = "accounts.User"
# Emails are unique without regard to case, by a constraint that the check does not know.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = [
    "apps.platform.accounts.backends.EmailOrPhoneBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "apps.platform.accounts.passwords.PasswordRules"}]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
MFA_ADAPTER = "apps.platform.accounts.second_factor.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
ACCESS_TOKEN_MINUTES = env.int("ACCESS_TOKEN_MINUTES", default=15)
REFRESH_TOKEN_DAYS = env.int("REFRESH_TOKEN_DAYS", default=30)

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["apps.core.api.renderers.EnvelopeRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "apps.core.api.parsers.SafeJSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.platform.accounts.authentication.AccessTokenAuthentication",
        "apps.platform.accounts.authentication.PortalSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["apps.core.api.permissions.DeclaredPermission"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.api.pagination.PagePagination",
    "DEFAULT_SCHEMA_CLASS": "apps.core.api.schema.EnvelopeAutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["apps.core.api.throttling.AnonymousThrottle", "apps.core.api.throttling.UserThrottle"],
    "EXCEPTION_HANDLER": "apps.core.api.exceptions.render_error",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "apps.core.api.negotiation.OneFormat",
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    # Times stay what they are until the encoder writes them in UTC.
    "DATETIME_FORMAT": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
# Calls per seconds, for one address without log-in and for one user.
API_ANONYMOUS_RATE = env("API_ANONYMOUS_RATE", default="100/900")
API_USER_RATE = env("API_USER_RATE", default="6000/900")
SPECTACULAR_SETTINGS = {
    "TITLE": "Baylink API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["apps.core.api.schema_examples.add_examples"],
}

CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOW_HEADERS = (
    *default_headers,
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-branch",
    "x-device-id",
    "x-organization",
)
CORS_EXPOSE_HEADERS = ("ETag", "Location", "Retry-After", "X-Request-Id")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEBUG else 31536000)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
    }
}

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Baylink <no-reply@baylink.example>")
# Without a provider every message lands in the development inbox only.
EMAIL_PROVIDER = env("EMAIL_PROVIDER", default="inbox")
SMS_PROVIDER = env("SMS_PROVIDER", default="inbox")
EMAIL_URL = env.email_url("EMAIL_URL", default="smtp://localhost:25")
EMAIL_BACKEND = EMAIL_URL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_URL.get("EMAIL_HOST", "localhost")
EMAIL_PORT = EMAIL_URL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL_URL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_URL.get("EMAIL_HOST_PASSWORD", "")

ESMS_BASE_URL = env("ESMS_BASE_URL", default="https://rest.esms.vn")
ESMS_API_KEY = env("ESMS_API_KEY", default="")
ESMS_SECRET_KEY = env("ESMS_SECRET_KEY", default="")
ESMS_BRANDNAME = env("ESMS_BRANDNAME", default="")
ESMS_SANDBOX = env.bool("ESMS_SANDBOX", default=False)
TWILIO_BASE_URL = env("TWILIO_BASE_URL", default="https://api.twilio.com")
TWILIO_ACCOUNT_SID = env("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env("TWILIO_AUTH_TOKEN", default="")
TWILIO_FROM = env("TWILIO_FROM", default="")

PAYOS_BASE_URL = env("PAYOS_BASE_URL", default="")
PAYOS_CLIENT_ID = env("PAYOS_CLIENT_ID", default="")
PAYOS_API_KEY = env("PAYOS_API_KEY", default="")
PAYOS_CHECKSUM_KEY = env("PAYOS_CHECKSUM_KEY", default="")

UNFOLD = {
    "SITE_TITLE": "Baylink",
    "SITE_HEADER": "Baylink",
    "SITE_SUBHEADER": _("Staff CMS"),
    "SITE_SYMBOL": "directions_car",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("baylink/img/favicon.svg")}
    ],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "primary": {
            "50": "240 250 249",
            "100": "214 241 239",
            "200": "174 226 223",
            "300": "122 203 200",
            "400": "68 171 170",
            "500": "30 138 139",
            "600": "15 110 113",
            "700": "13 88 92",
            "800": "14 71 75",
            "900": "15 59 63",
            "950": "4 36 40",
        }
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": "apps.core.admin.navigation.build_navigation",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "apps.core.logs.RequestIdFilter"}},
    "formatters": {"json": {"()": "apps.core.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "uvicorn.access": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
    },
}
