"""Majors of PostgreSQL that are supported."""

OLDEST = 13
NEWEST = 18
DEFAULT = 15
SUPPORTED = range(OLDEST, NEWEST + 1)
IDENTIFIER_BYTES = 63
"""Longer names are cut silently (manual: Identifiers and Key Words)."""
