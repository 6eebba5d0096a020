"""How the steps of messages read in timelines and the audit log."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts
from apps.platform.notifications.models import Delivery
from apps.platform.notifications.sealing import purpose_of
from apps.platform.system.rotation import register_encrypted

texts.register("bulk_send.created", _("Mailing written"), icon="pencil")
texts.register("bulk_send.changed", _("Mailing changed"), icon="pencil")
texts.register("bulk_send.start", _("Sending started"), icon="send")
texts.register("bulk_send.pause", _("Sending paused"), icon="pause")
texts.register("bulk_send.resume", _("Sending goes on"), icon="play")
texts.register("bulk_send.cancel", _("Mailing cancelled"), icon="circle-x")
texts.register("bulk_send.unsubscribed", _("A receiver unsubscribed"), icon="bell-off")
texts.register("notification_template.saved", _("Text of a message changed"), icon="pencil")
texts.register("notification_template.reset", _("Text of a message back to the shipped one"), icon="undo-2")
texts.register("notification_template.broken", _("Text of a message does not work: %(error)s"), icon="triangle-alert")
texts.register("telegram.linked", _("Telegram linked"), icon="link")
texts.register("telegram.unlinked", _("Telegram no longer linked"), icon="unlink")
texts.register("delivery.sent_again", _("Message sent again"), icon="rotate-cw")
register_encrypted(Delivery, "sealed", purpose=purpose_of)
