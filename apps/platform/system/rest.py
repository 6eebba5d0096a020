"""/admin/jobs, /admin/config, /admin/maintenance, /admin/system-health for platform staff; /settings for companies."""

from typing import Any
from uuid import UUID

from django.urls import path
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.pagination import CursorPagination
from apps.core.api.permissions import AUTHENTICATED, staff_right
from apps.core.api.query import refuse
from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer, ApiSerializer
from apps.core.api.steps import step
from apps.core.api.views import ApiView, PublicView
from apps.core.api.viewsets import ResourceViewSet
from apps.core.ids import parse_id
from apps.platform.system import jobs, selectors
from apps.platform.system.models import JobRun
from apps.platform.system.permissions import SETTINGS_EDIT
from apps.platform.system.services.describe_system import describe_system
from apps.platform.system.services.maintenance import describe_maintenance, set_maintenance
from apps.platform.system.settings import change_settings

_CONFIG = staff_right("system.change_setting")
_JOBS, _STEER = staff_right("system.view_jobrun"), staff_right("system.change_jobrun")


def _read_id(parameter: str, text: str) -> UUID:
    """Raises BadInput for what is no id."""
    found = parse_id(text)
    if found is None:
        raise refuse(parameter, _("This is no id."))
    return found


class JobShape(ApiModelSerializer):
    """`progress` is percent, `note` what it is doing now, `error` why it failed."""

    class Meta:
        model = JobRun
        fields = ["id", "name", "label", "state", "progress", "note", "attempts", "error", "result"]
        fields += ["created_at", "started_at", "finished_at"]


class JobViewSet(ResourceViewSet):
    """Background jobs of the whole platform, newest first."""

    queryset_for = staticmethod(selectors.list_all_jobs)
    serializer_class = JobShape
    pagination_class = CursorPagination
    filters = {"state": ("eq", "in"), "name": ("eq", "in"), "createdAt": ("gte", "lte")}
    rights = {"list": _JOBS, "retrieve": _JOBS, "cancel": _STEER, "retry": _STEER}

    @step("cancel")
    def cancel(self, instance: JobRun, data: dict[str, Any]) -> JobRun:
        """Ends a waiting job; a running one ends at its next report."""
        return jobs.cancel_job(self.actor, instance)

    @step("retry")
    def retry(self, instance: JobRun, data: dict[str, Any]) -> JobRun:
        """Queues a failed or cancelled job anew."""
        return jobs.retry_job(self.actor, instance)


class OwnJobViewSet(ResourceViewSet):
    """The jobs that I started (exports, downloads), newest first."""

    queryset_for = staticmethod(selectors.list_own_jobs)
    serializer_class = JobShape
    pagination_class = CursorPagination
    filters = {"state": ("eq", "in")}
    rights = {"list": AUTHENTICATED, "retrieve": AUTHENTICATED, "cancel": AUTHENTICATED}

    @step("cancel")
    def cancel(self, instance: JobRun, data: dict[str, Any]) -> JobRun:
        """Ends a waiting job; a running one ends at its next report."""
        return jobs.cancel_job(self.actor, instance)


class SettingShape(ApiSerializer):
    """`kind`: bool, int, decimal, text, choice or secret. A secret has no `value`; `isSet` says whether there is one."""

    key = serializers.CharField()
    label = serializers.CharField(source="declaration.label")
    group = serializers.CharField(source="declaration.group")
    kind = serializers.CharField(source="declaration.kind")
    value = serializers.SerializerMethodField(method_name="get_value")
    default = serializers.SerializerMethodField(method_name="get_default")
    choices = serializers.SerializerMethodField(method_name="get_choices")
    is_set = serializers.BooleanField(source="is_own")

    def get_value(self, row: selectors.SettingRow) -> Any:
        return None if row.declaration.is_secret else row.declaration.to_json(row.value)

    def get_default(self, row: selectors.SettingRow) -> Any:
        return None if row.declaration.is_secret else row.declaration.to_json(row.inherited)

    def get_choices(self, row: selectors.SettingRow) -> list[str]:
        return [str(value) for value, _label in row.declaration.choices]


class SettingsShape(ApiSerializer):
    settings = SettingShape(many=True)


class ChangesShape(ApiSerializer):
    """`values`: key → value; null takes a value away, so that the wider one counts again."""

    values = serializers.DictField(child=serializers.JSONField(allow_null=True), allow_empty=False)


