"""Ratings in the staff CMS."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.admin.document import DocumentAdmin
from apps.core.admin.groups import WORKSHOP
from apps.core.portal.actions import ActionHandler
from apps.verticals.feedback import services
from apps.verticals.feedback.models import Feedback
from apps.verticals.feedback.states import FEEDBACK


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


@admin.register(Feedback)
class FeedbackAdmin(DocumentAdmin):
    nav_group, nav_order, nav_icon = WORKSHOP, 320, "star"
    table = FEEDBACK
    steps = {
        "acknowledge": ActionHandler(services.acknowledge_feedback, form=AnswerForm),
        "resolve": ActionHandler(services.resolve_feedback),
    }
    list_display = ("source_label", "customer", "rating", "comment", "state", "submitted_at", "organization")
    list_select_related = ("customer", "organization")
    list_filter = ("state", "rating")
    search_fields = ("source_label", "customer__search_text", "comment")
