"""What the buttons of a job card ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.errors import BusinessError
from apps.core.ids import parse_id
from apps.core.portal.fields import QuantityField
from apps.engines.orders.offers import Offer, list_offers
from apps.engines.scheduling.models import Resource
from apps.verticals.workshop.models import EstimateDecision, EstimateLine, JobCard, JobPhoto, JobTask, PartRequirement
from apps.verticals.workshop.portal.visitors import read_signature
from apps.verticals.workshop.selectors import find_template, sent_estimate
from apps.verticals.workshop.types import DecisionInput

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class EditForm(forms.Form):
    """What is agreed with the customer besides the work."""

    concern = forms.CharField(
        label=_("Concern in the customer's words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    promised_at = forms.DateTimeField(label=_("Promised for"), required=False, widget=MOMENT)
    bay = forms.ModelChoiceField(Resource.objects.none(), label=_("Bay"), required=False, empty_label="–")

    def prepare(self, actor: Actor, card: JobCard) -> None:
        self.fields["bay"].queryset = list_bays(card)


def list_bays(card: JobCard) -> Any:
    """The open bays of the card's branch."""
    return Resource.objects.filter(branch_id=card.branch_id, kind=Resource.Kind.BAY, is_active=True).order_by("name")


class SureForm(forms.Form):
    """Nothing to type: the dialog shows what will happen."""

    def prepare(self, actor: Actor, card: JobCard) -> None:
        self.estimate = getattr(card, "visit", None) and card.visit.open_estimate


class TaskForm(forms.Form):
    """One task of the card."""

    task = forms.ModelChoiceField(JobTask.objects.none(), widget=forms.HiddenInput)

    def prepare(self, actor: Actor, card: JobCard) -> None:
        self.fields["task"].queryset = card.tasks.select_related("job_card")


