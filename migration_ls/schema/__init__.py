"""The catalog model, with provenance."""
