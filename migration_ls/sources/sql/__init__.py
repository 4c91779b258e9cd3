"""SQL text to statements and expressions, with PostgreSQL's own grammar."""
