"""Refusals of feedback."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, Conflict


class RatingInvalid(BadInput):
    rule = "rating_invalid"
    message = _("Please choose one to five stars.")


class AlreadyRated(Conflict):
    rule = "already_rated"
    message = _("You have already rated this visit. Thank you!")
