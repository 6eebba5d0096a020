"""Settings of the messages: who carries them out, and the keys. Without a provider nothing leaves the machine."""

import environ

env = environ.Env()

EMAIL_URL = env.email_url("EMAIL_URL", default="smtp://localhost:25")
EMAIL_USE_TLS = bool(EMAIL_URL.get("EMAIL_USE_TLS", False))
EMAIL_USE_SSL = bool(EMAIL_URL.get("EMAIL_USE_SSL", False))
ANYMAIL = {
    "MAILGUN_API_URL": env("MAILGUN_API_URL", default="https://api.mailgun.net/v3"),
    "MAILGUN_API_KEY": env("MAILGUN_API_KEY", default=""),
    "MAILGUN_SENDER_DOMAIN": env("MAILGUN_SENDER_DOMAIN", default=""),
    "MAILGUN_WEBHOOK_SIGNING_KEY": env("MAILGUN_WEBHOOK_SIGNING_KEY", default=""),
}

TELEGRAM_PROVIDER = env("TELEGRAM_PROVIDER", default="inbox")
TELEGRAM_BASE_URL = env("TELEGRAM_BASE_URL", default="https://api.telegram.org")
TELEGRAM_BOT_TOKEN = env("TELEGRAM_BOT_TOKEN", default="")
TELEGRAM_BOT_NAME = env("TELEGRAM_BOT_NAME", default="")
# What Telegram sends back in a header with every call, as it was told by setWebhook.
TELEGRAM_WEBHOOK_SECRET = env("TELEGRAM_WEBHOOK_SECRET", default="")

PUSH_PROVIDER = env("PUSH_PROVIDER", default="inbox")
# The private key of this server towards push services: base64url of 32 bytes (`manage.py vapid_key` makes one).
VAPID_PRIVATE_KEY = env("VAPID_PRIVATE_KEY", default="")
VAPID_CONTACT = env("VAPID_CONTACT", default="mailto:support@baylink.example")
# Push services of the browsers: a browser names its address itself, so others are not called.
PUSH_SERVICE_HOSTS = env.list(
    "PUSH_SERVICE_HOSTS",
    default=[
        "fcm.googleapis.com",
        "push.services.mozilla.com",
        "notify.windows.com",
        "push.apple.com",
    ],
)
