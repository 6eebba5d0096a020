"""Addresses that all portals share."""

from django.conf import settings
from django.urls import path
from django.views.generic import RedirectView

from apps.core.portal.pages import BellView, GalleryView, HomeView, LanguageView, SwitchView
from apps.core.portal.palette import PaletteView

urlpatterns = [
    path("home/", HomeView.as_view(), name="home"),
    path("switch/", SwitchView.as_view(), name="switch"),
    path("language/", LanguageView.as_view(), name="language"),
    path("palette/", PaletteView.as_view(), name="palette"),
    path("notifications/bell/", BellView.as_view(), name="bell"),
    path("dev/ui/", GalleryView.as_view(), name="dev-ui"),
    path("log-in/", RedirectView.as_view(url=settings.LOGIN_URL, query_string=True)),
]
