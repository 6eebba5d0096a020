"""Rights of this app."""

STAFF_VIEW = "staff.view"
STAFF_EDIT = "staff.edit"
STAFF_INVITE = "staff.invite"
ROLE_EDIT = "role.edit"
SETTINGS_EDIT = "settings.edit"
