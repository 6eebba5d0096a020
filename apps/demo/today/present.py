"""The present: what the screens of this day show."""

from datetime import datetime, timedelta

from apps.core.clock import now
from apps.demo.history.year import Year
from apps.demo.pictures import Studio
from apps.demo.today.bookings import book_ahead, book_arrival
from apps.demo.today.cards import CardPlay, photos_of
from apps.demo.today.market import place_orders
from apps.demo.today.moments import happening_at, last_hours
from apps.demo.today.people import visitor
from apps.demo.today.scenes import Cast, choose_cars
from apps.verticals.feedback.models import Feedback
from apps.verticals.feedback.services import give_feedback

FRESH = (
    (5, "Làm nhanh, báo giá rõ ràng, có hình chụp gửi qua điện thoại nên rất yên tâm."),
    (4, "Làm tốt, chỉ có chờ hơi lâu vì thiếu phụ tùng."),
    (2, "Hẹn 4 giờ mà 6 giờ mới xong, không báo trước."),
    (5, ""),
)


def order_photos(year: Year, studio: Studio) -> list[Cast]:
    """Chooses who plays today and has the photos drawn meanwhile."""
    casts = choose_cars(year)
    studio.order(words for cast in casts for words in photos_of(cast))
    return casts


def play_today(year: Year, casts: list[Cast], studio: Studio) -> None:
    """Through the services, at moments of the last hours."""
    moment = now()
    spans = {shop.site.branch.code: last_hours(shop.site, moment) for shop in year.shops}
    arrivals = {id(cast): book_arrival(cast, spans[cast.scene.site]) for cast in casts if cast.scene.is_booked}
    for cast in sorted(casts, key=lambda one: one.scene.begin):
        CardPlay(cast, spans[cast.scene.site], studio, arrivals.get(id(cast))).play()
    place_orders(year, spans["TB"])
    busy = {id(cast.car) for cast in casts}
    for shop in year.shops:
        book_ahead(year, shop, [car for car in shop.cars if id(car) not in busy], moment)
    _rate(year, moment)


def _rate(year: Year, moment: datetime) -> None:
    """Customers of the last days answer: the manager has something to read."""
    garage = year.masters.garages["minh-phat"]
    asked = Feedback.objects.filter(organization=garage.organization, state=Feedback.State.REQUESTED)
    for number, feedback in enumerate(asked.order_by("-created_at")[: len(FRESH)]):
        rating, comment = FRESH[number]
        with happening_at(moment - timedelta(minutes=35 * (len(FRESH) - number))):
            give_feedback(visitor(garage, "feedback.give"), feedback, rating=rating, comment=comment)
