"""The parts of an index that `text("...")` gives."""

from migration_ls.schema.tables import IndexPart


def index_parts_of_text(text: str) -> tuple[IndexPart, ...]:
    """What PostgreSQL would read between the brackets: columns and expressions with their order."""
    from migration_ls.operations.create_index import CreateIndex
    from migration_ls.sources.sql.reader import read_sql

    for body in (text, f"({text})"):
        file = read_sql(f"CREATE INDEX i ON t ({body})")
        operations = [clause.operation for statement in file.statements for clause in statement.clauses]
        if operations and isinstance(operations[0], CreateIndex):
            return operations[0].index.parts
    return (IndexPart(text=text, is_expression=True),)
