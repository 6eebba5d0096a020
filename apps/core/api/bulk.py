"""`POST /…/bulk`: many rows in one call, each for itself."""

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.envelope import refusal
from apps.core.api.exceptions import translate
from apps.core.api.serializers import ApiSerializer
from apps.core.errors import BusinessError

MOST_ROWS = 500


class BulkInput(ApiSerializer):
    """The rows, each as `create` takes it."""

    rows = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=MOST_ROWS)


class BulkRowResult(ApiSerializer):
    """What became of one row: its id, or why it was refused."""

    index = serializers.IntegerField()
    success = serializers.BooleanField()
    id = serializers.CharField(required=False)
    error = serializers.DictField(required=False)


class BulkResult(ApiSerializer):
    rows = BulkRowResult(many=True)
    created = serializers.IntegerField()
    refused = serializers.IntegerField()


class BulkMixin:
    """Adds `bulk` to a resource with `perform_create`; its right stands in `rights["bulk"]`. A refused row stops no other."""

    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Creates up to 500 rows; the answer tells for each row what became of it."""
        given = self.read_body(BulkInput)["rows"]
        results = [self.create_row(index, row) for index, row in enumerate(given)]
        created = sum(result["success"] for result in results)
        return Response({"rows": results, "created": created, "refused": len(results) - created})

    bulk.step_output = BulkResult
    bulk.bulk_input = BulkInput

    def create_row(self, index: int, row: dict[str, Any]) -> dict[str, Any]:
        shape = self.input_class_of("create")(data=row, context=self.get_serializer_context())
        try:
            shape.is_valid(raise_exception=True)
            instance = self.perform_create(shape.validated_data)
        except (BusinessError, serializers.ValidationError) as error:
            known = translate(error)
            return {"index": index, "success": False, "error": refusal(known)["error"] if known else {}}
        return {"index": index, "success": True, "id": str(instance.pk)}
