"""/admin/audit-logs: the log of one's company; for platform staff outside of companies the whole one."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.core.api.pagination import CursorPagination
from apps.core.api.query import refuse
from apps.core.api.routing import route
from apps.core.api.serializers import ApiModelSerializer
from apps.core.api.values import is_bare_day, parse_moment
from apps.core.api.viewsets import ResourceViewSet
from apps.platform.audit import selectors
from apps.platform.audit.models import AuditLog
from apps.platform.audit.permissions import AUDIT_VIEW


class AuditLogShape(ApiModelSerializer):
    """`text` says the action in words, `oldValues` and `newValues` hold what changed."""

    text = serializers.SerializerMethodField(method_name="get_text")

    class Meta:
        model = AuditLog
        fields = ["id", "created_at", "user", "actor_kind", "actor_name", "action", "text"]
        fields += ["entity_type", "entity_id", "entity_label", "organization", "branch", "ip"]

    def get_text(self, row: AuditLog) -> str:
        return selectors.describe_action(row.action, row.data)


class AuditLogDetail(AuditLogShape):
    class Meta(AuditLogShape.Meta):
        fields = [*AuditLogShape.Meta.fields, "data", "old_values", "new_values", "user_agent", "request_id"]


def _period(rows: QuerySet[AuditLog], operator: str, text: str) -> QuerySet[AuditLog]:
    """A period is a range of ids."""
    try:
        moment = parse_moment(text)
    except (ValueError, OverflowError) as error:
        message = _("“%(value)s” is no possible value.") % {"value": text}
        raise refuse(f"filter[createdAt][{operator}]", message) from error
    if operator == "gte":
        return selectors.within_period(rows, since=moment)
    step = timedelta(days=1) if is_bare_day(text) else timedelta(milliseconds=1)
    return selectors.within_period(rows, until=moment + step)


class AuditLogViewSet(ResourceViewSet):
    """Who did what, when and from where; newest first."""

    queryset_for = staticmethod(selectors.list_entries)
    serializer_class = AuditLogDetail
    list_serializer_class = AuditLogShape
    pagination_class = CursorPagination
    search = staticmethod(selectors.search_entries)
    filters = {
        "action": ("eq", "in"),
        "user": ("eq",),
        "entityType": ("eq", "in"),
        "entityId": ("eq",),
        "organization": ("eq",),
        "branch": ("eq",),
        "ip": ("eq",),
        "createdAt": ("gte", "lte"),
    }
    filter_sources = {"createdAt": _period}
    rights = {"list": AUDIT_VIEW, "retrieve": AUDIT_VIEW}


ROUTES = [route("admin/audit-logs", AuditLogViewSet, "audit-log")]
