from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "apps.platform.webhooks"
    label = "webhooks"
