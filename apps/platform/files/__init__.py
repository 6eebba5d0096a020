"""Uploaded and made files: checked by content, images re-encoded without location, private ones by signed link only."""
