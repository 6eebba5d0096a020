"""The workshop's screens. The lists of addresses are collected by `config.portals`."""

from apps.verticals.workshop.portal import (
    appointments,
    board,
    calendar,
    card,
    check_in,
    dashboard,
    estimate_editor,
    estimate_link,
    history,
    inspection,
    public,
    technician,
)

history.show()
urlpatterns_garage: list = [
    *dashboard.urlpatterns,
    *calendar.urlpatterns,
    *appointments.urlpatterns,
    *check_in.urlpatterns,
    *technician.urlpatterns,
    *board.urlpatterns,
    *card.urlpatterns,
    *estimate_editor.urlpatterns,
    *inspection.urlpatterns,
]
urlpatterns_public = [*public.urlpatterns, *estimate_link.urlpatterns]
