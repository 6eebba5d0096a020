"""Short shapes of companies, branches and roles inside other answers."""

from typing import Any

from rest_framework import serializers

from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.platform.organizations.models import Branch, Organization
from apps.platform.organizations.roles import role_label


class OrganizationBrief(ApiModelSerializer):
    class Meta:
        model = Organization
        fields = ["id", "name", "slug", "code", "kinds", "currency", "language", "timezone"]


class BranchBrief(ApiModelSerializer):
    class Meta:
        model = Branch
        fields = ["id", "code", "name"]


class RoleBrief(ApiSerializer):
    code = serializers.CharField()
    name = serializers.CharField(source="*")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {"code": instance.code, "name": role_label(instance)}
