"""The platform's categories, for the first company of a fresh installation."""

import json
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor, system_actor
from apps.engines.catalog.models import Category
from apps.engines.catalog.services import create_category
from apps.platform.organizations.first_data import FirstChoices, register_first_data
from apps.platform.organizations.models import Branch


def fill(_actor: Actor, _branch: Branch, _choices: FirstChoices) -> None:
    """The default categories where there are none at all; the tree belongs to the platform."""
    if Category.objects.exists():
        return
    platform = replace(system_actor(), is_platform_staff=True)
    path = settings.BASE_DIR / "fixtures" / "start" / "catalogue.json"
    for position, row in enumerate(json.loads(path.read_text(encoding="utf-8"))["categories"]):
        create_category(platform, position=position, **row)


register_first_data("", fill, name="catalog", label=_("Categories for parts and goods"), order=10)
