"""The admin application with our site in the place of the shipped one."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.db.models import Model

from apps.core.admin.field_texts import FIELD_NAMES, MODEL_NAMES


class StaffCmsConfig(AdminConfig):
    default_site = "apps.core.admin.site.StaffSite"

    def ready(self) -> None:
        """After all admins are known: apps are called by the words of the trade, columns by their own names."""
        super().ready()
        by_order = sorted(admin.site._registry.values(), key=lambda one: one.nav_order, reverse=True)
        for model_admin in by_order:
            if model_admin.nav_group:
                model_admin.opts.app_config.verbose_name = model_admin.nav_group
            for model in (model_admin.model, *(inline.model for inline in model_admin.inlines)):
                name_columns(model)


def name_columns(model: type[Model]) -> None:
    """Gives columns and tables without a name of their own the translated one; migrations do not see it.

    The names that libraries gave count as none.
    """
    is_own = model.__module__.startswith("apps.")
    for field in model._meta.concrete_fields:
        is_named = is_own and field._verbose_name is not None
        name = None if is_named else FIELD_NAMES.get(str(field.verbose_name))
        if name is not None:
            field.verbose_name = name
    if is_own and {"verbose_name", "verbose_name_plural"} & set(model._meta.original_attrs):
        return
    if known := MODEL_NAMES.get(str(model._meta.verbose_name)):
        model._meta.verbose_name, model._meta.verbose_name_plural = known
