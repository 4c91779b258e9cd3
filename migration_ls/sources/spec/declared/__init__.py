"""Changes that a document spells out: in SQL, Python, tables, lists of columns, or in a sentence."""
