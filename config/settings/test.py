"""Settings of the test suite: the same project, quick password hashing, no outside world."""

from config.settings.base import *
from config.settings.base import DATABASES, env

DEBUG = False
DEMO = True
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if TEMPLATE_DATABASE := env("TEST_TEMPLATE_DATABASE", default=""):
    DATABASES["default"]["TEST"] = {"TEMPLATE": TEMPLATE_DATABASE}
if TEST_DATABASE := env("TEST_DATABASE", default=""):
    DATABASES["default"].setdefault("TEST", {})["NAME"] = TEST_DATABASE
CELERY_TASK_ALWAYS_EAGER = False
LOGGING_CONFIG = None
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c baylink.truncate=on"
API_ANONYMOUS_RATE = API_USER_RATE = "1000000/900"
WEBHOOK_ALLOW_HTTP = False
WEBHOOK_PORTS = [443, 8443]
