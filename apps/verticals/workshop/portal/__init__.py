"""The workshop's screens. The lists of addresses are collected by `config.portals`."""

from apps.verticals.workshop.portal import estimate_link, public

urlpatterns_garage: list = []
urlpatterns_public = [*public.urlpatterns, *estimate_link.urlpatterns]
