"""Rights of this app."""

SETTINGS_EDIT = "settings.edit"
