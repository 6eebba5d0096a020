"""The workshop's screens. The lists of addresses are collected by `config.portals`."""

from apps.verticals.workshop.portal import board, card, estimate_editor, estimate_link, inspection, public

urlpatterns_garage: list = [
    *board.urlpatterns,
    *card.urlpatterns,
    *estimate_editor.urlpatterns,
    *inspection.urlpatterns,
]
urlpatterns_public = [*public.urlpatterns, *estimate_link.urlpatterns]
