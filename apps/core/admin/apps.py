"""The admin application with our site in the place of the shipped one."""

from django.contrib.admin.apps import AdminConfig


class StaffCmsConfig(AdminConfig):
    default_site = "apps.core.admin.site.StaffSite"
