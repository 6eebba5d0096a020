"""The payment page of the simulated company: a QR code, and buttons for everything that can happen with it."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from apps.core.portal.views import PortalView
from apps.engines.payments.providers.payos_account import is_simulated
from apps.engines.payments.simulator import bank, store
from apps.engines.payments.simulator.api import current_state
from apps.engines.payments.vietqr import qr_svg

SHORT_BY = 1000
ODD_WAYS = (
    ("late", _("Pay, but the message comes late")),
    ("twice", _("Transfer twice")),
    ("wrong", _("Transfer a wrong amount")),
    ("forged", _("Forge a message without paying")),
)


class PayPage(PortalView):
    """What the payer sees after choosing to pay online."""

    is_public = True
    template_name = "payments/simulator/pay.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        link = store.find(kwargs["link_id"]) if is_simulated() else None
        if link is None:
            raise Http404
        self.link = link

    def get_title(self) -> Any:
        return _("Payment")

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(
            link=self.link,
            state=current_state(self.link),
            qr=mark_safe(qr_svg(self.link["qrCode"])),  # noqa: S308 - drawn by us from checked text
            odd_ways=ODD_WAYS,
            company={"name": "PayOS", "color": "#1a56db", "address": _("Simulated payment company")},
            **extra,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Does what the button says and goes back to the shop."""
        way = request.POST.get("way", "")
        link, is_open = self.link, current_state(self.link) == "PENDING"
        if way == "cancel":
            return self.cancel(is_open=is_open)
        deliveries = self.act(way, is_open=is_open)
        bank.send(deliveries)
        status = "PAID" if way != "forged" else link["status"]
        return self.go(link["returnUrl"], code="00", status=status, cancel="false")

    def act(self, way: str, *, is_open: bool) -> list[bank.Delivery]:
        link = self.link
        if way == "forged":
            return bank.forge(link)
        if not is_open and way != "twice":
            return []
        if way == "late":
            return bank.transfer(link, link["amount"], at_once=False)
        if way == "wrong":
            return bank.transfer(link, max(1, link["amount"] - SHORT_BY))
        second = bank.transfer(link, link["amount"]) if way == "twice" else []
        return [*bank.transfer(link, link["amount"]), *second] if way in ("pay", "twice") else []

    def cancel(self, *, is_open: bool) -> HttpResponse:
        if is_open:
            self.link["status"] = "CANCELLED"
            store.save(self.link)
        return self.go(self.link["cancelUrl"], code="00", status="CANCELLED", cancel="true")

    def go(self, url: str, **values: str) -> HttpResponse:
        query = urlencode({"id": self.link["id"], "orderCode": self.link["orderCode"], **values})
        return HttpResponseRedirect(f"{url}{'&' if '?' in url else '?'}{query}")
