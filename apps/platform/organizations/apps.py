from importlib import import_module

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "apps.platform.organizations"
    label = "organizations"

    def ready(self) -> None:
        import_module("apps.platform.organizations.texts")
