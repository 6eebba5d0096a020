"""How the parts of a detail screen are put together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from apps.core.actor import Actor
from apps.core.portal.actions import Fragment
from apps.core.portal.providers import providers

if TYPE_CHECKING:
    from apps.core.portal.detail import DetailScreen


def build_timeline(_actor: Actor, instance: Any) -> dict[str, Any]:
    """What happened to the document, newest first."""
    return {"entries": providers.timeline(instance._meta.label_lower, instance.pk)}


TIMELINE = Fragment("timeline", "portal/detail/timeline.html", build_timeline, is_side=True)


def build_changes(actor: Actor, instance: Any) -> dict[str, Any]:
    """What was changed, field by field, newest first."""
    return {"changes": providers.changes(actor, instance)}


# Not on the page from the start: asked for when somebody opens it.
CHANGES = Fragment("changes", "portal/detail/changes.html", build_changes, permission="audit.view")


def draw_part(screen: "DetailScreen", fragment: Fragment) -> SafeString:
    """One part inside its frame: the section that knows its address and its topics."""
    context = dict(fragment.build(screen.actor, screen.instance)) if fragment.build else {}
    inner = render_to_string(
        fragment.template,
        {"instance": screen.instance, "actor": screen.actor, "view": screen, **link_changes(screen), **context},
        request=screen.request,
    )
    topics = screen.topics_of(fragment.topics or screen.topics)
    return SafeString(
        render_to_string(
            "portal/detail/part.html",
            {
                "name": fragment.name,
                "inner": SafeString(inner),
                "url": screen.link("-part", part=fragment.name),
                "live": " ".join(topics),
                "live_numbers": providers.live_numbers(topics) if topics else "",
            },
        )
    )


def link_changes(screen: "DetailScreen") -> dict[str, Any]:
    """For the timeline: where the changes are read, for those who may."""
    keeps = hasattr(type(screen.instance)._meta, "simple_history_manager_attribute")
    if not (keeps and CHANGES.is_open_to(screen.actor)):
        return {}
    return {"can_see_changes": True, "changes_url": screen.link("-part", part=CHANGES.name)}


def describe_detail(screen: "DetailScreen", *, parts: Sequence[tuple[Fragment, str]]) -> dict[str, Any]:
    """What the template of a detail page gets."""
    topics = screen.topics_of(screen.topics)
    return {
        "view": screen,
        "title": screen.get_title(),
        "instance": screen.instance,
        "subtitle": screen.get_subtitle(),
        "state_label": screen.state_label(),
        "state_tone": screen.state_tone(),
        "buttons": screen.buttons(),
        "version": getattr(screen.instance, "version", ""),
        "parts": [html for fragment, html in parts if not fragment.is_side],
        "side_parts": [html for fragment, html in parts if fragment.is_side],
        "page_url": screen.link(),
        "head_url": screen.link("-part", part="head"),
        "list_url": reverse(screen.list_url_name) if screen.list_url_name else "",
        "live": " ".join(topics),
        "live_numbers": providers.live_numbers(topics) if topics else "",
    }
