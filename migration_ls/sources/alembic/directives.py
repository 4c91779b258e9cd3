"""Alembic's `op.*` calls as SQL."""

from collections.abc import Callable
from typing import Any

from migration_ls.postgres.quoting import identifier, identifiers, literal, qualified
from migration_ls.sources.alembic.tables import (
    ColumnSql,
    Convention,
    Target,
    UntranslatableError,
    actions,
    column_sql,
    constraint_name,
    constraint_sql,
    default_sql,
    index_name,
    sql_text,
    words,
)
from migration_ls.sources.alembic.types import sql_type
from migration_ls.sources.alembic.values import Construct

_GIVEN_FIRST = frozenset(
    """create_index create_foreign_key create_unique_constraint create_primary_key create_check_constraint
    drop_constraint drop_index""".split()
)


def statements_of(call: Construct, convention: Convention, table: Target | None = None) -> tuple[str, ...]:
    """The SQL of a call; `table` is that of a `batch_alter_table` it stands in.

    Raises:
        UntranslatableError: The call is not known, or a part of it is not written out.
    """
    translate = _DIRECTIVES.get(call.name)
    if translate is None:
        raise UntranslatableError(f"`op.{call.name}` is not known")
    return translate(_with_table(call, table) if table else call, convention)


def _with_table(call: Construct, table: Target) -> Construct:
    """A call of a batch as `op` has it: with the table among its arguments."""
    at = 1 if call.name in _GIVEN_FIRST else 0
    if call.name == "drop_index":
        keywords = {**call.keywords, "table_name": table.name}
        return Construct(call.name, call.arguments, {"schema": table.schema, **keywords}, call.owner)
    arguments = (*call.arguments[:at], table.name, *call.arguments[at:])
    named = {"source_schema" if call.name == "create_foreign_key" else "schema": table.schema}
    return Construct(call.name, arguments, {**named, **call.keywords}, call.owner)


def _target(call: Construct, position: int, keyword: str, schema: str = "schema") -> Target:
    name = call.text(position, keyword)
    if name is None:
        raise UntranslatableError("the name of the table is not written out")
    namespace = call.keywords.get(schema)
    return Target(name=name, schema=namespace if isinstance(namespace, str) else None)


def _create_table(call: Construct, convention: Convention) -> tuple[str, ...]:
    target = _target(call, 0, "table_name")
    items = [item for item in call.arguments[1:] if isinstance(item, Construct)]
    if len(items) != len(call.arguments) - 1:
        raise UntranslatableError(f"the columns of `{target.name}` are not written out")
    keys = [column for item in items if item.name == "PrimaryKeyConstraint" for column in words(item.arguments)]
    keys = keys or [str(item.text(0, "name")) for item in items if item.keywords.get("primary_key") is True]
    columns: list[ColumnSql] = []
    parts: list[str] = []
    for item in items:
        if item.name == "Column":
            columns.append(column_sql(item, target, convention, keys))
            parts.append(columns[-1].sql)
        elif part := constraint_sql(item, target, convention):
            parts.append(part)
    if keys and not any(item.name == "PrimaryKeyConstraint" for item in items):
        name = constraint_name(None, "pk", target, keys, convention)
        named = f"CONSTRAINT {identifier(name)} " if name else ""
        parts.append(f"{named}PRIMARY KEY ({identifiers(keys)})")
    guard = "IF NOT EXISTS " if call.keywords.get("if_not_exists") is True else ""
    enums = dict.fromkeys(column.enum for column in columns if column.enum and column.enum.created)
    indexes = [item for item in items if item.name == "Index"]
    return (
        *(enum.create for enum in enums if enum),
        f"CREATE TABLE {guard}{target.sql} ({', '.join(parts)})",
        *(_column_index(column, target, convention) for column in columns if column.index),
        *(_index(Construct("create_index", (item.arguments[0], target.name, item.arguments[1:]), item.keywords), target)
          for item in indexes if item.arguments),
    )  # fmt: skip


def _column_index(column: ColumnSql, target: Target, convention: Convention) -> str:
    name = identifier(index_name(target, [column.name], convention))
    return f"CREATE {'UNIQUE ' if column.unique else ''}INDEX {name} ON {target.sql} ({identifier(column.name)})"


def _add_column(call: Construct, convention: Convention) -> tuple[str, ...]:
    target = _target(call, 0, "table_name")
    column = column_sql(call.argument(1, "column"), target, convention)
    guard = "IF NOT EXISTS " if call.keywords.get("if_not_exists") is True else ""
    added = f"ALTER TABLE {target.sql} ADD COLUMN {guard}{column.sql}"
    return (added, _column_index(column, target, convention)) if column.index else (added,)


