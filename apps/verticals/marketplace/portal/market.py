"""Finding parts among the offers of all distributors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as text_of
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.db import get_visible
from apps.core.ids import parse_id
from apps.core.portal.filters import BoolFilter, Chip, Filter, ForeignFilter, bind_filters, without_keys
from apps.core.portal.registry import register_nav
from apps.core.portal.responses import is_htmx
from apps.core.portal.views import PortalView
from apps.engines.catalog.models import Brand, Category, Product
from apps.engines.catalog.selectors import (
    FITMENTS,
    ProductFilters,
    list_offered,
    search_products,
    subtree_of,
    with_summary,
)
from apps.engines.vehicles.models import VehicleModel
from apps.engines.vehicles.selectors import find_vehicle_by_plate
from apps.platform.files.selectors import file_url
from apps.platform.organizations.models import Organization
from apps.verticals.marketplace.offers import Part, group_parts, load_parts
from apps.verticals.marketplace.portal.basket import Basket

PAGE = 12
YEARS = range(1980, 2100)


@dataclass(frozen=True)
class CategoryFilter(Filter):
    """A main category with everything below it."""

    def options(self, actor: Actor) -> Sequence[tuple[str, Any]]:
        rows = Category.objects.filter(parent=None, is_active=True).order_by("position", "name")
        return list(rows.values_list("slug", "name"))

    def narrow(self, rows: QuerySet, value: Any) -> QuerySet:
        return rows.filter(category__in=[key for slug in value for key in subtree_of(slug)])


def list_brand_choices(actor: Actor) -> list[tuple[Any, str]]:
    offered = list_offered(actor).order_by().values("brand")
    return list(Brand.objects.filter(pk__in=offered).order_by("name").values_list("pk", "name"))


def list_distributor_choices(actor: Actor) -> list[tuple[Any, str]]:
    offered = list_offered(actor).order_by().values("organization")
    return list(Organization.objects.filter(pk__in=offered).order_by("name").values_list("pk", "name"))


FILTERS = (
    CategoryFilter("category", _("Category")),
    ForeignFilter("brand", _("Brand"), field="brand_id", choose=list_brand_choices),
    ForeignFilter("seller", _("Distributor"), field="organization_id", choose=list_distributor_choices),
    BoolFilter("in_stock", _("In stock"), only=lambda actor: Q(available__gt=0)),
)


@dataclass(frozen=True)
class Fit:
    """The vehicle for which parts are sought; `words` names it, `problem` says why it is not known."""

    model_id: Any = None
    year: int | None = None
    words: str = ""
    problem: Any = ""


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
    def bound(self) -> list[Any]:
        return bind_filters(FILTERS, self.request.GET, self.actor)

    def find(self) -> QuerySet[Product]:
        filters = ProductFilters(market=True, model_id=self.fit.model_id, year=self.fit.year)
        rows = search_products(self.actor, self.request.GET.get("q", "")[:100], filters=filters)
        for one in self.bound:
            if one.is_on:
                rows = one.filter.narrow(rows, one.value)
        return rows

    def get_page(self) -> Page:
        groups = [] if self.fit.problem else group_parts(self.find())
        return Paginator(groups, PAGE).get_page(self.request.GET.get("page"))

    def parts_of(self, page: Page) -> list[Part]:
        """The parts of one page, in the order of the search."""
        heads = [group[0] for group in page.object_list]
        products = with_summary(list_offered(self.actor)).prefetch_related(FITMENTS).in_bulk(heads)
        return load_parts(self.actor, [products[key] for key in heads if key in products])

    def get_context(self, **extra: Any) -> dict[str, Any]:
        page = self.get_page()
        data = self.request.GET
        return super().get_context(
            page=page,
            parts=self.parts_of(page),
            filters=self.bound,
            chips=self.chips(),
            fit=self.fit,
            query_text=data.get("q", ""),
            models=VehicleModel.objects.select_related("make").exclude(name="—").order_by("make__name", "name"),
            basket_count=len(Basket(self.request.session, self.actor)),
            may_order=self.actor.can("order.place"),
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
        rows = with_summary(list_offered(self.actor)).prefetch_related(FITMENTS)
        product = rows.filter(pk=self.kwargs["id"]).first()
        if product is None:
            product = get_visible(Product.objects.none(), self.actor, self.kwargs["id"])
        return load_parts(self.actor, [product])[0]

    def get_title(self) -> str:
        return self.part.product.name

    def get_context(self, **extra: Any) -> dict[str, Any]:
        product = self.part.product
        photos = [
            {"url": file_url(row.file), "thumb": file_url(row.file, thumbnail=True), "caption": row.alt_text}
            for row in product.media.all()
        ]
        may_order = self.actor.can("order.place")
        return super().get_context(
            part=self.part, photos=photos, may_order=may_order, page_url=self.request.path, **extra
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
