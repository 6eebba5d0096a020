"""What a new garage starts with: bays in its opening hours, the inspection list, common operations and packages."""

import json
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.actor import Actor
from apps.engines.catalog.models import TaxClass
from apps.engines.scheduling.models import Resource
from apps.engines.scheduling.services import add_resources
from apps.platform.audit.services import record
from apps.platform.audit.texts import register
from apps.platform.organizations.first_data import FirstChoices, register_first_data
from apps.platform.organizations.models import Branch, Organization
from apps.verticals.workshop.models import InspectionTemplate, LabourOperation, ServicePackage, ServicePackageLine


def fill(actor: Actor, branch: Branch, choices: FirstChoices) -> None:
    """Bays and inspection list always; operations and packages with prices where wanted and the country's tax is known."""
    names = [_("Bay %(number)s") % {"number": number} for number in range(1, choices.bays + 1)]
    add_resources(actor, branch, kind=Resource.Kind.BAY, names=names)
    path = settings.BASE_DIR / "fixtures" / "start" / "workshop.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    _add_inspection(actor, branch.organization_id, data["inspection"])
    # Prices of the samples are in đồng and fall under the rate of repair work there.
    tax = TaxClass.objects.filter(country="VN", code="reduced").first()
    if choices.with_samples and tax is not None and branch.organization.currency == "VND":
        _add_menu(actor, branch.organization_id, data, tax)


def _add_inspection(actor: Actor, organization_id: Any, data: dict[str, Any]) -> None:
    if not InspectionTemplate.objects.filter(organization_id=organization_id, is_default=True).exists():
        template = InspectionTemplate.objects.create(organization_id=organization_id, is_default=True, **data)
        record(actor, "inspection_template.added", template)


def _add_menu(actor: Actor, organization_id: Any, data: dict[str, Any], tax: TaxClass) -> None:
    if LabourOperation.objects.filter(organization_id=organization_id).exists():
        return
    common = {"organization_id": organization_id, "tax_class": tax, "is_bookable": True}
    operations = {
        row["code"]: LabourOperation.objects.create(
            code=row["code"],
            name=row["name_vi"],
            name_en=row["name_en"],
            minutes=row["minutes"],
            price=Decimal(row["price"]),
            **common,
        )
        for row in data["operations"]
    }
    for operation in operations.values():
        record(actor, "labour_operation.added", operation)
    for row in data["packages"]:
        contents = [operations[code] for code in row["labour"]]
        package = ServicePackage.objects.create(
            code=row["code"],
            name=row["name_vi"],
            name_en=row["name_en"],
            description=row["description_vi"],
            price=Decimal(row["price"]),
            minutes=sum(operation.minutes for operation in contents),
            **common,
        )
        for position, operation in enumerate(contents):
            ServicePackageLine.objects.create(package=package, operation=operation, position=position)
        record(actor, "service_package.added", package)


register("inspection_template.added", gettext_lazy("Inspection list added"), icon="clipboard-check")
register("labour_operation.added", gettext_lazy("Operation added"), icon="wrench")
register("service_package.added", gettext_lazy("Package added"), icon="package")
register_first_data(
    Organization.Kind.GARAGE,
    fill,
    name="workshop",
    label=gettext_lazy("Bays, an inspection list and common services with prices"),
    order=30,
)