def _drop_column(call: Construct, convention: Convention) -> tuple[str, ...]:  # noqa: ARG001
    target = _target(call, 0, "table_name")
    guard = "IF EXISTS " if call.keywords.get("if_exists") is True else ""
    return (f"ALTER TABLE {target.sql} DROP COLUMN {guard}{identifier(_name(call, 1, 'column_name'))}",)


def _alter_column(call: Construct, convention: Convention) -> tuple[str, ...]:  # noqa: ARG001
    target = _target(call, 0, "table_name")
    column = identifier(_name(call, 1, "column_name"))
    head = f"ALTER TABLE {target.sql} ALTER COLUMN {column}"
    found: list[str] = []
    given = call.keywords
    if given.get("type_") is not None:
        type_ = sql_type(given["type_"], target.schema)
        if type_ is None:
            raise UntranslatableError(f"the new type of {column} is not known")
        using = given.get("postgresql_using")
        found.append(f"{head} TYPE {type_.sql}" + (f" USING {using}" if isinstance(using, str) else ""))
    if "server_default" in given and given["server_default"] is not False:
        default = default_sql(given["server_default"])
        found.append(f"{head} DROP DEFAULT" if default is None else f"{head} SET DEFAULT {default}")
    if isinstance(given.get("nullable"), bool):
        found.append(f"{head} {'DROP' if given['nullable'] else 'SET'} NOT NULL")
    if isinstance(given.get("comment"), str):
        found.append(f"COMMENT ON COLUMN {target.sql}.{column} IS {literal(given['comment'])}")
    new = given.get("new_column_name", given.get("name"))
    if isinstance(new, str):
        found.append(f"ALTER TABLE {target.sql} RENAME COLUMN {column} TO {identifier(new)}")
    return tuple(found)


def _create_index(call: Construct, convention: Convention) -> tuple[str, ...]:
    target = _target(call, 1, "table_name")
    if call.argument(0, "index_name") is None:
        name = index_name(target, words(call.argument(2, "columns")), convention)
        call = Construct(call.name, (name, *call.arguments[1:]), call.keywords)
    return (_index(call, target),)


def _index(call: Construct, target: Target) -> str:
    columns = call.argument(2, "columns")
    if not isinstance(columns, tuple):
        raise UntranslatableError("the columns of an index are not written out")
    classes = call.keywords.get("postgresql_ops")
    parts: list[str] = []
    for item in columns:
        part = identifier(item) if isinstance(item, str) else _index_part(item)
        chosen = classes.get(item) if isinstance(classes, dict) and isinstance(item, str) else None
        parts.append(f"{part} {chosen}" if isinstance(chosen, str) else part)
    given = call.keywords
    where = sql_text(given.get("postgresql_where"))
    include = given.get("postgresql_include")
    method = given.get("postgresql_using")
    return "".join(
        [
            "CREATE ",
            "UNIQUE " if given.get("unique") is True else "",
            "INDEX ",
            "CONCURRENTLY " if given.get("postgresql_concurrently") is True else "",
            "IF NOT EXISTS " if given.get("if_not_exists") is True else "",
            identifier(_name(call, 0, "index_name")),
            f" ON {target.sql}",
            f" USING {method}" if isinstance(method, str) else "",
            f" ({', '.join(parts)})",
            f" INCLUDE ({identifiers(words(include))})" if include else "",
            " NULLS NOT DISTINCT" if given.get("postgresql_nulls_not_distinct") is True else "",
            f" WHERE {where}" if where else "",
        ]
    )


def _index_part(item: Any) -> str:
    """`text("lower(email)")`, `column.desc()`, `func.lower("email")`."""
    if isinstance(item, Construct) and item.name in {"desc", "asc", "nulls_last", "nulls_first"}:
        inner = item.owner if not item.arguments else item.arguments[0]
        part = identifier(inner) if isinstance(inner, str) else _index_part(inner)
        return f"{part} {item.name.replace('_', ' ').upper()}"
    text = sql_text(item)
    if text is None:
        raise UntranslatableError("a column of an index is not written out")
    bare = text.strip()
    plain = bare.replace("_", "").isalnum() or bare.startswith("(") or bare.upper().endswith((" DESC", " ASC", " LAST"))
    return bare if plain or bare.endswith(")") else f"({bare})"


