"""Every change in the workshop, one use case a file."""

from apps.verticals.workshop.services.add_services import add_services
from apps.verticals.workshop.services.appointments import (
    book_appointment,
    cancel_appointment,
    confirm_appointment,
    mark_no_show,
    move_appointment,
)
from apps.verticals.workshop.services.assign_tasks import assign_tasks
from apps.verticals.workshop.services.cancel_card import cancel_card
from apps.verticals.workshop.services.check_in import check_in
from apps.verticals.workshop.services.clock import complete_task, skip_task, start_clock, stop_clock, switch_clock
from apps.verticals.workshop.services.complete_card import complete_card, invoice_card
from apps.verticals.workshop.services.decide_estimate import decide_estimate
from apps.verticals.workshop.services.deliver_card import deliver_card
from apps.verticals.workshop.services.estimate_link import make_estimate_link
from apps.verticals.workshop.services.inspect import add_photo, add_photos, record_inspection
from apps.verticals.workshop.services.issue_parts import issue_all_parts, issue_part, return_part
from apps.verticals.workshop.services.order_parts import order_missing_parts
from apps.verticals.workshop.services.quality_check import record_quality_check, submit_for_check
from apps.verticals.workshop.services.request_parts import request_parts
from apps.verticals.workshop.services.save_estimate import preview_estimate, save_estimate
from apps.verticals.workshop.services.send_estimate import send_estimate
from apps.verticals.workshop.services.start_card import start_card
from apps.verticals.workshop.services.update_card import update_card

__all__ = [
    "add_photo",
    "add_photos",
    "add_services",
    "assign_tasks",
    "book_appointment",
    "cancel_appointment",
    "cancel_card",
    "check_in",
    "complete_card",
    "complete_task",
    "confirm_appointment",
    "decide_estimate",
    "deliver_card",
    "invoice_card",
    "issue_all_parts",
    "issue_part",
    "make_estimate_link",
    "mark_no_show",
    "move_appointment",
    "order_missing_parts",
    "preview_estimate",
    "record_inspection",
    "record_quality_check",
    "request_parts",
    "return_part",
    "save_estimate",
    "send_estimate",
    "skip_task",
    "start_card",
    "start_clock",
    "stop_clock",
    "submit_for_check",
    "switch_clock",
    "update_card",
]
