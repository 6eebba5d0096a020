"""Addresses of the provider, under the names by which the library knows them."""

from allauth.idp.oidc import views as library
from django.urls import URLPattern, URLResolver, include, path

from apps.platform.accounts.provider import views

OIDC: list[URLPattern] = [
    path(".well-known/openid-configuration", views.ConfigurationView.as_view(), name="configuration"),
    path(".well-known/jwks.json", library.jwks, name="jwks"),
    path("oauth/authorize", views.AuthorizationView.as_view(), name="authorization"),
    path("oauth/token", views.TokenView.as_view(), name="token"),
    path("oauth/revoke", views.RevokeView.as_view(), name="revoke"),
    path("oauth/introspect", library.introspect, name="introspect"),
    path("oauth/userinfo", library.user_info, name="userinfo"),
]
app_name = "idp"
urlpatterns: list[URLResolver] = [path("", include((OIDC, "oidc")))]
