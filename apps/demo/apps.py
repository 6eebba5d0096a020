from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "apps.demo"
    label = "demo"

    def ready(self) -> None:
        from apps.demo.logins import list_logins
        from apps.platform.accounts.demo import offer_demo_logins

        offer_demo_logins(list_logins)
