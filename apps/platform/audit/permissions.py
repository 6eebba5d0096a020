"""Rights of this app."""

AUDIT_VIEW = "audit.view"
AUDIT_EXPORT = "audit.export"
