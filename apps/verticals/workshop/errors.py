"""Refusals of the workshop."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import BadInput, BusinessError, Conflict, NotAllowed


class ServiceUnknown(BadInput):
    rule = "service_unknown"
    message = _("Please choose a service.")


class VehicleInWorkshop(Conflict):
    rule = "vehicle_in_workshop"
    message = _("There is already an open job card for this vehicle.")


class PointUnknown(BadInput):
    rule = "point_unknown"
    message = _("This inspection point does not exist.")


class EstimateEmpty(BadInput):
    rule = "estimate_empty"
    message = _("Please add at least one line.")


class LineIncomplete(BadInput):
    rule = "line_incomplete"
    message = _("Each line needs an operation, a package, a part or a description with a price.")


class DiscountTooHigh(BadInput):
    rule = "discount_too_high"
    message = _("The discount is higher than the line.")


class LineInWork(BusinessError):
    """An approved line whose work has begun cannot be taken out."""

    rule = "line_in_work"
    message = _("Work on an approved line has begun; it cannot be taken out.")


class EstimateChanged(Conflict):
    rule = "estimate_changed"
    message = _("The estimate has changed meanwhile. Please look at the new one.")


class EstimateDecided(Conflict):
    rule = "estimate_decided"
    message = _("This estimate has already been answered.")


class EstimateExpired(BusinessError):
    status = 410
    rule = "estimate_expired"
    message = _("This estimate is no longer valid. Please call the garage.")


class EstimateNotSent(BusinessError):
    rule = "estimate_not_sent"
    message = _("Please send the estimate first.")


class DecisionIncomplete(BadInput):
    rule = "decision_incomplete"
    message = _("Please approve or decline every line.")


class SignatureMissing(BadInput):
    rule = "signature_missing"
    message = _("Please sign and enter your name.")


class TechnicianUnknown(BadInput):
    rule = "technician_unknown"
    message = _("This person is not a technician of the branch.")


class NotYourTask(NotAllowed):
    rule = "not_your_task"
    message = _("This task belongs to somebody else.")


class ClockRunning(Conflict):
    """The person already has an open clock; `details.task` names it."""

    rule = "clock_running"
    message = _("Your clock is already running on another task.")


class ClockNotRunning(Conflict):
    rule = "clock_not_running"
    message = _("Your clock is not running on this task.")


class PartsNotReady(BusinessError):
    rule = "parts_not_ready"
    message = _("Not all parts of this task have been issued.")


class TooManyIssued(BusinessError):
    rule = "too_many_issued"
    message = _("More than was required and reserved cannot be issued.")


class NothingMissing(BusinessError):
    rule = "nothing_missing"
    message = _("No part is missing.")


class NoOffer(BusinessError):
    """No distributor offers the part; `details.parts` names them."""

    rule = "no_offer"
    message = _("No distributor has this part in stock at the moment.")


class TasksOpen(BusinessError):
    rule = "tasks_open"
    message = _("There are tasks that are neither done nor skipped.")


class CheckedByWorker(NotAllowed):
    rule = "checked_by_worker"
    message = _("Who did the work cannot check it.")


class CheckNotPassed(BusinessError):
    rule = "check_not_passed"
    message = _("The quality check has not been passed.")


class CardNotCompleted(BusinessError):
    rule = "card_not_completed"
    message = _("The work has not been completed yet.")


class ReasonMissing(BadInput):
    rule = "reason_missing"
    message = _("Please give the reason.")


class InvoiceUnpaid(BusinessError):
    rule = "invoice_unpaid"
    message = _("The invoice has not been paid.")


class PartsIssued(BusinessError):
    rule = "parts_issued"
    message = _("Parts have been issued; take them back before cancelling.")
