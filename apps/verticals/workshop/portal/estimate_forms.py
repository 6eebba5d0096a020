"""One row and one job of the estimate editor."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.portal.fields import MoneyField, QuantityField
from apps.verticals.workshop.models import EstimateLine


class LineForm(forms.Form):
    """A line. `source` is the operation, package or part it stands for; `job` the number of its job on the page."""

    kind = forms.ChoiceField(choices=EstimateLine.Kind.choices, widget=forms.HiddenInput)
    source = forms.UUIDField(required=False, widget=forms.HiddenInput)
    carried_from = forms.UUIDField(required=False, widget=forms.HiddenInput)
    job = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    description = forms.CharField(label=_("Description"), required=False, max_length=200)
    quantity = QuantityField(label=_("Qty"), initial=Decimal(1))
    unit_price = MoneyField(label=_("Unit price"), required=False)
    discount = MoneyField(label=_("Discount"), required=False)

    @property
    def kind_value(self) -> str:
        return str(self["kind"].value() or "")

    @property
    def is_agreed(self) -> bool:
        """Whether the customer has said yes to this line before."""
        return bool(self["carried_from"].value())

    @property
    def job_number(self) -> str:
        return str(self["job"].value())


class JobForm(forms.Form):
    """The heading of a job: its name, how urgent it is, the finding it answers."""

    name = forms.CharField(label=_("Job"), required=False, max_length=160)
    severity = forms.ChoiceField(
        label=_("Urgency"), choices=EstimateLine.Severity.choices, required=False, widget=forms.HiddenInput
    )
    point = forms.UUIDField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)


class HeadForm(forms.Form):
    """What belongs to the whole estimate."""

    note = forms.CharField(
        label=_("Note for the customer"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def job_forms(data: Any, jobs: list[Any]) -> list[JobForm]:
    """The headings: as posted, else as given."""
    if data is not None:
        count = min(int(text) if (text := data.get("jobs-count", "0")).isdigit() else 0, 100)
        return [JobForm(data, prefix=f"jobs-{number}") for number in range(count)]
    return [
        JobForm(
            prefix=f"jobs-{number}",
            initial={"name": job.name, "severity": job.severity, "point": job.point, "note": job.note},
        )
        for number, job in enumerate(jobs)
    ]
