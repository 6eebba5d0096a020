"""Posts of pages that a phone may send again after a lost connection: the same Idempotency-Key acts once."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from apps.core.actor import Actor
from apps.core.api.idempotency import Answer, Claim, claim

KEPT_HEADERS = ("HX-Trigger", "HX-Redirect", "HX-Retarget", "HX-Reswap", "Location", "Content-Type")


class _Posted:
    """What the claim reads of a request: address, headers, fields and files."""

    def __init__(self, request: HttpRequest) -> None:
        self.method, self.path, self.headers = request.method, request.path, request.headers
        self.get_full_path = request.get_full_path
        self.data: QueryDict = request.POST.copy()
        self.data.pop("csrfmiddlewaretoken", None)
        for name in request.FILES:
            self.data.setlist(name, request.FILES.getlist(name))


class PostOnceMixin:
    """Put before PortalView: a post whose key was seen is answered as it was the first time, without acting again.

    Only answers that changed something are kept; a refusal may be tried again with the same key.
    """

    actor: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        held = self.claim(request)
        if held is None:
            return super().dispatch(request, *args, **kwargs)
        if held.answer is not None:
            return _again(held.answer)
        try:
            response: HttpResponse = super().dispatch(request, *args, **kwargs)
        except BaseException:
            held.release()
            raise
        _keep(held, response)
        return response

    def claim(self, request: HttpRequest) -> Claim | None:
        """The claim for the key of this post; None for reading, for people who are not logged in, and without a key."""
        if request.method != "POST" or not self.actor.is_authenticated:
            return None
        return claim(_Posted(request), self.actor)


def _keep(held: Claim, response: HttpResponse) -> None:
    if response.status_code >= 400:
        held.release()
        return
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    held.keep(Answer(response.status_code, {"text": response.content.decode(), "headers": headers}))


def _again(answer: Answer) -> HttpResponse:
    return HttpResponse(
        answer.body["text"],
        status=answer.status,
        headers={**answer.body["headers"], "Idempotent-Replayed": "true", "Cache-Control": "no-store, private"},
    )
