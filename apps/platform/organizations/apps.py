from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "apps.platform.organizations"
    label = "organizations"
