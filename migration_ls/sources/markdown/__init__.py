"""Markdown as blocks with exact places."""
