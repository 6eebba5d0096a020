"""Addresses below /files/."""

from django.urls import path

from apps.platform.files import views

app_name = "files"
urlpatterns = [
    path("public/<uuid:file_id>/<str:variant>", views.public_file, name="public"),
    path("<uuid:file_id>/<str:signature>/<str:variant>", views.private_file, name="private"),
]
