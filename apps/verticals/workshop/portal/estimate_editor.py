"""The estimate editor: jobs with their lines, one search for operations, packages and parts, totals by the server."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.forms import BooleanField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.errors import BusinessError, NotFound
from apps.core.ids import parse_id
from apps.core.portal.forms import FormScreen
from apps.verticals.workshop import services
from apps.verticals.workshop.models import Estimate, EstimateLine, JobCard
from apps.verticals.workshop.portal.estimate_forms import HeadForm, JobForm, LineForm, job_forms
from apps.verticals.workshop.portal.estimate_lines import Job, again_data, in_order, jobs_to_edit, read_lines
from apps.verticals.workshop.portal.estimate_link import EstimateLinkView
from apps.verticals.workshop.portal.of_card import OfCard
from apps.verticals.workshop.selectors import search_menu


class EstimateEditor(OfCard, FormScreen):
    portal, permission = "garage", "job_card.estimate"
    title = _("Estimate")
    template_name = "workshop/card/editor/page.html"
    form_template = "workshop/card/editor/form.html"
    line_template = "workshop/card/editor/line.html"
    form_class = HeadForm
    lines_form = LineForm
    extra_lines = 0
    done = _("The estimate is saved.")

    @cached_property
    def start(self) -> list[Job]:
        """What the page starts with; a declined line to offer again comes as a job of its own."""
        jobs = jobs_to_edit(self.card.visit)
        again = parse_id(self.request.GET.get("again"))
        declined = next((line for line in self.offers if line.pk == again), None)
        if declined is not None:
            job = next((one for one in jobs if one.name == declined.group), None)
            if job is None:
                job = Job(declined.group or declined.description, declined.severity)
                jobs = [one for one in jobs if one.lines or one.name] + [job]
            job.lines.append(again_data(declined))
        return jobs

    @cached_property
    def offers(self) -> Sequence[EstimateLine]:
        """What the customer declined before."""
        return self.card.visit.declined

    @cached_property
    def jobs(self) -> list[JobForm]:
        return job_forms(self.request.POST if self.request.method == "POST" else None, self.start)

    def get_initial(self) -> Mapping[str, Any]:
        estimate = self.card.visit.open_estimate
        return {"note": estimate.note if estimate else ""}

    def get_version(self) -> int:
        return self.card.version

    def initial_lines(self) -> list[dict[str, Any]]:
        return self.start_rows

    @cached_property
    def start_rows(self) -> list[dict[str, Any]]:
        return [self.priced({**row, "job": number}) for number, job in enumerate(self.start) for row in job.lines]

    def priced(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row without price gets name and list price of what it stands for."""
        if row.get("unit_price") is not None or not row.get("source"):
            return row
        _estimate, [line] = services.preview_estimate(self.actor, self.card, lines=read_lines([with_ids(row)], {}))
        return {**row, "description": row.get("description") or line.description, "unit_price": line.unit_price}

    def lines_are_valid(self) -> bool:
        return super().lines_are_valid() and all(form.is_valid() for form in self.jobs)

    def clean_jobs(self) -> dict[int, dict[str, Any]]:
        """The headings by number."""
        if self.request.method != "POST":
            return {number: asdict(job) for number, job in enumerate(self.start)}
        return {number: form.cleaned_data for number, form in enumerate(self.jobs) if form.is_valid()}

    def clean_lines(self) -> list[dict[str, Any]]:
        """Every row that is not taken away, with its place on the page; rows start filled in, so all of them count."""
        if not self.lines.is_bound:
            return [{**with_ids(row), "place": place} for place, row in enumerate(self.start_rows)]
        valid = [(place, form.cleaned_data) for place, form in enumerate(self.lines.forms) if form.is_valid()]
        return [{**data, "place": place} for place, data in valid if data and not data.get("DELETE")]

    def collect(self) -> dict[str, Any]:
        return {**self.form.cleaned_data, "lines": in_order(self.clean_lines(), self.clean_jobs())}

    def save(self, data: Mapping[str, Any]) -> Estimate:
        rows = data["lines"]
        lines = read_lines(rows, self.clean_jobs())
        try:
            estimate = services.save_estimate(
                self.actor, self.card, lines=lines, note=data["note"], version=self.version
            )
        except BusinessError as error:
            self.blame_row(rows, error)
            raise
        return services.send_estimate(self.actor, estimate) if "send" in self.request.POST else estimate

    def blame_row(self, rows: Sequence[Mapping[str, Any]], error: BusinessError) -> None:
        """Says a refusal of one line at its row as well."""
        place = error.field.removeprefix("lines.")
        if place.isdigit() and int(place) < len(rows):
            self.lines.forms[rows[int(place)]["place"]].add_error(None, str(error))

    def get_success_url(self, result: Estimate) -> str:
        return f"{reverse('garage:job-card', args=[self.card.pk])}?tab=estimate"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "find" in request.GET:
            return self.draw_found(request.GET)
        if "add_job" in request.GET:
            return self.draw_new_job(request.GET)
        if "kind" in request.GET:
            return self.draw_line(request.GET)
        return self.draw_form()

    def draw_found(self, asked: Mapping[str, str]) -> HttpResponse:
        """What fits the typed words, each to be put into the job."""
        text = asked.get("find", "")[:80]
        context = {"items": search_menu(self.actor, self.card, text), "text": text, "job": asked.get("job", "0")}
        return render(self.request, "workshop/card/editor/found.html", {**context, "view": self, "card": self.card})

    def draw_new_job(self, asked: Mapping[str, str]) -> HttpResponse:
        """An empty job at the end."""
        number = int(asked["add_job"]) if asked["add_job"].isdigit() else 0
        form = JobForm(prefix=f"jobs-{number}")
        context = {"job": form, "number": number, "job_count": number + 1, "rows": [], "view": self, "card": self.card}
        return render(self.request, "workshop/card/editor/new_job.html", context)

    def draw_line(self, asked: Mapping[str, str]) -> HttpResponse:
        """A row for what was chosen, with name and price filled in."""
        place = asked.get("lines-TOTAL_FORMS", "")
        if not place.isdigit() or int(place) >= 200:
            return HttpResponse(status=204)
        row = {"kind": asked["kind"], "source": asked.get("source", ""), "quantity": 1, "job": asked.get("job", "0")}
        form = LineForm(prefix=f"lines-{place}", initial=self.priced(row), use_required_attribute=False)
        form.fields["DELETE"] = _delete_field()
        context = {"line": form, "view": self, "card": self.card, "total_forms": int(place) + 1}
        return render(self.request, "workshop/card/editor/new_line.html", context)

    def draw_totals(self) -> HttpResponse:
        return render(
            self.request,
            "workshop/card/editor/totals.html",
            {**self.sums(), "view": self, "card": self.card, "is_live": True},
        )

    def sums(self) -> dict[str, Any]:
        """The totals of what is typed so far, and each row's amount by its place; a refusal as words."""
        if self.lines.is_bound:
            self.lines.is_valid()
        jobs = self.clean_jobs()
        rows = in_order(self.clean_lines(), jobs)
        try:
            estimate, lines = services.preview_estimate(self.actor, self.card, lines=read_lines(rows, jobs))
        except BusinessError as error:
            return {"refusal": error, "estimate": None, "amounts": {}}
        return {"estimate": estimate, "amounts": {row["place"]: line for row, line in zip(rows, lines, strict=True)}}

    def get_context(self, **extra: Any) -> dict[str, Any]:
        sums = self.sums()
        by_job: dict[str, list[Any]] = {}
        for place, form in enumerate(self.lines.forms):
            form.amount = sums["amounts"].get(place)
            by_job.setdefault(form.job_number, []).append(form)
        return super().get_context(
            card=self.card,
            jobs=[(number, job, by_job.get(str(number), [])) for number, job in enumerate(self.jobs)],
            job_count=len(self.jobs),
            offers=self.offers,
            back_url=reverse("garage:job-card", args=[self.card.pk]),
            **sums,
            **extra,
        )


def with_ids(row: Mapping[str, Any]) -> dict[str, Any]:
    """A starting row with ids instead of their spelling."""
    return {**row, "source": parse_id(row.get("source")), "carried_from": parse_id(row.get("carried_from"))}


def _delete_field() -> BooleanField:
    return BooleanField(required=False)


class EstimatePreview(OfCard, EstimateLinkView):
    """The newest version as the customer will see it, without the way to answer."""

    portal, permission, is_public = "garage", "job_card.estimate", False
    http_method_names = ["get"]
    template_name = "workshop/card/editor/preview.html"
    fragment_template_name = ""

    @cached_property
    def found(self) -> tuple[JobCard, Estimate]:
        versions = self.card.visit.estimates
        if not versions:
            raise NotFound
        return self.card, versions[0]

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(**extra, back_url=reverse("garage:job-card", args=[self.card.pk]))


urlpatterns = [
    EstimateEditor.path("job-cards/<uuid:id>/estimate/", "estimate-edit"),
    EstimatePreview.path("job-cards/<uuid:id>/estimate/preview/", "estimate-preview"),
]
