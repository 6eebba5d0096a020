"""The settings of a company among its settings pages, and the jobs that one has started."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.db import get_visible
from apps.core.ids import parse_id
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.filters import ChoiceFilter
from apps.core.portal.forms import FormScreen
from apps.core.portal.listing import ListScreen
from apps.core.portal.own import OwnDress
from apps.core.portal.parts import Empty
from apps.core.portal.settings_tabs import SettingsTabs, register_settings_tab
from apps.core.portal.views import ANY_MEMBER, PortalView
from apps.platform.organizations.models import Branch
from apps.platform.system import jobs, selectors
from apps.platform.system.forms import SettingsForm, build_form
from apps.platform.system.models import JobRun
from apps.platform.system.permissions import SETTINGS_EDIT
from apps.platform.system.settings import change_settings


class CompanyRules(SettingsTabs, FormScreen):
    """What apps let a company set, for the whole company or for one branch."""

    permission = SETTINGS_EDIT
    title = _("Working rules")
    template_name = "system/rules.html"
    form_template = "system/rules_form.html"

    @cached_property
    def branch(self) -> Branch | None:
        """The branch whose rules are shown; None for the company's. Raises NotFound for another company's."""
        asked = self.request.GET.get("branch", "")
        if not asked:
            return None
        found: Branch = get_visible(Branch.objects.all(), self.actor, parse_id(asked))
        return found

    @property
    def place(self) -> dict[str, UUID | None]:
        return {
            "organization_id": self.actor.require_organization(),
            "branch_id": self.branch.pk if self.branch else None,
        }

    @cached_property
    def form(self) -> SettingsForm:
        rows = selectors.list_settings(self.actor, **self.place)
        return build_form(rows, self.request.POST if self.request.method == "POST" else None)

    def save(self, data: Mapping[str, Any]) -> int:
        return change_settings(self.actor, values=self.form.values(), **self.place)

    def get_success_url(self, result: Any) -> str:
        return self.request.get_full_path()

    def get_context(self, **extra: Any) -> dict[str, Any]:
        branches = Branch.objects.visible_to(self.actor).filter(is_active=True).order_by("name")
        places = [{"label": _("Whole company"), "url": self.request.path, "active": self.branch is None}]
        places += [
            {"label": row.name, "url": f"{self.request.path}?branch={row.pk}", "active": row == self.branch}
            for row in branches
        ]
        return super().get_context(places=places if len(places) > 2 else [], **extra)


def _shown_name(row: JobRun) -> str:
    kind = jobs.JOBS.get(row.name)
    return str(kind.label if kind else row.name)


class OwnJobs(OwnDress, ListScreen):
    """The exports, downloads and sends that one has started."""

    permission = ANY_MEMBER
    title = _("My jobs")
    selector = staticmethod(selectors.list_own_jobs)
    columns = (
        Column("name", _("Job"), value=_shown_name, sub="label"),
        Column("state", _("State"), kind="choice"),
        Column("progress", _("Progress"), value=lambda row: f"{row.progress} %"),
        Column("created", _("Started"), value="created_at", kind="datetime", sort="id"),
        Column("finished", _("Ended"), value="finished_at", kind="datetime"),
    )
    filters = (ChoiceFilter("state", _("State"), choices=JobRun.State.choices),)
    exports = False
    opens = "page"
    empty = Empty(_("No jobs yet"), _("Exports and other long work that you start show up here."), icon="clock")

    def link(self, row: Any) -> str:
        return reverse("own-job", args=[row.pk])


def _describe_job(_actor: Any, job: JobRun) -> dict[str, Any]:
    result = job.result if isinstance(job.result, dict) else {}
    url = str(result.get("url", ""))
    is_ours = url.startswith("/") and not url.startswith("//")
    return {"result_url": url if is_ours else "", "result_label": result.get("label", "")}


class OwnJob(OwnDress, DetailScreen):
    """How far it is, live; what came of it, or why it failed."""

    permission = ANY_MEMBER
    selector = staticmethod(selectors.list_own_jobs)
    topics = ("job:{id}",)
    fragments = (Fragment("progress", "system/job.html", _describe_job),)
    has_timeline = False
    list_url_name = "own-jobs"
    list_label = _("My jobs")
    actions = {
        "cancel": ActionHandler(
            jobs.cancel_job,
            label=_("Cancel the job"),
            icon="circle-x",
            variant="danger",
            confirm=_("Stop this job?"),
            done=_("Cancelled."),
            when=lambda row, actor: row.state in (JobRun.State.QUEUED, JobRun.State.RUNNING),
        ),
    }

    def get_title(self) -> str:
        return _shown_name(self.instance)

    def get_subtitle(self) -> str:
        return str(self.instance.label)


class JobFile(PortalView):
    """What a job made, as a download for the person who started it."""

    permission = ANY_MEMBER

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        content, name, kind = jobs.open_file(self.actor, kwargs["id"])
        response = FileResponse(content, as_attachment=True, filename=name, content_type=kind)
        response["Cache-Control"] = "private, no-store"
        return response


def build_urls(key: str) -> list[URLPattern]:
    """The screens of the portal `key`."""
    rules = type("Rules", (CompanyRules,), {"portal": key})
    return [rules.path("settings/rules/", "settings-rules")]


register_settings_tab(label=_("Working rules"), name="settings-rules", permission=SETTINGS_EDIT, order=35)
urlpatterns = [
    OwnJobs.path("account/jobs/", "own-jobs"),
    path("account/jobs/<uuid:id>/file/", JobFile.as_view(), name="own-job-file"),
    *OwnJob.urls("account/jobs/<uuid:id>/", "own-job"),
]
urlpatterns_garage = build_urls("garage")
urlpatterns_distributor = build_urls("distributor")
