"""The marketplace's screens. The lists of addresses are collected by `config.portals`."""

from apps.verticals.marketplace.portal import checkout, dashboard, garages, market, order_board, purchases, sales

urlpatterns_distributor = [*dashboard.urlpatterns, *order_board.urlpatterns, *sales.urlpatterns, *garages.urlpatterns]
urlpatterns_garage = [*market.urlpatterns, *checkout.urlpatterns, *purchases.urlpatterns]
