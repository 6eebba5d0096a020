"""What customers tell the world."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts
from apps.platform.events.base import Event
from apps.platform.events.registry import declare


@declare
@dataclass(frozen=True, kw_only=True)
class CustomerChanged(Event):
    name = "customer.changed"

    def topics(self) -> list[str]:
        return [f"customers:{self.organization_id}"]


texts.register("customer.created", _("Customer created"), icon="user-plus")
texts.register("customer.updated", _("Customer changed"), icon="user")
