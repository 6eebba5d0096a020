"""Messages to people: in the app, by email, by SMS. Types are declared by the app that owns them.

Owns NotificationTemplate, NotificationPreference, Notification (in-app) and Delivery (one message on one channel). The
same event never reaches the same address twice. Without a provider, messages can be read at /dev/inbox/.
"""
