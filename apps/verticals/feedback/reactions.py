"""Asking after a visit, and telling the garage what came."""

from django.conf import settings

from apps.core.actor import system_actor
from apps.platform.accounts.links import create_link
from apps.platform.accounts.models import AccessLink
from apps.platform.events.registry import reacts
from apps.platform.events.visits import ServiceFinished
from apps.platform.notifications.services import notify_address, notify_users
from apps.platform.organizations.selectors import users_with_permission
from apps.verticals.feedback.events import FeedbackGiven, FeedbackRequested
from apps.verticals.feedback.models import Feedback
from apps.verticals.feedback.services import request_feedback


@reacts(ServiceFinished, name="feedback.ask")
def ask(event: ServiceFinished) -> None:
    request_feedback(
        system_actor(event.organization_id, branch_id=event.branch_id),
        branch_id=event.branch_id,
        customer_id=event.customer_id,
        source_type=event.source_type,
        source_id=event.subject_id,
        source_label=event.label,
    )


@reacts(FeedbackRequested, name="feedback.send_link")
def send_link(event: FeedbackRequested) -> None:
    feedback = Feedback.objects.select_related("customer", "organization").get(pk=event.subject_id)
    token = create_link(feedback.organization_id, purpose=AccessLink.Purpose.FEEDBACK, subject_id=feedback.pk, days=30)
    notify_address(
        "feedback.requested",
        organization_id=feedback.organization_id,
        email=feedback.customer.email,
        phone=feedback.customer.phone,
        language=feedback.customer.language,
        context={
            "name": feedback.customer.name,
            "garage": feedback.organization.name,
            "number": feedback.source_label,
            "link": f"{settings.SITE_URL}/f/{token}/",
        },
        dedupe=f"feedback-requested:{feedback.pk}",
    )


@reacts(FeedbackGiven, name="feedback.tell_garage")
def tell_garage(event: FeedbackGiven) -> None:
    feedback = Feedback.objects.select_related("customer").get(pk=event.subject_id)
    people = users_with_permission(feedback.organization_id, "feedback.answer", branch_id=feedback.branch_id)
    notify_users(
        "feedback.given",
        people,
        organization_id=feedback.organization_id,
        context={
            "rating": feedback.rating,
            "name": feedback.customer.name,
            "number": feedback.source_label,
            "comment": feedback.comment,
        },
        dedupe=f"feedback-given:{feedback.pk}",
        url=f"/garage/feedback/{feedback.pk}/",
    )
