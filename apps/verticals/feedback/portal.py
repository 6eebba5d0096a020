"""The rating page behind a link, and the garage's list of ratings."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.actor import ActorKind, visitor_actor
from apps.core.errors import BusinessError
from apps.core.portal.actions import ActionHandler, Fragment
from apps.core.portal.columns import Column
from apps.core.portal.detail import DetailScreen
from apps.core.portal.figures import Figure, register_figure
from apps.core.portal.filters import ChoiceFilter
from apps.core.portal.listing import ListScreen
from apps.core.portal.parts import Empty
from apps.core.portal.registry import register_nav
from apps.core.portal.views import PortalView
from apps.platform.accounts.links import open_link
from apps.platform.accounts.models import AccessLink
from apps.platform.organizations.selectors import logo_url
from apps.verticals.feedback.models import Feedback
from apps.verticals.feedback.selectors import list_feedback, satisfaction
from apps.verticals.feedback.services import acknowledge_feedback, give_feedback, resolve_feedback
from apps.verticals.feedback.states import FEEDBACK


class FeedbackLinkView(PortalView):
    """`/f/<token>/`: one tap rates; a comment may follow."""

    is_public = True
    template_name = "feedback/page.html"
    title = _("How was it?")

    @cached_property
    def feedback(self) -> Feedback:
        link = open_link(AccessLink.Purpose.FEEDBACK, self.kwargs["token"])
        return Feedback.objects.select_related("organization", "branch", "customer").get(pk=link.subject_id)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = request.POST.get("rating", "")
        actor = visitor_actor(
            self.feedback.organization_id,
            frozenset({"feedback.give"}),
            kind=ActorKind.LINK,
            name=self.feedback.customer.name,
            ip=self.actor.ip,
            user_agent=self.actor.user_agent,
        )
        try:
            give_feedback(
                actor,
                self.feedback,
                rating=int(text) if text.isdecimal() else 0,
                comment=request.POST.get("comment", ""),
            )
        except BusinessError as error:
            del self.feedback
            return self.draw(self.get_context(refusal=error), status=error.status)
        return redirect(request.path)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        organization, branch = self.feedback.organization, self.feedback.branch
        company = {
            "name": organization.name,
            "logo_url": logo_url(organization),
            "color": organization.brand_color,
            "phone": organization.phone,
            "address": branch.address if branch else organization.address,
        }
        asked = self.request.GET.get("rating", "")
        wanted = asked if asked in set("12345") and self.feedback.rating is None else ""
        return super().get_context(feedback=self.feedback, company=company, wanted=wanted, **extra)


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer to the customer"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class FeedbackList(ListScreen):
    portal = "garage"
    permission = "feedback.view"
    title = _("Feedback")
    selector = staticmethod(lambda actor: list_feedback(actor).filter(rating__isnull=False))
    search = ("source_label", "customer__name", "comment")
    columns = (
        Column("submitted_at", _("Given"), kind="datetime", sort="submitted_at"),
        Column("rating", _("Rating"), template="feedback/cell_rating.html", sort="rating"),
        Column("customer", _("Customer")),
        Column("comment", _("Comment")),
        Column("source_label", _("Visit"), css="num whitespace-nowrap"),
        Column("state", _("State"), kind="badge", table=FEEDBACK),
    )
    filters = (ChoiceFilter("state", _("State"), choices=Feedback.State.choices),)
    default_sort = "-submitted_at"
    row_url = staticmethod(lambda row: reverse("garage:feedback-detail", args=[row.pk]))
    live_topics = staticmethod(lambda actor: [f"feedback:{actor.organization_id}"])
    empty = Empty(_("No feedback yet"), _("Customers are asked after every hand-over."), "star")


class FeedbackDetail(DetailScreen):
    portal = "garage"
    permission = "feedback.view"
    table = FEEDBACK
    topics = ("feedback:{organization}",)
    list_url_name = "garage:feedback"
    list_label = _("Feedback")
    fragments = (Fragment("rating", "feedback/rating.html"),)
    actions = {
        "acknowledge": ActionHandler(
            acknowledge_feedback, form=AnswerForm, icon="message-circle-reply", done=_("Acknowledged.")
        ),
        "resolve": ActionHandler(resolve_feedback, icon="check", done=_("Resolved.")),
    }

    @staticmethod
    def selector(actor: Any) -> "QuerySet[Feedback]":
        return list_feedback(actor)

    def get_title(self) -> Any:
        return _("Feedback on %(number)s") % {"number": self.instance.source_label}


def show_rating(actor: Any) -> Figure | None:
    """The average rating for the dashboard, with the share of contented customers."""
    sums = satisfaction(actor)
    if not sums["count"]:
        return Figure(_("Rating"), "–", reverse("garage:feedback"), note=_("no ratings yet"))
    note = _("%(percent)s %% contented") % {"percent": sums["csat"]}
    return Figure(_("Rating"), number_format(sums["average"], 1), reverse("garage:feedback"), note=note)


register_figure("garage", "rating", show_rating, permission="feedback.view", order=60)
register_nav(
    portal="garage",
    group=_("Customers"),
    label=_("Feedback"),
    url_name="garage:feedback",
    icon="star",
    permission="feedback.view",
    order=60,
)
urlpatterns_garage = [
    FeedbackList.path("feedback/", "feedback"),
    *FeedbackDetail.urls("feedback/<uuid:id>/", "feedback-detail"),
]
urlpatterns_public = [FeedbackLinkView.path("f/<str:token>/", "feedback")]
