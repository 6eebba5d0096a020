"""What the audit log says about webhooks."""

from django.utils.translation import gettext_lazy as _

from apps.platform.audit import texts

texts.register("webhook.added", _("Webhook added"), icon="webhook")
texts.register("webhook.changed", _("Webhook changed"), icon="pencil")
texts.register("webhook.secret_changed", _("Secret changed; the old one is good for a day"), icon="key-round")
texts.register("webhook.secret_shown", _("Secret looked at"), icon="eye")
texts.register("webhook.switched_on", _("Webhook switched on"), icon="power")
texts.register("webhook.switched_off", _("Webhook switched off"), icon="circle-x")
texts.register("webhook.given_up", _("Webhook switched off by itself: %(problem)s"), icon="circle-x")
texts.register("webhook.removed", _("Webhook removed"), icon="trash-2")
texts.register("webhook.tested", _("Test message asked for"), icon="send")
texts.register("webhook.sent_again", _("Message “%(event)s” sent again"), icon="rotate-cw")
