"""Screens of the messages."""

from apps.platform.notifications.portal import account, bulk, centre, deliveries, inbox, wordings

urlpatterns = [
    *centre.urlpatterns,
    *account.urlpatterns,
    *inbox.urlpatterns,
    *wordings.urlpatterns,
    *bulk.urlpatterns,
]
urlpatterns_garage = [*wordings.build_urls("garage"), *bulk.build_urls("garage"), *deliveries.build_urls("garage")]
urlpatterns_distributor = [
    *wordings.build_urls("distributor"),
    *bulk.build_urls("distributor"),
    *deliveries.build_urls("distributor"),
]
