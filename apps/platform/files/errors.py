"""Refused uploads."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput


class FileTooLarge(BadInput):
    rule = "file_too_large"
    message = _("The file is too large.")


class WrongContent(BadInput):
    rule = "wrong_content"
    message = _("This kind of file is not accepted.")


class TooManyPixels(BadInput):
    rule = "too_many_pixels"
    message = _("The picture has too many pixels.")
