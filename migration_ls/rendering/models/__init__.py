"""Edits of files with SQLModel classes."""
