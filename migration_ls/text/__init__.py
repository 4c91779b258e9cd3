"""Spans, line index, edits, fingerprints."""