class FinishForm(TaskForm):
    cause = forms.CharField(
        label=_("Cause: what was wrong"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    correction = forms.CharField(
        label=_("Correction: what was done"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class SkipForm(TaskForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class PartForm(forms.Form):
    """One part of the card, all that is reserved of it."""

    part = forms.ModelChoiceField(PartRequirement.objects.none(), widget=forms.HiddenInput)

    def prepare(self, actor: Actor, card: JobCard) -> None:
        self.fields["part"].queryset = card.parts.select_related("job_card", "variant__product")


class ReturnForm(PartForm):
    quantity = QuantityField(label=_("Quantity"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)


class AssignForm(forms.Form):
    """A technician for each task that has not begun, or one for all; and the bay."""

    everybody = forms.ChoiceField(label=_("All tasks to"), required=False)
    bay = forms.ModelChoiceField(Resource.objects.none(), label=_("Bay"), required=False, empty_label="–")

    def prepare(self, actor: Actor, card: JobCard) -> None:
        self.people = [("", "–"), *((str(user.pk), user.full_name) for user in card.visit.technicians)]
        self.fields["everybody"].choices = self.people
        self.fields["bay"].queryset = list_bays(card)
        self.initial.setdefault("bay", card.bay_id)
        self.tasks = []
        for row in card.visit.work.tasks:
            if row.task.state not in (JobTask.State.PENDING, JobTask.State.PAUSED):
                continue
            name = f"task-{row.task.pk}"
            self.fields[name] = forms.ChoiceField(
                label=row.task.description,
                choices=self.people,
                required=False,
                initial=str(row.task.technician_id or ""),
            )
            self.tasks.append((name, row.task))

    def clean(self) -> dict[str, Any]:
        """Only the tasks that were posted; one person for all goes before single choices."""
        data, everybody = self.cleaned_data, self.cleaned_data.get("everybody")
        chosen = {task.pk: everybody or data.get(name) for name, task in self.tasks if everybody or name in self.data}
        assignments = {task_id: parse_id(person) for task_id, person in chosen.items()}
        return {"assignments": assignments, "bay": data.get("bay")}


class AnswerForm(forms.Form):
    """The customer's answer as told on the phone or at the desk: one yes or no per line."""

    channel = forms.ChoiceField(
        label=_("How the customer answered"),
        choices=[(value, label) for value, label in EstimateDecision.Channel.choices if value != "link"],
        initial=EstimateDecision.Channel.PHONE,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Who answered"), max_length=120)
    document_hash = forms.CharField(widget=forms.HiddenInput)
    signature = forms.CharField(required=False, widget=forms.HiddenInput)

    def prepare(self, actor: Actor, card: JobCard) -> None:
        self.estimate = sent_estimate(card)
        self.initial.setdefault("name", card.customer.name)
        self.initial.setdefault("document_hash", self.estimate.document_hash if self.estimate else "")
        self.rows = []
        for line in self.estimate.lines.all() if self.estimate else ():
            if line.decision == EstimateLine.Decision.APPROVED:
                continue
            yes, why = f"line-{line.pk}", f"reason-{line.pk}"
            self.fields[yes] = forms.ChoiceField(
                label=line.description,
                choices=[("approved", _("Yes")), ("declined", _("No"))],
                widget=forms.RadioSelect,
                initial="approved",
            )
            self.fields[why] = forms.CharField(label=_("Reason"), required=False, max_length=200)
            self.rows.append((line, self[yes], self[why]))

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.errors:
            return data
        answer = DecisionInput(
            decisions={line.pk: data[f"line-{line.pk}"] for line, _yes, _why in self.rows},
            reasons={line.pk: data[why.name] for line, _yes, why in self.rows if data[why.name]},
            name=data["name"],
            document_hash=data["document_hash"],
            signature_png=_clean_signature(self, data),
        )
        return {"answer": answer, "channel": data["channel"]}


def _clean_signature(form: forms.Form, data: dict[str, Any]) -> bytes | None:
    try:
        return read_signature(data.get("signature", ""))
    except BusinessError as error:
        form.add_error(None, str(error))
        return None


class OrderForm(forms.Form):
    """Shows for every missing part what the best offer costs; nothing to choose."""

    def prepare(self, actor: Actor, card: JobCard) -> None:
        self.rows = [(row, self._best(actor, row)) for row in card.visit.to_order]
        found = [offer for _row, offer in self.rows if offer]
        self.total = sum((offer.gross for offer in found), start=0)
        self.sellers = sorted({offer.seller.name for offer in found})
        self.is_complete = bool(self.rows) and len(found) == len(self.rows)

    def _best(self, actor: Actor, row: Any) -> Offer | None:
        offers = list_offers(actor, variant=row.part.variant, quantity=row.short)
        best = next((offer for offer in offers if offer.can_deliver), None)
        row.others = [offer for offer in offers if offer is not best][:2]
        return best


class CheckForm(forms.Form):
    """The checklist of finished work; passed, or back with the reason."""

    result = forms.CharField(widget=forms.HiddenInput, initial="passed")
    reason = forms.CharField(
        label=_("What has to be done again"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def prepare(self, actor: Actor, card: JobCard) -> None:
        template = find_template(card)
        self.points = template.quality_points if template else []
        for point in self.points:
            self.fields[f"point-{point['code']}"] = forms.BooleanField(label=point["name"], required=False)

    @property
    def boxes(self) -> list[Any]:
        return [self[f"point-{point['code']}"] for point in self.points]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        points = [
            {"code": one["code"], "name": one["name"], "is_ok": data.get(f"point-{one['code']}", False)}
            for one in self.points
        ]
        if data.get("result") == "passed" and not all(point["is_ok"] for point in points):
            raise forms.ValidationError(_("Tick every point, or send the card back with the reason."))
        return {"result": data.get("result", ""), "reason": data.get("reason", ""), "points": points}


class DeliverForm(forms.Form):
    name = forms.CharField(label=_("Who takes the vehicle"), max_length=120)
    signature = forms.CharField(required=False, widget=forms.HiddenInput)

    def prepare(self, actor: Actor, card: JobCard) -> None:
        self.initial.setdefault("name", card.customer.name)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"name": data.get("name", ""), "signature_png": _clean_signature(self, data)}


class ManyFiles(forms.FileField):
    """All pictures chosen at once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=_ManyFilesInput(), **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFiles, self).clean(one, initial) for one in files]


class _ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosForm(forms.Form):
    photos = ManyFiles(label=_("Photos"))
    stage = forms.ChoiceField(label=_("Taken at"), choices=JobPhoto.Stage.choices)
    caption = forms.CharField(label=_("Caption"), required=False, max_length=160)


class GroupForm(forms.Form):
    """A group of the inspection."""

    group = forms.CharField(max_length=60)
