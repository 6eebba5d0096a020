"""Finding parts among the offers of all distributors."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.translation import gettext as text_of
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.errors import NotFound
from apps.core.ids import parse_id
from apps.core.portal.filters import BoolFilter, Chip, ChoiceFilter, Filter, ForeignFilter, bind_filters, without_keys
from apps.core.portal.registry import register_nav
from apps.core.portal.responses import is_htmx
from apps.core.portal.views import PortalView
from apps.engines.catalog.models import Product
from apps.engines.catalog.selectors import ProductFilters, list_offered, search_products, subtree_of
from apps.engines.vehicles.models import VehicleModel
from apps.engines.vehicles.selectors import find_vehicle_by_plate
from apps.platform.files.selectors import file_url
from apps.verticals.marketplace.offers import Part, group_parts, load_parts
from apps.verticals.marketplace.portal.basket import Basket
from apps.verticals.marketplace.portal.choices import Choices, list_choices

PAGE = 12
YEARS = range(1980, 2100)


@dataclass(frozen=True)
class CategoryFilter(ChoiceFilter):
    """A main category with everything below it."""

    def narrow(self, rows: QuerySet, value: Any) -> QuerySet:
        return rows.filter(category__in=[key for slug in value for key in subtree_of(slug)])


def build_filters(choices: Choices) -> list[Filter]:
    return [
        CategoryFilter("category", _("Category"), choices=choices.categories),
        ForeignFilter("brand", _("Brand"), field="brand_id", choose=lambda actor: choices.brands),
        ForeignFilter("seller", _("Distributor"), field="organization_id", choose=lambda actor: choices.sellers),
        BoolFilter("in_stock", _("In stock"), only=lambda actor: Q(available__gt=0)),
    ]


@dataclass(frozen=True)
class Fit:
    """The vehicle for which parts are sought; `words` names it, `problem` says why it is not known."""

    model_id: Any = None
    year: int | None = None
    words: str = ""
    problem: Any = ""


def buying(actor: Actor) -> dict[str, Any]:
    """Whether the offers can be bought, and what stands beside each of them then."""
    if not actor.can("order.place"):
        return {"may_order": False}
    variants = {"best": "primary", "other": "secondary"}
    template = "marketplace/market/buy.html"
    return {
        "may_order": True,
        "buy": {name: render_to_string(template, {"variant": variants[name]}) for name in variants},
    }


class Market(PortalView):
    """Search over everything that distributors offer: cards of parts with the offers side by side."""

    portal, permission = "garage", "order.view"
    title = _("Marketplace")
    template_name = "marketplace/market/page.html"
    fragment_template_name = "marketplace/market/results.html"

    @cached_property
    def fit(self) -> Fit:
        """From a plate of a known vehicle, or from model and year."""
        data = self.request.GET
        if plate := data.get("plate", "").strip()[:20]:
            vehicle = find_vehicle_by_plate(self.actor, plate) if self.actor.can("vehicle.view") else None
            if vehicle is None:
                return Fit(problem=text_of("No vehicle with the plate %(plate)s has been here.") % {"plate": plate})
            return Fit(vehicle.model_id, vehicle.year, f"{vehicle.model} {vehicle.year or ''} · {vehicle.plate}")
        year = int(data["year"]) if data.get("year", "").isdecimal() and int(data["year"]) in YEARS else None
        model_id = parse_id(data.get("model", ""))
        model = VehicleModel.objects.select_related("make").filter(pk=model_id).first() if model_id else None
        return Fit(model.pk, year, f"{model} {year or ''}".strip()) if model else Fit()

    @cached_property
    def choices(self) -> Choices:
        return list_choices(
            self.actor, is_fresh=any(self.request.GET.get(key) for key in ("category", "brand", "seller"))
        )

    @cached_property
    def bound(self) -> list[Any]:
        return bind_filters(build_filters(self.choices), self.request.GET, self.actor)

    def find(self) -> QuerySet[Product]:
        filters = ProductFilters(market=True, model_id=self.fit.model_id, year=self.fit.year)
        rows = search_products(self.actor, self.request.GET.get("q", "")[:100], filters=filters)
        for one in self.bound:
            if one.is_on:
                rows = one.filter.narrow(rows, one.value)
        return rows

    def get_page(self) -> Page:
        found = [] if self.fit.problem else group_parts(self.find())
        return Paginator(found, PAGE).get_page(self.request.GET.get("page"))

    def get_context(self, **extra: Any) -> dict[str, Any]:
        page = self.get_page()
        data = self.request.GET
        return super().get_context(
            page=page,
            parts=load_parts(self.actor, page.object_list),
            filters=self.bound,
            chips=self.chips(),
            fit=self.fit,
            query_text=data.get("q", ""),
            makes=self.choices.makes,
            basket_count=len(Basket(self.request.session, self.actor)),
            **buying(self.actor),
            **extra,
        )

    def chips(self) -> list[Chip]:
        data = self.request.GET
        found = [chip for one in self.bound if one.is_on for chip in one.filter.chips(one.value, data, self.actor)]
        if self.fit.words:
            found.insert(0, Chip(text_of("Vehicle"), self.fit.words, without_keys(data, "plate", "model", "year")))
        return found

    def draw(self, context: Any, *, template: str = "", status: int = 200) -> HttpResponse:
        """The results alone when the search asks for them."""
        alone = is_htmx(self.request) and self.request.headers.get("HX-Target") == "results"
        return super().draw(
            context, template=template or (self.fragment_template_name if alone else self.template_name)
        )


class MarketPart(PortalView):
    """One part in the drawer: pictures, description, vehicles that it fits, offers."""

    portal, permission = "garage", "order.view"
    template_name = "marketplace/market/part.html"
    fragment_template_name = "marketplace/market/part_body.html"

    @cached_property
    def part(self) -> Part:
        found = load_parts(self.actor, group_parts(list_offered(self.actor).filter(pk=self.kwargs["id"])))
        if not found:
            raise NotFound
        return found[0]

    def get_title(self) -> str:
        return self.part.product.name

    def get_context(self, **extra: Any) -> dict[str, Any]:
        product = self.part.product
        photos = [
            {"url": file_url(row.file), "thumb": file_url(row.file, thumbnail=True), "caption": row.alt_text}
            for row in product.media.all()
        ]
        return super().get_context(
            part=self.part, photos=photos, page_url=self.request.path, **buying(self.actor), **extra
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.draw(self.get_context())


register_nav(
    portal="garage",
    group=_("Parts"),
    label=_("Marketplace"),
    url_name="garage:marketplace",
    icon="shopping-basket",
    permission="order.view",
    order=40,
)
urlpatterns = [
    Market.path("marketplace/", "marketplace"),
    MarketPart.path("marketplace/parts/<uuid:id>/", "marketplace-part"),
]
