"""Edits of schema documents."""
