"""One visit from booking to rating, with everybody's screens open at once."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from apps.engines.billing.models import Invoice
from apps.engines.inventory.models import StockMovement
from apps.engines.inventory.selectors import verify_stock
from apps.engines.payments.models import Payment, ProviderEvent
from apps.engines.payments.services import verify_money
from apps.platform.audit.selectors import timeline
from apps.platform.notifications.models import Delivery
from apps.verticals.feedback.models import Feedback
from tests.browser import acts
from tests.browser.people import People
from tests.verticals.workshop.visits import ZONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "phanh.jpg"
    Image.effect_noise((640, 480), 60).convert("RGB").save(path, "JPEG")
    return path


def test_one_visit_on_all_screens(people: People, photo: Path) -> None:
    tomorrow = (datetime.now(ZONE) + timedelta(days=1)).date()
    screens = acts.open_screens(people, tomorrow)
    acts.arrive(screens, tomorrow, photo)
    acts.agree(screens, photo)
    acts.work_until_a_part_is_missing(screens)
    acts.buy_the_part(screens)
    acts.finish_the_work(screens)
    acts.bill(screens)
    acts.pay_online(screens)
    acts.part_as_friends(screens)
    check_the_books(screens)


def check_the_books(screens: acts.Screens) -> None:
    """Stock, money, messages and history tell the same story."""
    card, garage = screens.card, screens.world.base.garage.organization
    assert verify_stock() == []
    assert verify_money() == []
    moves = StockMovement.objects.filter(organization=garage).values_list("kind", "quantity")
    assert sorted(moves) == [("job_card", -1), ("job_card", -1), ("purchase", 1), ("purchase", 4)]
    invoice, payment = Invoice.objects.get(), Payment.objects.get()
    assert (invoice.total, invoice.balance, invoice.state) == (1_287_000, 0, Invoice.State.PAID)
    assert (payment.amount, payment.state, payment.method) == (1_287_000, Payment.State.COMPLETED, "online")
    assert ProviderEvent.objects.filter(outcome=ProviderEvent.Outcome.APPLIED).count() == 1
    feedback = Feedback.objects.get()
    assert (feedback.source_id, feedback.rating) == (card.pk, 5)
    assert card.vehicle.odometer_km == 45_000
    steps = {entry.text for entry in timeline(card._meta.label_lower, card.pk)}
    assert len(steps) > 8
    sent = list(Delivery.objects.values_list("type", "channel", "address").order_by("type", "channel", "address"))
    assert len(sent) == len(set(sent))
    kinds = {kind for kind, _channel, _address in sent}
    assert {"appointment.booked", "estimate.sent", "job_card.completed", "invoice.sent", "payment.received"} <= kinds
    assert not Delivery.objects.exclude(state=Delivery.State.SENT).exists()
