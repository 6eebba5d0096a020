from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "apps.verticals.feedback"
    label = "feedback"
