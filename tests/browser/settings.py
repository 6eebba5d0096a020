"""Settings of the processes that a browser test talks to: as in production, without the outside world."""

from pathlib import Path

from config.settings.test import *
from config.settings.test import STORAGES, env

MEDIA_ROOT = Path(env("MEDIA_ROOT"))
STORAGES = {**STORAGES, "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
WHITENOISE_USE_FINDERS = True
LOGGING_CONFIG = "logging.config.dictConfig"
