from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.platform.accounts"
    label = "accounts"
