"""Screens of the messages."""

from apps.platform.notifications.portal import account, centre, inbox

urlpatterns = [*centre.urlpatterns, *account.urlpatterns, *inbox.urlpatterns]
