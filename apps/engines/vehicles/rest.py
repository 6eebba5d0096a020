"""/vehicles: search, quick search while typing, identity, history of owners, plates and readings."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.viewsets import ResourceViewSet, action
from apps.core.db import get_visible
from apps.core.errors import BadInput
from apps.engines.customers.models import Customer
from apps.engines.vehicles import selectors, services
from apps.engines.vehicles.models import OdometerReading, Ownership, PlateAssignment, Vehicle
from apps.engines.vehicles.registry import list_visits

QUICK = 10


class VehicleShape(ApiModelSerializer):
    """A customer's vehicle."""

    make_name = serializers.CharField(source="model.make.name", read_only=True)
    model_name = serializers.CharField(source="model.name", read_only=True)
    customer_name = serializers.CharField(source="customer.name", read_only=True)
    customer_phone = serializers.CharField(source="customer.phone", read_only=True)

    class Meta:
        model = Vehicle
        fields = [
            "id", "plate", "vin", "make_name", "model_name", "year", "color", "engine_number", "registered_on", "odometer_km",
            "status", "customer", "customer_name", "customer_phone", "branch", "version", "created_at",
        ]  # fmt: skip


class VehicleInput(ApiSerializer):
    customer = serializers.UUIDField()
    plate = serializers.CharField(max_length=20)
    make = serializers.CharField(max_length=60)
    model = serializers.CharField(max_length=60)
    vin = serializers.CharField(max_length=24, required=False, allow_blank=True)
    year = serializers.IntegerField(min_value=1950, max_value=2100, required=False, allow_null=True)
    color = serializers.CharField(max_length=40, required=False, allow_blank=True)
    engine_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    registered_on = serializers.DateField(required=False, allow_null=True)


class VehicleChange(ApiSerializer):
    """`plate` moves the plate to this vehicle; make and model go together."""

    plate = serializers.CharField(max_length=20, required=False)
    make = serializers.CharField(max_length=60, required=False)
    model = serializers.CharField(max_length=60, required=False)
    vin = serializers.CharField(max_length=24, required=False, allow_blank=True)
    year = serializers.IntegerField(min_value=1950, max_value=2100, required=False, allow_null=True)
    color = serializers.CharField(max_length=40, required=False, allow_blank=True)
    engine_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    registered_on = serializers.DateField(required=False, allow_null=True)


class PeriodMixin(ApiModelSerializer):
    valid_from = serializers.DateField(source="period.lower", read_only=True)
    valid_to = serializers.DateField(source="period.upper", read_only=True, allow_null=True)


class PlateShape(PeriodMixin):
    class Meta:
        model = PlateAssignment
        fields = ["plate", "valid_from", "valid_to"]


class OwnershipShape(PeriodMixin):
    customer_name = serializers.CharField(source="customer.name", read_only=True)

    class Meta:
        model = Ownership
        fields = ["customer", "customer_name", "valid_from", "valid_to"]


class ReadingShape(ApiModelSerializer):
    class Meta:
        model = OdometerReading
        fields = ["km", "read_at", "reason"]


class VisitShape(ApiSerializer):
    """One visit of the vehicle, as the app that served it tells."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    opened_at = serializers.DateTimeField()
    state = serializers.CharField()
    total = serializers.DecimalField(max_digits=18, decimal_places=2)
    currency = serializers.CharField()
    works = serializers.ListField(child=serializers.CharField())


class HistoryShape(ApiSerializer):
    """Everything known of the vehicle over time."""

    plates = PlateShape(many=True)
    owners = OwnershipShape(source="ownerships", many=True)
    odometer_readings = ReadingShape(many=True)
    visits = VisitShape(many=True)


class VehicleViewSet(ResourceViewSet):
    """Vehicles of the company; branch members see those of their branches."""

    queryset_for = staticmethod(selectors.list_vehicles)
    serializer_class = VehicleShape
    input_classes = {"create": VehicleInput, "update": VehicleChange}
    filters = {
        "status": ("eq", "in"),
        "year": ("eq", "gte", "lte"),
        "make": ("eq", "contains"),
        "model": ("eq", "contains"),
        "customer": ("eq",),
    }
    filter_sources = {"make": "model__make__name", "model": "model__name"}
    sorts = ("createdAt", "plate", "year")
    search = staticmethod(selectors.search_vehicles)
    parameters = {"quick": ("q",)}
    rights = {
        "list": "vehicle.view",
        "retrieve": "vehicle.view",
        "create": "vehicle.edit",
        "update": "vehicle.edit",
        "quick": "vehicle.view",
        "history": "vehicle.view",
    }
    output_classes = {"history": HistoryShape}
    idempotent = {"create"}

    def perform_create(self, data: dict[str, Any]) -> Vehicle:
        customer = get_visible(Customer.objects.all(), self.actor, data.pop("customer"))
        model = services.find_or_create_model(data.pop("make"), data.pop("model"))
        return services.register_vehicle(
            self.actor, customer=customer, model=model, branch_id=self.actor.branch_id, **data
        )

    def perform_update(self, instance: Vehicle, data: dict[str, Any]) -> Vehicle:
        if ("make" in data) != ("model" in data):
            raise BadInput(field="model")
        if "make" in data:
            data["model"] = services.find_or_create_model(data.pop("make"), data["model"])
        plate = data.pop("plate", None)
        vehicle = services.update_vehicle(self.actor, instance, version=self.expected_version, **data)
        return services.assign_plate(self.actor, vehicle, plate=plate) if plate else vehicle

    @action(detail=False, methods=["get"], url_path="search/quick")
    def quick(self, request: Request) -> Response:
        """The first ten by part of plate, VIN, owner or phone: quick enough while typing."""
        text = self.query.get("q") or ""
        rows: QuerySet[Vehicle] = self.get_queryset()
        found = selectors.search_vehicles(rows, text)[:QUICK] if len(text.strip()) >= 2 else []
        return Response(VehicleShape(found, many=True, context=self.get_serializer_context()).data)

    @action(detail=True, methods=["get"])
    def history(self, request: Request, **_kwargs: Any) -> Response:
        """Plates, owners, odometer readings and visits, newest first."""
        vehicle = self.get_object()
        data = {
            "plates": vehicle.plates.all(),
            "ownerships": vehicle.ownerships.select_related("customer"),
            "odometer_readings": vehicle.odometer_readings.all(),
            "visits": list_visits(self.actor, vehicle),
        }
        return Response(HistoryShape(data, context=self.get_serializer_context()).data)


ROUTES = [route("vehicles", VehicleViewSet, "vehicle")]
