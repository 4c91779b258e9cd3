"""`migration.md`: the whole plan as a document, every section from data."""
