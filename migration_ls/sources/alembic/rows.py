"""Statements about rows that SQLAlchemy's own functions put together, as SQL."""

from typing import Any

from migration_ls.postgres.quoting import identifier, identifiers
from migration_ls.sources.alembic.tables import Target, UntranslatableError
from migration_ls.sources.alembic.values import Construct

_VERBS = frozenset({"update", "insert", "delete"})


def rows_sql(value: Any) -> str | None:
    """The SQL of `sa.update(users).values(...)`, `users.insert()` and the like; values and conditions are parameters.

    None when it is no such statement.

    Raises:
        UntranslatableError: The table or the columns are not written out.
    """
    chain: list[Construct] = []
    while isinstance(value, Construct):
        chain.append(value)
        if value.name in _VERBS:
            break
        value = value.owner
    if not chain or chain[-1].name not in _VERBS:
        return None
    root = chain[-1]
    target = target_of(root.arguments[0] if root.arguments else root.owner)
    where = " WHERE $1" if any(part.name in {"where", "filter", "filter_by"} for part in chain) else ""
    columns = [name for part in chain if part.name == "values" for name in _columns(part)]
    match root.name:
        case "delete":
            return f"DELETE FROM {target.sql}{where}"
        case "insert" if columns:
            return f"INSERT INTO {target.sql} ({identifiers(columns)}) VALUES ({', '.join(['$1'] * len(columns))})"
        case "update" if columns:
            return f"UPDATE {target.sql} SET {', '.join(f'{identifier(name)} = $1' for name in columns)}{where}"
        case _:
            raise UntranslatableError(f"which columns of `{target.name}` it writes is not written out")


def changes_rows(call: Construct) -> bool:
    """Whether it can only change rows, so that no table is another one after it."""
    if call.name == "bulk_insert":
        return True
    part = call.argument(0, "statement") if call.name == "execute" else None
    while isinstance(part, Construct):
        if part.name in _VERBS:
            return True
        part = part.owner
    return False


def target_of(value: Any) -> Target:
    """The table that `sa.table("users", ...)` or `sa.Table("users", ...)` stands for.

    Raises:
        UntranslatableError: It is none, or its name is not written out.
    """
    if not isinstance(value, Construct) or value.name not in {"table", "Table", "create_table"}:
        raise UntranslatableError("the table whose rows it changes is not written out")
    name = value.text(0, "name")
    if name is None:
        raise UntranslatableError("the table whose rows it changes is not written out")
    schema = value.keywords.get("schema")
    return Target(name=name, schema=schema if isinstance(schema, str) else None)


def _columns(part: Construct) -> list[str]:
    given = part.arguments[0] if part.arguments else part.keywords
    if isinstance(given, tuple) and given:
        given = given[0]
    return [str(name) for name in given if isinstance(name, str)] if isinstance(given, dict) else []
