from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.platform.accounts"
    label = "accounts"

    def ready(self) -> None:
        from apps.platform.accounts import browser_sessions  # noqa: F401 - connects to Django's log-in
