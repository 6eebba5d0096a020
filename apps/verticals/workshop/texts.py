"""How the workshop's steps read in timelines, and the messages it sends."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts
from apps.platform.notifications.registry import NotificationType, register, register_category

texts.register("appointment.booked", _("Appointment booked"), icon="calendar-plus")
texts.register("appointment.confirm", _("Appointment confirmed"), icon="calendar-check")
texts.register("appointment.check_in", _("Vehicle arrived"), icon="log-in")
texts.register("appointment.cancel", _("Appointment cancelled"), icon="calendar-x")
texts.register("appointment.no_show", _("Did not come"), icon="calendar-x")
texts.register("appointment.moved", _("Appointment moved"), icon="calendar-clock")
texts.register("job_card.opened", _("Job card opened"), icon="clipboard-list")
texts.register("job_card.updated", _("Job card changed"), icon="pencil")
texts.register("job_card.inspect", _("Inspected: %(points)s points"), icon="scan-search")
texts.register("job_card.inspection_changed", _("Inspection changed"), icon="scan-search")
texts.register("job_card.photo_added", _("Photo added"), icon="camera")
texts.register("job_card.estimate", _("Estimate %(version)s made"), icon="file-text")
texts.register("job_card.estimate_saved", _("Estimate %(version)s saved"), icon="file-text")
texts.register("job_card.send_estimate", _("Estimate %(version)s sent to the customer"), icon="send")
texts.register("job_card.link_made", _("Link to the estimate copied"), icon="link")
texts.register(
    "job_card.estimate_answered", _("%(name)s answered: %(approved)s approved, %(declined)s declined"), icon="signature"
)
texts.register("job_card.approve", _("Approved by the customer"), icon="thumbs-up")
texts.register("job_card.decline", _("Declined by the customer"), icon="thumbs-down")
texts.register("job_card.resume", _("Work goes on"), icon="play")
texts.register("job_card.assign", _("Tasks given to technicians"), icon="users")
texts.register("job_card.start", _("Work started"), icon="play")
texts.register("job_card.task_completed", _("Done: %(task)s"), icon="check")
texts.register("job_card.task_skipped", _("Skipped: %(task)s (%(reason)s)"), icon="skip-forward")
texts.register("job_card.wait_for_parts", _("Waiting for parts"), icon="package-search")
texts.register("job_card.parts_ordered", _("Ordered from %(seller)s: %(order)s"), icon="shopping-cart")
texts.register("job_card.part_issued", _("Issued: %(quantity)s × %(sku)s"), icon="package-check")
texts.register("job_card.part_returned", _("Returned: %(quantity)s × %(sku)s"), icon="package-minus")
texts.register("job_card.release", _("Parts are here, work goes on"), icon="package-check")
texts.register("job_card.release_unstarted", _("Parts are here"), icon="package-check")
texts.register("job_card.submit_check", _("To the quality check"), icon="clipboard-check")
texts.register("job_card.check_passed", _("Quality check passed"), icon="badge-check")
texts.register("job_card.rework", _("Back to work: %(reason)s"), icon="undo-2")
texts.register("job_card.complete", _("Work completed"), icon="circle-check")
texts.register("job_card.deliver", _("Vehicle handed over"), icon="key-round")
texts.register("job_card.cancel", _("Cancelled: %(reason)s"), icon="circle-x")

APPOINTMENT_SAMPLE = (
    ("number", "LH-20261120-0004"),
    ("name", "Trần Thị Mai"),
    ("garage", "Gara Minh Phát"),
    ("branch", "Chi nhánh Quận 7"),
    ("address", "12 Nguyễn Văn Linh, Quận 7"),
    ("phone", "028 7300 0101"),
    ("day", "27/11/2026"),
    ("time", "09:30"),
    ("service", "Bảo dưỡng 10.000 km"),
    ("plate", "51G-123.45"),
    ("state", "confirmed"),
    ("link", "https://baylink.example/a/abc/"),
)
CARD_SAMPLE = (
    ("number", "JC-20261120-0007"),
    ("name", "Trần Thị Mai"),
    ("plate", "51G-123.45"),
    ("garage", "Gara Minh Phát"),
    ("branch", "Chi nhánh Quận 7"),
    ("phone", "028 7300 0101"),
    ("total", "3.250.000 ₫"),
    ("link", "https://baylink.example/e/abc/"),
    ("approved", "4"),
    ("declined", "1"),
)
TO_CUSTOMER = ("email", "sms")
TO_STAFF = ("in_app",)
register_category("appointments", _("Appointments"))
register_category("workshop", _("Workshop"))
for code, channels, label in (
    ("appointment.booked", TO_CUSTOMER, _("Appointment booked")),
    ("appointment.changed", TO_CUSTOMER, _("Appointment changed")),
    ("appointment.reminder", TO_CUSTOMER, _("Reminder of an appointment")),
    ("appointment.new", TO_STAFF, _("New appointment")),
):
    register(
        NotificationType(code=code, category="appointments", channels=channels, label=label, sample=APPOINTMENT_SAMPLE)
    )
for code, channels, label in (
    ("estimate.sent", TO_CUSTOMER, _("Estimate for approval")),
    ("estimate.answered", TO_STAFF, _("Estimate answered")),
    ("tasks.assigned", TO_STAFF, _("Tasks assigned")),
    ("parts.missing", TO_STAFF, _("Parts missing")),
    ("parts.arrived", TO_STAFF, _("Parts arrived")),
    ("job_card.check", TO_STAFF, _("Quality check due")),
    ("job_card.completed", TO_CUSTOMER, _("Vehicle ready")),
):
    register(NotificationType(code=code, category="workshop", channels=channels, label=label, sample=CARD_SAMPLE))
