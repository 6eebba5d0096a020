from importlib import import_module

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "apps.platform.organizations"
    label = "organizations"

    def ready(self) -> None:
        import_module("apps.platform.organizations.texts")
        import_module("apps.platform.organizations.reactions")
        demand_when = import_module("apps.platform.accounts.services.second_factor").demand_when
        demand_when(import_module("apps.platform.organizations.second_factor").is_demanded_by_company)
