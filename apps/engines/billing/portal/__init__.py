"""Screens of invoices. The lists of addresses are collected by `config.portals`."""

from apps.engines.billing.portal import link_page

urlpatterns_garage: list = []
urlpatterns_public = link_page.urlpatterns
