"""A company's customers as receivers of mass mailings: only those who agreed, and only as long as they do."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.ids import parse_id
from apps.engines.customers.models import Customer
from apps.engines.customers.services import withdraw_marketing
from apps.platform.accounts.models import Consent
from apps.platform.accounts.selectors import last_word_on
from apps.platform.notifications.audiences import Audience, Counts, Receiver, register_audience
from apps.platform.notifications.models import BulkSend, Channel

_FIELDS: dict[str, str] = {Channel.EMAIL: "email", Channel.SMS: "phone"}


class CustomerAudience(Audience):
    code = BulkSend.Audience.CUSTOMERS
    type = "promotion.sent"
    label = _("Customers who agreed to offers")
    channels = (Channel.EMAIL, Channel.SMS)

    def count(self, organization_id: UUID, channel: str) -> Counts:
        everybody = Customer.objects.filter(organization_id=organization_id, is_active=True).count()
        return Counts(everybody, self._reachable(organization_id, channel).count())

    def take(self, organization_id: UUID, channel: str, *, after: str, limit: int) -> list[Receiver]:
        rows = self._reachable(organization_id, channel).order_by("pk")
        if (last := parse_id(after)) is not None:
            rows = rows.filter(pk__gt=last)
        return [
            Receiver(
                key=str(row.pk),
                address=getattr(row, _FIELDS[channel]),
                language=row.language,
                name=row.name,
                user_id=row.user_id,
            )
            for row in rows[:limit]
        ]

    def agrees(self, organization_id: UUID, channel: str, address: str) -> bool:
        return self._reachable(organization_id, channel).filter(**{_FIELDS[channel]: address}).exists()

    def unsubscribe(self, organization_id: UUID, channel: str, address: str) -> None:
        withdraw_marketing(organization_id, **{_FIELDS[channel]: address})

    @staticmethod
    def _reachable(organization_id: UUID, channel: str) -> QuerySet[Customer]:
        rows = Customer.objects.filter(organization_id=organization_id, is_active=True, has_marketing_consent=True)
        # What somebody said in their own account outweighs what the company noted.
        rows = rows.annotate(own_word=last_word_on(Consent.Kind.MARKETING))
        rows = rows.filter(Q(own_word=True) | Q(own_word__isnull=True))
        return rows.exclude(Q(**{_FIELDS[channel]: ""}))


register_audience(CustomerAudience())
