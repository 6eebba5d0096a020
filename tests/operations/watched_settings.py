"""Settings of the watched processes."""

from config.settings.test import *

ROOT_URLCONF = "tests.operations.watched_urls"
CELERY_IMPORTS = ("tests.operations.watched",)
