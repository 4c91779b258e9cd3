"""The parts of an index as SQL says them."""

import re
from functools import lru_cache

from migration_ls.schema.tables import IndexPart

_COLUMN = re.compile(r"[a-z_][a-z0-9_]*\Z")


@lru_cache(maxsize=2048)
def index_parts(text: str) -> tuple[IndexPart, ...]:
    """What PostgreSQL reads between the brackets of CREATE INDEX: columns and expressions with their order."""
    if _COLUMN.match(text):
        return (IndexPart(text=text),)
    from migration_ls.operations.create_index import CreateIndex
    from migration_ls.sources.sql.reader import read_sql

    for body in (text, f"({text})"):
        file = read_sql(f"CREATE INDEX i ON t ({body})")
        operations = [clause.operation for statement in file.statements for clause in statement.clauses]
        if operations and isinstance(operations[0], CreateIndex):
            return operations[0].index.parts
    return (IndexPart(text=text, is_expression=True),)
