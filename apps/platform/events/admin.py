"""The outbox in the staff CMS: what waits, what failed, and a button to try again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.admin.groups import SYSTEM
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.lines import ReadOnlyInline
from apps.platform.events import services
from apps.platform.events.models import HandledEvent, OutboxEvent


class HandledInline(ReadOnlyInline):
    model = HandledEvent
    verbose_name_plural = _("Handled by")
    fields = ("handler", "handled_at")


@admin.register(OutboxEvent)
class OutboxEventAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 891, "outbox"
    list_display = ("id", "name", "created_at", "relayed_at", "attempts", "last_error")
    list_filter = (("relayed_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "request_id")
    inlines = (HandledInline,)
    actions = ("export_csv", "try_again")

    @admin.action(description=_("Try to deliver the chosen events again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxEvent]) -> None:
        rows = list(queryset.filter(relayed_at__isnull=True))
        for row in rows:
            services.retry_event(self.actor_for(request), row)
        text = ngettext("%(n)d event is tried again.", "%(n)d events are tried again.", len(rows))
        messages.success(request, text % {"n": len(rows)})

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)
