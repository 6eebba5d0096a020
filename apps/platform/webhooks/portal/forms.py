"""Forms of webhooks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.platform.webhooks import selectors
from apps.platform.webhooks.models import WebhookEndpoint
from apps.platform.webhooks.registry import CATALOGUE


class WebhookForm(forms.Form):
    """Address, name and events: those that the actor may see, and those that are chosen already."""

    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Where messages are sent, beginning with https://."),
    )
    description = forms.CharField(label=_("Name"), max_length=120, required=False)
    events = forms.MultipleChoiceField(label=_("Events"), widget=forms.CheckboxSelectMultiple)

    def prepare(self, actor: Actor, instance: WebhookEndpoint | None = None) -> None:
        names = {one.name for one in selectors.list_events(actor)}
        if instance is not None:
            names |= set(instance.events) & set(CATALOGUE)
        events: Any = self.fields["events"]
        events.choices = [(name, _shown(name)) for name in sorted(names)]

    @staticmethod
    def initial_of(row: WebhookEndpoint) -> dict[str, Any]:
        return {"url": row.url, "description": row.description, "events": row.events}


def _shown(name: str) -> str:
    return f"{CATALOGUE[name].label} ({name})"
