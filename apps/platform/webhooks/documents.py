"""The catalogue of events, for docs/."""

from apps.platform.webhooks.registry import CATALOGUE, PublicEvent

_HEAD = """# Events

What [webhooks](../apps/webhooks.md) can be told of, written from the code (`make docs`). Every message also has `id`, `type`,
`timestamp` and `organizationId` around its `data`. Ids are those of the REST API; a value that there is not is `null`.
"""


def describe_events() -> str:
    """One part per event: what it is, the right to subscribe, and its fields."""
    return "\n".join([_HEAD, *(_describe(one) for _name, one in sorted(CATALOGUE.items()))])


def _describe(event: PublicEvent) -> str:
    rows = "\n".join(f"| `{field.name}` | {field.meaning} |" for field in event.fields)
    return f"""## {event.name}

{event.label}. To subscribe: `{event.permission}`.

| field | meaning |
|---|---|
{rows}
"""


DOCUMENTS = {"api/events.md": describe_events}