def _drop_index(call: Construct, convention: Convention) -> tuple[str, ...]:  # noqa: ARG001
    schema = call.keywords.get("schema")
    name = _name(call, 0, "index_name")
    concurrently = "CONCURRENTLY " if call.keywords.get("postgresql_concurrently") is True else ""
    guard = "IF EXISTS " if call.keywords.get("if_exists") is True else ""
    return (
        f"DROP INDEX {concurrently}{guard}{qualified(schema, name) if isinstance(schema, str) else identifier(name)}",
    )


def _create_foreign_key(call: Construct, convention: Convention) -> tuple[str, ...]:
    target = _target(call, 1, "source_table", "source_schema")
    other = _target(call, 2, "referent_table", "referent_schema")
    columns, referred = words(call.argument(3, "local_cols")), words(call.argument(4, "remote_cols"))
    name = constraint_name(
        call.argument(0, "constraint_name"), "fk", target, columns, convention, other.name, referred[0]
    )
    named = f"CONSTRAINT {identifier(name)} " if name else ""
    body = f"FOREIGN KEY ({identifiers(columns)}) REFERENCES {other.sql} ({identifiers(referred)})"
    return (f"ALTER TABLE {target.sql} ADD {named}{body}{actions(call.keywords)}",)


def _add_key(kind: str, word: str) -> "_Translator":
    def translate(call: Construct, convention: Convention) -> tuple[str, ...]:
        target = _target(call, 1, "table_name")
        columns = words(call.argument(2, "columns"))
        name = constraint_name(call.argument(0, "constraint_name"), kind, target, columns, convention)
        named = f"CONSTRAINT {identifier(name)} " if name else ""
        return (f"ALTER TABLE {target.sql} ADD {named}{word} ({identifiers(columns)})",)

    return translate


def _create_check(call: Construct, convention: Convention) -> tuple[str, ...]:
    target = _target(call, 1, "table_name")
    text = sql_text(call.argument(2, "condition"))
    if text is None:
        raise UntranslatableError("the check is not written out")
    name = constraint_name(call.argument(0, "constraint_name"), "ck", target, [], convention)
    named = f"CONSTRAINT {identifier(name)} " if name else ""
    return (f"ALTER TABLE {target.sql} ADD {named}CHECK ({text}){actions(call.keywords)}",)


def _drop_constraint(call: Construct, convention: Convention) -> tuple[str, ...]:  # noqa: ARG001
    target = _target(call, 1, "table_name")
    guard = "IF EXISTS " if call.keywords.get("if_exists") is True else ""
    return (f"ALTER TABLE {target.sql} DROP CONSTRAINT {guard}{identifier(_name(call, 0, 'constraint_name'))}",)


def _drop_table(call: Construct, convention: Convention) -> tuple[str, ...]:  # noqa: ARG001
    guard = "IF EXISTS " if call.keywords.get("if_exists") is True else ""
    return (f"DROP TABLE {guard}{_target(call, 0, 'table_name').sql}",)


def _rename_table(call: Construct, convention: Convention) -> tuple[str, ...]:  # noqa: ARG001
    target = _target(call, 0, "old_table_name")
    return (f"ALTER TABLE {target.sql} RENAME TO {identifier(_name(call, 1, 'new_table_name'))}",)


def _table_comment(call: Construct, convention: Convention) -> tuple[str, ...]:  # noqa: ARG001
    text = call.text(1, "comment")
    return (f"COMMENT ON TABLE {_target(call, 0, 'table_name').sql} IS {literal(text) if text else 'NULL'}",)


def _execute(call: Construct, convention: Convention) -> tuple[str, ...]:  # noqa: ARG001
    text = sql_text(call.argument(0, "sqltext"))
    if text is None:
        raise UntranslatableError("it executes SQL that is made at run time")
    return (text,)


def _name(call: Construct, position: int, keyword: str) -> str:
    name = call.text(position, keyword)
    if name is None:
        raise UntranslatableError("a name is not written out")
    return name


_Translator = Callable[[Construct, Convention], tuple[str, ...]]
_DIRECTIVES: dict[str, _Translator] = {
    "create_table": _create_table,
    "drop_table": _drop_table,
    "rename_table": _rename_table,
    "add_column": _add_column,
    "drop_column": _drop_column,
    "alter_column": _alter_column,
    "create_index": _create_index,
    "drop_index": _drop_index,
    "create_foreign_key": _create_foreign_key,
    "create_unique_constraint": _add_key("uq", "UNIQUE"),
    "create_primary_key": _add_key("pk", "PRIMARY KEY"),
    "create_check_constraint": _create_check,
    "drop_constraint": _drop_constraint,
    "create_table_comment": _table_comment,
    "drop_table_comment": _table_comment,
    "execute": _execute,
}
