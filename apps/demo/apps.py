from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "apps.demo"
    label = "demo"

    def ready(self) -> None:
        from django.conf import settings

        from apps.demo.job import offer
        from apps.demo.logins import list_logins
        from apps.platform.accounts.demo import offer_demo_logins

        offer_demo_logins(list_logins)
        if settings.DEMO:
            offer()
