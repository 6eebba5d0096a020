"""One tap rates a visit; the garage reads and answers; links die and nobody else gets in."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.core.actor import system_actor
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.testing.relay import run_relay
from apps.platform.accounts.links import create_link
from apps.platform.accounts.models import AccessLink
from apps.platform.notifications.models import Delivery, Notification
from apps.verticals.feedback.models import Feedback
from apps.verticals.feedback.selectors import list_feedback, satisfaction
from apps.verticals.feedback.services import acknowledge_feedback, request_feedback
from tests.factories.actors import actor_for
from tests.factories.workshop import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def feedback():
    customer = CustomerFactory()
    return request_feedback(
        system_actor(customer.organization_id),
        branch_id=None,
        customer_id=customer.pk,
        source_type="test",
        source_id=uuid7(),
        source_label="JC-1",
    )


def link_to(feedback: Feedback) -> str:
    token = create_link(feedback.organization_id, purpose=AccessLink.Purpose.FEEDBACK, subject_id=feedback.pk)
    return f"/f/{token}/"


def test_one_tap_then_a_comment(client: Client, feedback: Feedback) -> None:
    url = link_to(feedback)
    assert client.get(url).status_code == 200
    assert client.post(url, {"rating": "5"}).status_code == 302
    client.post(url, {"rating": "5", "comment": "Nhanh, sạch"})
    feedback.refresh_from_db()
    assert (feedback.rating, feedback.comment, feedback.state) == (5, "Nhanh, sạch", Feedback.State.PENDING)
    owner = actor_for("owner", feedback.organization)
    assert satisfaction(owner) == {"average": 5, "count": 1, "csat": 100}
    run_relay()
    assert Notification.objects.filter(type="feedback.given", user_id=owner.user_id).count() == 1
    assert set(Delivery.objects.values_list("channel", flat=True)) == {"email", "sms"}


def test_opening_the_link_with_stars_changes_nothing(client: Client, feedback: Feedback) -> None:
    """Mail programs fetch links ahead of their readers."""
    assert client.get(link_to(feedback) + "?rating=1").status_code == 200
    feedback.refresh_from_db()
    assert feedback.rating is None


@pytest.mark.parametrize("rating", ["0", "6", "", "abc", "-1", "5.5", "٣"])
def test_impossible_ratings_are_refused(client: Client, feedback: Feedback, rating: str) -> None:
    assert client.post(link_to(feedback), {"rating": rating}).status_code == (302 if rating == "٣" else 400)
    feedback.refresh_from_db()
    assert feedback.rating == (3 if rating == "٣" else None)


def test_dead_and_forged_links_are_refused(client: Client, feedback: Feedback) -> None:
    url = link_to(feedback)
    AccessLink.objects.update(expires_at=now() - timedelta(seconds=1))
    assert client.post(url, {"rating": "5"}).status_code == 410
    assert client.get("/f/forged/").status_code == 404
    token = create_link(feedback.organization_id, purpose=AccessLink.Purpose.INVOICE, subject_id=feedback.pk)
    assert client.get(f"/f/{token}/").status_code == 404
    feedback.refresh_from_db()
    assert feedback.rating is None


def test_after_the_answer_the_rating_stands(client: Client, feedback: Feedback) -> None:
    url = link_to(feedback)
    client.post(url, {"rating": "2"})
    acknowledge_feedback(actor_for("manager", feedback.organization), feedback, answer="Xin lỗi quý khách")
    assert client.post(url, {"rating": "5"}).status_code == 409
    feedback.refresh_from_db()
    assert feedback.rating == 2


def test_other_companies_see_nothing(feedback: Feedback) -> None:
    assert not list_feedback(actor_for("owner")).exists()
