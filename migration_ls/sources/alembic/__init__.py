"""Alembic revisions to statements, read with `ast` and never run."""
