"""migration-ls: what a schema change does to a live PostgreSQL, and the whole safe migration for it."""

__version__ = "0.1.0"
