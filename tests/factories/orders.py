"""A garage and a distributor with stock, and orders between them, made by the real services."""

from dataclasses import dataclass, field
from decimal import Decimal

from apps.core.actor import Actor
from apps.engines.catalog.models import Variant
from apps.engines.inventory.models import Warehouse
from apps.engines.orders.models import Order
from apps.engines.orders.services import OrderLineInput, confirm_order, mark_ready, place_order, start_picking
from apps.platform.organizations.models import Branch, Organization
from tests.factories.actors import actor_for
from tests.factories.catalog import BrandFactory, ProductFactory, TaxClassFactory, VariantFactory
from tests.factories.inventory import WarehouseFactory, put_stock
from tests.factories.organizations import BranchFactory, OrganizationFactory
from tests.factories.pricing import TaxRateFactory


@dataclass
class Market:
    """One garage with a branch and its store, one distributor with a depot and two articles of 10 pieces each."""

    garage: Organization = field(default_factory=lambda: OrganizationFactory(kinds=["garage"]))
    distributor: Organization = field(default_factory=lambda: OrganizationFactory(kinds=["distributor"]))

    def __post_init__(self) -> None:
        self.branch: Branch = BranchFactory(organization=self.garage)
        self.store: Warehouse = WarehouseFactory(organization=self.garage, branch=self.branch)
        self.depot: Warehouse = WarehouseFactory(
            organization=self.distributor, branch=BranchFactory(organization=self.distributor)
        )
        self.brand = BrandFactory()
        self.tax_class = TaxClassFactory()
        TaxRateFactory(tax_class=self.tax_class, rate=8)
        self.pads = self.article("AT-029", price=720_000)
        self.oil = self.article("OIL-5W30", price=95_000)
        for variant in (self.pads, self.oil):
            put_stock(variant, self.depot, 10, unit_cost=60_000)
        self.buyer: Actor = actor_for("owner", self.garage)
        self.seller: Actor = actor_for("owner", self.distributor)

    def article(self, number: str, *, price: int, organization: Organization | None = None) -> Variant:
        owner = organization or self.distributor
        product = ProductFactory(organization=owner, brand=self.brand, part_number=number, tax_class=self.tax_class)
        return VariantFactory(organization=owner, product=product, sku=number, price=Decimal(price))

    def place(self, *quantities: tuple[Variant, int], **options) -> Order:
        """An order of the garage; by default three brake pads."""
        wanted = quantities or ((self.pads, 3),)
        lines = options.pop("lines", None) or [
            OrderLineInput(variant.pk, Decimal(quantity)) for variant, quantity in wanted
        ]
        return place_order(
            self.buyer,
            channel="marketplace",
            seller_id=self.distributor.pk,
            lines=lines,
            buyer_branch_id=self.branch.pk,
            **options,
        )

    def ready(self, *quantities: tuple[Variant, int]) -> Order:
        """An order packed and ready to leave."""
        order = confirm_order(self.seller, self.place(*quantities))
        return mark_ready(self.seller, start_picking(self.seller, order))