class ConfigView(ApiView):
    """The settings of the platform. Secrets are written, never read."""

    rights = {"get": _CONFIG, "put": _CONFIG}
    serializer_class = SettingsShape
    input_classes = {"put": ChangesShape}

    def get(self, request: Request) -> Response:
        return self.show()

    def put(self, request: Request) -> Response:
        """Changes several at once, all or none; every change stands in the audit log."""
        change_settings(self.actor, values=self.read_body()["values"], **self.place())
        return self.show()

    def place(self) -> dict[str, Any]:
        """Whose settings: everybody's."""
        return {}

    def show(self) -> Response:
        rows = selectors.list_settings(self.actor, **self.place())
        return Response(SettingsShape({"settings": rows}).data)


class CompanySettingsView(ConfigView):
    """The settings of the company in which one acts; with `branch` those of one branch."""

    rights = {"get": SETTINGS_EDIT, "put": SETTINGS_EDIT}
    parameters = {"get": ("branch",), "put": ("branch",)}

    def place(self) -> dict[str, Any]:
        branch = self.query.get("branch")
        return {
            "organization_id": self.actor.require_organization(),
            "branch_id": _read_id("branch", branch) if branch else None,
        }


class PublicSettingsShape(ApiSerializer):
    """`settings`: key → value."""

    settings = serializers.DictField(child=serializers.JSONField())


class PublicSettingsView(PublicView):
    """What everybody may know: the site's name, how to reach the support. With `organization` as that company has set it."""

    serializer_class = PublicSettingsShape
    parameters = {"get": ("organization",)}

    def get(self, request: Request) -> Response:
        company = self.query.get("organization")
        company_id = _read_id("organization", company) if company else None
        return Response(PublicSettingsShape({"settings": selectors.list_public_settings(company_id)}).data)


class MaintenanceShape(ApiSerializer):
    """What is not given stays as it is."""

    is_on = serializers.BooleanField()
    message = serializers.CharField(required=False, allow_blank=True, max_length=500)
    retry_minutes = serializers.IntegerField(required=False, min_value=1, max_value=1440)


class MaintenanceView(ApiView):
    """Maintenance mode: 503 with Retry-After for everybody but platform staff."""

    rights = {"get": _CONFIG, "put": _CONFIG}
    serializer_class = MaintenanceShape

    def get(self, request: Request) -> Response:
        return Response(MaintenanceShape(describe_maintenance()).data)

    def put(self, request: Request) -> Response:
        """Switches it on or off."""
        return Response(MaintenanceShape(set_maintenance(self.actor, **self.read_body())).data)


class CheckShape(ApiSerializer):
    name = serializers.CharField()
    is_good = serializers.BooleanField()
    is_needed = serializers.BooleanField()
    detail = serializers.CharField()


class TableShape(ApiSerializer):
    """`rows` is an estimate."""

    table = serializers.CharField()
    bytes = serializers.IntegerField()
    rows = serializers.IntegerField()


class SizesShape(ApiSerializer):
    database_bytes = serializers.IntegerField()
    redis_bytes = serializers.IntegerField(allow_null=True)
    largest_tables = TableShape(many=True)


class QueueShape(ApiSerializer):
    waiting = serializers.IntegerField(allow_null=True)


class JobFiguresShape(QueueShape):
    running = serializers.IntegerField()
    failed = serializers.IntegerField()
    done = serializers.IntegerField()


class DeliveryFiguresShape(QueueShape):
    dead = serializers.IntegerField()


class OutboxFiguresShape(QueueShape):
    oldest_seconds = serializers.IntegerField()
    failing = serializers.IntegerField()


class HealthShape(ApiSerializer):
    """`status`: healthy, warning or critical. Sizes are bytes, ages seconds; failed and dead are of the last day."""

    status = serializers.CharField()
    checks = CheckShape(many=True)
    versions = serializers.DictField(child=serializers.CharField())
    sizes = SizesShape()
    queue = QueueShape()
    jobs = JobFiguresShape()
    deliveries = DeliveryFiguresShape()
    outbox = OutboxFiguresShape()
    maintenance = MaintenanceShape()


class SystemHealthView(ApiView):
    """Whether everything works, versions, sizes, and what waits or has failed."""

    rights = {"get": _JOBS}
    serializer_class = HealthShape

    def get(self, request: Request) -> Response:
        return Response(HealthShape(describe_system()).data)


URLS = [
    path("admin/config", ConfigView.as_view(), name="admin-config"),
    path("admin/maintenance", MaintenanceView.as_view(), name="admin-maintenance"),
    path("admin/system-health", SystemHealthView.as_view(), name="admin-system-health"),
    path("settings/public", PublicSettingsView.as_view(), name="settings-public"),
    path("settings", CompanySettingsView.as_view(), name="settings-of-company"),
]
ROUTES = [route("admin/jobs", JobViewSet, "admin-job"), route("jobs", OwnJobViewSet, "job")]
