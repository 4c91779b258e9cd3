"""Building stones of generated scripts: transactions, timeouts, guards, checks."""

from migration_ls.planning.plan import Check
from migration_ls.postgres.quoting import dollar_quoted, identifier, literal
from migration_ls.schema.names import Name

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "15s"


def transaction(statements: list[str], *, long: bool = False) -> str:
    """Statements in a transaction with its timeouts; `long` ones may run as long as they need."""
    body = "\n".join(statements)
    limit = "0" if long else literal(STATEMENT_TIMEOUT)
    return (
        "BEGIN;\n"
        f"SET LOCAL lock_timeout = {literal(LOCK_TIMEOUT)};\n"
        f"SET LOCAL statement_timeout = {limit};\n"
        f"{body}\n"
        "COMMIT;"
    )


def session(statements: list[str], *, waits: bool) -> str:
    """Statements outside a transaction; those that wait for others without blocking anybody have no lock timeout."""
    lock = "0" if waits else literal(LOCK_TIMEOUT)
    body = "\n".join(statements)
    return (
        f"SET lock_timeout = {lock};\nSET statement_timeout = 0;\n{body}\nRESET statement_timeout;\nRESET lock_timeout;"
    )


def do_block(body: str) -> str:
    """A DO block."""
    return f"DO {dollar_quoted(chr(10) + body + chr(10))};"


def unless(condition: str, statement: str) -> str:
    """Run the statement unless the query finds something."""
    return do_block(
        f"BEGIN\n    IF NOT EXISTS (\n{_indent(condition, 8)}\n    ) THEN\n{_indent(statement, 8)};\n    END IF;\nEND"
    )


def when(condition: str, statement: str) -> str:
    """Run the statement when the query finds something."""
    return do_block(
        f"BEGIN\n    IF EXISTS (\n{_indent(condition, 8)}\n    ) THEN\n{_indent(statement, 8)};\n    END IF;\nEND"
    )


def constraint_query(table: Name, constraint: str) -> str:
    """Finds the constraint of that name."""
    return f"SELECT FROM pg_constraint\nWHERE conrelid = {regclass(table)} AND conname = {literal(constraint)}"


def invalid_index_query(index: Name) -> str:
    """Finds the index when a build of it failed."""
    return f"SELECT FROM pg_index\nWHERE indexrelid = to_regclass({literal(spelled(index))}) AND NOT indisvalid"


def type_query(name: Name) -> str:
    """Finds the type of that name."""
    return f"SELECT FROM to_regtype({literal(spelled(name))}) AS present WHERE present IS NOT NULL"


def trigger_query(table: Name, trigger: str) -> str:
    """Finds the trigger of that name."""
    return f"SELECT FROM pg_trigger\nWHERE tgrelid = {regclass(table)} AND tgname = {literal(trigger)}"


def domain_check_query(domain: Name, check: str) -> str:
    """Finds the check of that name of the domain."""
    type_ = f"to_regtype({literal(spelled(domain))})"
    return f"SELECT FROM pg_constraint\nWHERE contypid = {type_} AND conname = {literal(check)}"


def relation_query(name: Name) -> str:
    """Finds the relation of that name."""
    return f"SELECT FROM to_regclass({literal(spelled(name))}) AS present WHERE present IS NOT NULL"


def view_query(name: Name) -> str:
    """Finds the view of that name."""
    return f"SELECT FROM pg_class\nWHERE oid = to_regclass({literal(spelled(name))}) AND relkind = 'v'"


def column_query(table: Name, column: str) -> str:
    """Finds the column of that name."""
    return (
        f"SELECT FROM pg_attribute\nWHERE attrelid = {regclass(table)} AND attname = {literal(column)}"
        " AND NOT attisdropped"
    )


def spelled(name: Name) -> str:
    """Namespace and name, always both, so that the search path does not matter."""
    return f"{identifier(name.namespace)}.{identifier(name.name)}"


def regclass(name: Name) -> str:
    """The relation's oid."""
    return f"{literal(spelled(name))}::regclass"


def raising(check: Check) -> str:
    """The check as a statement that fails by its own message when its query returns a row."""
    message = literal(f"check {check.name}: {check.failure}".replace("%", "%%"))
    return do_block(
        f"BEGIN\n    IF EXISTS (\n{_indent(check.query, 8)}\n    ) THEN\n"
        f"        RAISE EXCEPTION {message};\n    END IF;\nEND"
    )


def _indent(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else line for line in text.split("\n"))


def counting(table: Name, column: str, identity: str) -> list[str]:
    """Make a column count by itself, going on where its values end; or only change how an identity takes values."""
    kind, name = identity.upper(), identifier(column)
    body = (
        "BEGIN\n"
        "    IF EXISTS (\n"
        f"        SELECT FROM pg_attribute\n"
        f"        WHERE attrelid = {regclass(table)} AND attname = {literal(column)} AND attidentity <> ''\n"
        "    ) THEN\n"
        f"        ALTER TABLE {table.sql} ALTER COLUMN {name} SET GENERATED {kind};\n"
        "    ELSE\n"
        f"        ALTER TABLE {table.sql} ALTER COLUMN {name} ADD GENERATED {kind} AS IDENTITY;\n"
        f"        PERFORM setval(pg_get_serial_sequence({literal(spelled(table))}, {literal(column)}),\n"
        f"            (SELECT coalesce(max({name}), 0) + 1 FROM {table.sql}), false);\n"
        "    END IF;\n"
        "END"
    )
    return [do_block(body)]


def unless_used(statement: str, what: str) -> str:
    """Run the statement, and leave the object where something else depends on it."""
    notice = literal(f"{what} stays: something else uses it")
    return do_block(
        f"BEGIN\n    {statement};\nEXCEPTION WHEN dependent_objects_still_exist THEN\n    RAISE NOTICE {notice};\nEND"
    )
