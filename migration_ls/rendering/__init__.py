"""Plans as text: SQL, migration.md, edits of models and schema document."""
