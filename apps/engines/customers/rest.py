"""/customers."""

from typing import Any

from rest_framework import serializers

from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer, MoneyField
from apps.core.api.viewsets import ResourceViewSet
from apps.engines.customers import selectors, services
from apps.engines.customers.models import Customer


class CustomerShape(ApiModelSerializer):
    """A person or company that the garage serves."""

    class Meta:
        model = Customer
        fields = [
            "id", "code", "kind", "name", "phone", "email", "address", "tax_code", "birth_date", "language",
            "has_marketing_consent", "tags", "notes", "credit_limit", "is_active", "version", "created_at",
        ]  # fmt: skip


class CustomerInput(ApiSerializer):
    name = serializers.CharField(max_length=160)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=Customer.Kind.choices, required=False)
    address = serializers.CharField(max_length=300, required=False, allow_blank=True)
    tax_code = serializers.CharField(max_length=20, required=False, allow_blank=True)
    birth_date = serializers.DateField(required=False, allow_null=True)
    language = serializers.ChoiceField(choices=["vi", "en"], required=False)
    has_marketing_consent = serializers.BooleanField(required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20, required=False)
    notes = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    credit_limit = MoneyField(min_value=0, required=False)
    is_active = serializers.BooleanField(required=False)


class CustomerViewSet(ResourceViewSet):
    """Customers of the company in which the caller acts."""

    logs_view = True
    queryset_for = staticmethod(selectors.list_customers)
    serializer_class = CustomerShape
    input_classes = {"create": CustomerInput, "update": CustomerInput}
    filters = {"kind": ("eq",), "isActive": ("eq",), "phone": ("eq",), "createdAt": ("gte", "lte")}
    sorts = ("name", "createdAt", "code")
    search = staticmethod(selectors.search_customers)
    rights = {
        "list": "customer.view",
        "retrieve": "customer.view",
        "create": "customer.edit",
        "update": "customer.edit",
    }
    idempotent = {"create"}

    def perform_create(self, data: dict[str, Any]) -> Customer:
        return services.create_customer(self.actor, **data)

    def perform_update(self, instance: Customer, data: dict[str, Any]) -> Customer:
        return services.update_customer(self.actor, instance, version=self.expected_version, **data)


ROUTES = [route("customers", CustomerViewSet, "customer")]
