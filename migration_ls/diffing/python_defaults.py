"""Defaults that Python knows, as the server would have them."""

from migration_ls.postgres.quoting import literal
from migration_ls.schema.expression import Expression
from migration_ls.schema.tables import Column
from migration_ls.sources.sql.expressions import expression

_BARE = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision", "boolean"})
_NOW = frozenset({"utcnow", "now", "utc_now", "get_datetime_utc", "now_utc", "current_time"})


def server_default(column: Column) -> Expression | None:
    """The server default that means what the column's Python default does; None where there is no such."""
    python = column.python_default
    if python is None:
        return None
    type_ = column.type
    match python.kind:
        case "value":
            bare = type_.name in _BARE and not type_.is_array
            return expression(python.text if bare else literal(python.text))
        case "sql":
            return expression(python.text)
        case "callable":
            return _callable(python.text.rpartition(".")[2], column)


def _callable(name: str, column: Column) -> Expression | None:
    type_ = column.type
    if type_.is_array and name in {"list", "set", "tuple"}:
        return expression("'{}'")
    if type_.name in {"json", "jsonb"} and name in {"list", "dict"}:
        return expression("'[]'" if name == "list" else "'{}'")
    if type_.name == "uuid" and name.startswith("uuid"):
        return expression("gen_random_uuid()")
    if type_.name.startswith("timestamp") and name in _NOW:
        return expression("now()")
    if type_.name == "date" and name == "today":
        return expression("CURRENT_DATE")
    return None
