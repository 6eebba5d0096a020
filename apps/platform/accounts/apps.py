from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    name = "apps.platform.accounts"
    label = "accounts"

    def ready(self) -> None:
        for module in (
            "browser_sessions",
            "reactions",
            "texts",
            "second_factor.reactions",
            "second_factor.texts",
            "social.reactions",
            "provider.texts",
        ):
            import_module(f"apps.platform.accounts.{module}")
        autodiscover_modules("personal_data")
