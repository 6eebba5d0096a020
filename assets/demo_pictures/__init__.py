"""Pictures of parts and of inspection findings, drawn by code: no photo, no licence, the same bytes every time."""
