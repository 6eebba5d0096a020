"""The basket's page, filling it, ordering from it."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.db import get_visible
from apps.core.errors import BadInput, BusinessError, NotFound
from apps.core.ids import parse_id
from apps.core.portal import tokens
from apps.core.portal.responses import add_toast, is_htmx, redirect_to
from apps.core.portal.views import PortalView
from apps.core.text import clean_text
from apps.engines.orders.offers import list_offered_articles
from apps.engines.orders.services import OrderLineInput
from apps.platform.organizations.selectors import list_branches
from apps.verticals.marketplace.portal.basket import (
    Basket,
    SellerBasket,
    check_quantity,
    read_basket,
    read_quantity,
    read_variant,
)
from apps.verticals.marketplace.selectors import list_purchases
from apps.verticals.marketplace.services import order_basket


class BasketView(PortalView):
    """What is to be ordered, by distributor, at today's prices."""

    portal, permission = "garage", "order.place"
    title = gettext_lazy("Basket")
    template_name = "marketplace/market/basket.html"
    fragment_template_name = "marketplace/market/basket_body.html"

    @property
    def basket(self) -> Basket:
        return Basket(self.request.session, self.actor)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        sellers = read_basket(self.actor, self.basket)
        branches = list(list_branches(self.actor))
        return super().get_context(
            sellers=sellers,
            branches=branches,
            branch_id=self.actor.branch_id or (branches[0].pk if branches else None),
            **extra,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Other quantities, or an article less."""
        try:
            variant_id = read_variant(request.POST.get("variant", ""))
            typed = request.POST.get("quantity", "").strip()
            self.basket.put(variant_id, Decimal(0) if typed in {"", "0"} else read_quantity(typed))
        except BusinessError as error:
            return self.draw(self.get_context(error=error), status=error.status)
        return self.draw(self.get_context()) if is_htmx(request) else redirect_to(request, reverse("garage:basket"))


class AddView(PortalView):
    """Puts an offered article into the basket."""

    portal, permission = "garage", "order.place"
    http_method_names = ["post"]
    template_name = "marketplace/market/basket_button.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        variant_id = read_variant(request.POST.get("variant", ""))
        quantity = read_quantity(request.POST.get("quantity", "1"))
        variant = list_offered_articles(self.actor).filter(pk=variant_id).first()
        if variant is None:
            raise NotFound
        basket = Basket(request.session, self.actor)
        basket.add(variant.pk, quantity)
        if not is_htmx(request):
            return redirect_to(request, reverse("garage:basket"))
        answer = self.draw(self.get_context(basket_count=len(basket)))
        return add_toast(answer, _("%(name)s is in the basket.") % {"name": variant.product.name})


class OrderView(PortalView):
    """Orders the basket of one distributor; a second press goes to the order of the first."""

    portal, permission = "garage", "order.place"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.POST.get(tokens.FIELD, "")
        try:
            if done_before := tokens.claim(self.actor, token):
                return redirect_to(request, done_before)
            url = self.order_claimed(token)
        except BusinessError as error:
            return self.refuse(error)
        tokens.keep_result(self.actor, token, url)
        return redirect_to(request, url, message=_("Ordered. The distributor has been told."))

    def order_claimed(self, token: str) -> str:
        try:
            return self.order()
        except BaseException:
            tokens.give_back(self.actor, token)
            raise

    def order(self) -> str:
        data = self.request.POST
        basket = Basket(self.request.session, self.actor)
        chosen = self.find_seller(basket)
        branch = data.get("branch", "")
        if branch and parse_id(branch) is None:
            raise BadInput(field="branch")
        order = order_basket(
            self.actor,
            seller_id=chosen.seller.pk,
            lines=[OrderLineInput(offer.variant_id, offer.quantity) for offer in chosen.offers],
            branch_id=parse_id(branch),
            note=clean_text(data.get("note", ""))[:300],
            seen_total=read_total(data),
        )
        basket.drop(offer.variant_id for offer in chosen.offers)
        return reverse("garage:order", args=[order.pk])

    def find_seller(self, basket: Basket) -> SellerBasket:
        asked = parse_id(self.request.POST.get("seller", ""))
        found = next((one for one in read_basket(self.actor, basket) if one.seller.pk == asked), None)
        if found is None:
            raise NotFound
        return found

    def refuse(self, error: BusinessError) -> HttpResponse:
        """The basket with today's prices and what stands against it."""
        view = BasketView()
        view.setup(self.request)
        return view.draw(view.get_context(error=error), template=BasketView.template_name, status=error.status)


def read_total(data: QueryDict) -> Decimal:
    """The amount that the buyer saw; raises BadInput."""
    try:
        return Decimal(data.get("total", "").strip() or "x")
    except InvalidOperation:
        raise BadInput(field="total") from None


class AgainView(PortalView):
    """Puts the lines of an earlier order into the basket, as far as they are still offered."""

    portal, permission = "garage", "order.place"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        order = get_visible(list_purchases(self.actor), self.actor, kwargs["id"])
        lines = list(order.lines.all())
        offered = set(
            list_offered_articles(self.actor)
            .filter(pk__in=[line.variant_id for line in lines])
            .values_list("pk", flat=True)
        )
        basket = Basket(request.session, self.actor)
        for line in lines:
            if line.variant_id in offered:
                basket.put(line.variant_id, check_quantity(line.quantity))
        missing = len({line.variant_id for line in lines} - offered)
        said = (
            ngettext("%(n)s part is no longer offered.", "%(n)s parts are no longer offered.", missing) % {"n": missing}
            if missing
            else ""
        )
        return redirect_to(request, reverse("garage:basket"), message=said, tone="attention")


urlpatterns = [
    BasketView.path("marketplace/basket/", "basket"),
    AddView.path("marketplace/basket/add/", "basket-add"),
    OrderView.path("marketplace/basket/order/", "basket-order"),
    AgainView.path("orders/<uuid:id>/again/", "order-again"),
]
