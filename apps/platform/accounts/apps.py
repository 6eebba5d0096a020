from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.platform.accounts"
    label = "accounts"

    def ready(self) -> None:
        for module in ("browser_sessions", "reactions", "texts"):
            import_module(f"apps.platform.accounts.{module}")
