"""What a watched server and a watched worker do: a page that fails with a person's data in its hands, and its job.

`main` asks for the page as the server would, and prints the answer's status and request id.
"""

import asyncio
from typing import Any

from celery import shared_task
from django.http import HttpRequest, HttpResponse
from django.urls import path

SECRETS = (
    "lan@example.com",
    "0901234567",
    "0901 234 567",
    "hunter22xyz",
    "Lan Trần",
    "in-the-path",
    "in-the-query",
    "in-the-agent",
)


@shared_task(name="tests.watched_job")
def job(customer: str) -> None:
    raise ValueError(f"job of {customer}, phone 0901234567, token=hunter22xyz")


def fail(request: HttpRequest, token: str) -> HttpResponse:
    from apps.platform.accounts.models import User

    customer_name, password = "Lan Trần", "hunter22xyz"
    User.objects.filter(email="lan@example.com", first_name=customer_name).first()
    job.delay("lan@example.com")
    raise ValueError(f"no customer lan@example.com, phone 0901 234 567, password={password}")


def addresses() -> list[Any]:
    from config.urls import urlpatterns

    return [path("fail/<str:token>/", fail), *urlpatterns]


async def ask() -> str:
    import httpx

    from config.asgi import application

    transport = httpx.ASGITransport(application, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.post(
            "/fail/in-the-path/?token=in-the-query&email=lan@example.com",
            headers={"X-Request-ID": "watched-1", "User-Agent": "in-the-agent", "Authorization": "Bearer hunter22xyz"},
            cookies={"sessionid": "hunter22xyz", "csrftoken": "a" * 32},
            data={"phone": "0901234567", "csrfmiddlewaretoken": "a" * 32},
        )
        await client.get("/healthz")
        return f"{answer.status_code} {answer.headers['X-Request-ID']}"


def main() -> None:
    print(asyncio.run(ask()))
