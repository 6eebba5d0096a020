"""The people of a company as receivers of notices."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.ids import parse_id
from apps.platform.accounts.models import User
from apps.platform.notifications.audiences import Audience, Counts, Receiver, register_audience
from apps.platform.notifications.models import BulkSend, Channel, NotificationPreference
from apps.platform.notifications.registry import get_type
from apps.platform.notifications.selectors import addresses_of
from apps.platform.organizations.models import Membership


class StaffAudience(Audience):
    code = BulkSend.Audience.STAFF
    type = "announcement.sent"
    label = _("Our people")
    channels = (Channel.EMAIL, Channel.SMS, Channel.TELEGRAM)

    def count(self, organization_id: UUID, channel: str) -> Counts:
        people = list(self._people(organization_id))
        return Counts(len(people), len(self._reachable(people, channel)))

    def take(self, organization_id: UUID, channel: str, *, after: str, limit: int) -> list[Receiver]:
        rows = self._people(organization_id)
        if (last := parse_id(after)) is not None:
            rows = rows.filter(pk__gt=last)
        return self._reachable(rows, channel)[:limit]

    def agrees(self, organization_id: UUID, channel: str, address: str) -> bool:
        return any(one.address == address for one in self._reachable(self._people(organization_id), channel))

    def unsubscribe(self, organization_id: UUID, channel: str, address: str) -> None:
        users = User.objects.filter(**{"email__iexact" if channel == Channel.EMAIL else "phone": address})
        for user in users:
            NotificationPreference.objects.update_or_create(
                user=user, category=get_type(self.type).category, channel=channel, defaults={"is_wanted": False}
            )

    def _reachable(self, people: Iterable[User], channel: str) -> list[Receiver]:
        people = list(people)
        unwanted = NotificationPreference.objects.filter(
            user__in=people, category=get_type(self.type).category, channel=channel, is_wanted=False
        )
        switched_off = set(unwanted.values_list("user_id", flat=True))
        addresses = addresses_of(people, (channel,))
        return [
            Receiver(str(user.pk), found[0], user.language, user.full_name, user.pk)
            for user in people
            if user.pk not in switched_off and (found := addresses.get((user.pk, channel)))
        ]

    @staticmethod
    def _people(organization_id: UUID) -> QuerySet[User]:
        members = Membership.objects.active().filter(organization_id=organization_id).values("user_id")
        return User.objects.filter(pk__in=members, is_active=True).order_by("pk")


register_audience(StaffAudience())
