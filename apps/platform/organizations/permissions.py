"""Rights of this app."""

STAFF_VIEW = "staff.view"
STAFF_EDIT = "staff.edit"
SETTINGS_EDIT = "settings.edit"
