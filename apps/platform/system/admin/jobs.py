"""Jobs and the health of the platform."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.admin.groups import SYSTEM
from apps.core.admin.ledger import LedgerAdmin
from apps.core.admin.pages import check_right, draw_page, register_page
from apps.core.errors import BusinessError
from apps.platform.system import jobs
from apps.platform.system.models import JobRun
from apps.platform.system.services.describe_system import describe_system
from apps.platform.system.services.start_by_hand import list_buttons, start_by_hand

VIEW, CHANGE = "system.view_jobrun", "system.change_jobrun"


@admin.register(JobRun)
class JobRunAdmin(LedgerAdmin):
    nav_group, nav_order, nav_icon = SYSTEM, 893, "schedule"
    list_display = ("shown_name", "state", "progress", "note", "attempts", "user", "created_at", "finished_at")
    list_select_related = ("user",)
    list_filter = ("state",)
    search_fields = ("name", "label")
    list_before_template = "system/admin/job_buttons.html"
    change_form_outer_before_template = "system/admin/job_progress.html"
    actions = ("cancel", "retry")

    @admin.display(description=_("job"))
    def shown_name(self, row: JobRun) -> str:
        kind = jobs.JOBS.get(row.name)
        return " · ".join(str(text) for text in (kind.label if kind else row.name, row.label) if text)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("health/", self.admin_site.admin_view(self.health_view), name="system_health"),
            path("start/<str:name>/", self.admin_site.admin_view(self.start_view), name="system_start_job"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        buttons = list_buttons() if request.user.has_perm(CHANGE) else []
        return super().changelist_view(request, {"job_buttons": buttons, **(extra_context or {})})

    def has_steer_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(CHANGE))

    @admin.action(description=_("Cancel the chosen jobs"), permissions=["steer"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[JobRun]) -> None:
        self._steer(request, queryset, jobs.cancel_job)

    @admin.action(description=_("Try the chosen jobs again"), permissions=["steer"])
    def retry(self, request: HttpRequest, queryset: QuerySet[JobRun]) -> None:
        self._steer(request, queryset, jobs.retry_job)

    def _steer(self, request: HttpRequest, queryset: QuerySet[JobRun], service: Any) -> None:
        done = 0
        for row in queryset.order_by("pk"):
            try:
                service(request.actor, row)
                done += 1
            except BusinessError as error:
                messages.error(request, f"{row}: {error}")
        if done:
            messages.success(request, ngettext("%(n)d job.", "%(n)d jobs.", done) % {"n": done})

    def start_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Asks, then starts a job that was declared with a button."""
        check_right(request, CHANGE)
        kind = next((one for one in list_buttons() if one.name == name), None)
        if kind is None:
            raise Http404
        if request.method == "POST":
            job = start_by_hand(request.actor, name)
            messages.success(request, str(_("The job is on its way.")))
            return HttpResponseRedirect(reverse("admin:system_jobrun_change", args=[job.pk]))
        return draw_page(self, request, "system/admin/start_job.html", title=kind.button, kind=kind)

    def health_view(self, request: HttpRequest) -> HttpResponse:
        """Whether everything works, and how big it is."""
        check_right(request, VIEW)
        return draw_page(self, request, "system/admin/health.html", title=_("System health"), health=describe_system())


register_page(
    label=_("System health"), name="system_health", permission=VIEW, group=SYSTEM, order=880, icon="monitor_heart"
)
