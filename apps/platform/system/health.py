"""Is the process alive, and can it work?"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from apps.platform.system.services.check_health import check_all


@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; asks nobody."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """200 when everything that a request needs is there, 503 naming what is not."""
    with override("en"):  # machines read it, and the logs of who watches
        checks = check_all()
    is_good = all(check.is_good for check in checks if check.is_needed)
    body = {
        "status": "ok" if is_good else "failing",
        "checks": {
            check.name: {"ok": check.is_good, "needed": check.is_needed, "detail": check.detail} for check in checks
        },
    }
    return JsonResponse(body, status=200 if is_good else 503)
