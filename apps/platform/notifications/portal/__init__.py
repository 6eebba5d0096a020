"""Screens of the messages."""

from apps.platform.notifications.portal import account, centre, inbox, wordings

urlpatterns = [*centre.urlpatterns, *account.urlpatterns, *inbox.urlpatterns, *wordings.urlpatterns]
urlpatterns_garage = wordings.build_urls("garage")
urlpatterns_distributor = wordings.build_urls("distributor")
