"""Alembic's `op.*` calls as SQL."""

from collections.abc import Callable, Sequence
from typing import Any

from migration_ls.postgres.quoting import identifier, identifiers, literal, qualified
from migration_ls.schema.names import Name
from migration_ls.sources.alembic.rows import changes_rows, rows_sql, target_of
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
    exclusion_sql,
    executed_sql,
    identity_sql,
    index_name,
    refuse_unknown,
    sql_text,
    words,
)
from migration_ls.sources.alembic.types import sql_type
from migration_ls.sources.alembic.values import Construct

_GIVEN_FIRST = frozenset(
    """create_index create_foreign_key create_unique_constraint create_primary_key create_check_constraint
    create_exclude_constraint drop_constraint drop_index""".split()
)
_NEEDLESS = frozenset(
    {"existing_type", "existing_server_default", "existing_nullable", "existing_comment", "info", "type_", "columns"}
)
_TABLE_WORDS = ("table_name", "source_table", "old_table_name")


def statements_of(call: Construct, convention: Convention, table: Target | None = None) -> tuple[str, ...]:
    """The SQL of a call; `table` is that of a `batch_alter_table` it stands in.

    Raises:
        UntranslatableError: The call is not known, or a part of it is not written out.
    """
    translate = _DIRECTIVES.get(call.name)
    if translate is None:
        raise UntranslatableError(f"`op.{call.name}` is not known")
    if call.name not in {"execute", "exec_driver_sql", "bulk_insert"}:
        refuse_unknown(call, f"of `op.{call.name}`", _NEEDLESS)
    return translate(_with_table(call, table) if table else call, convention)


def affected(call: Construct, table: Target | None = None) -> tuple[Name, ...] | None:
    """The tables that a call is about, whatever it does to them; None where it does not say."""
    if changes_rows(call):
        return ()
    if table is None:
        if call.name not in _DIRECTIVES or call.name in {"execute", "exec_driver_sql", "bulk_insert"}:
            return None
        given = call.argument(1 if call.name in _GIVEN_FIRST else 0, "table_name")
        named = next((call.keywords[word] for word in _TABLE_WORDS if word in call.keywords), given)
        if not isinstance(named, str):
            return None
        schema = call.keywords.get("source_schema", call.keywords.get("schema"))
        table = Target(name=named, schema=schema if isinstance(schema, str) else None)
    return (Name(table.name, table.schema or "public"),)


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
        f"CREATE {_prefixes(call)}TABLE {guard}{target.sql} ({', '.join(parts)}){_table_options(call)}",
        *_comments(target, columns, call.keywords.get("comment")),
        *(_column_index(column, target, convention) for column in columns if column.index),
        *(_index(Construct("create_index", (item.arguments[0], target.name, item.arguments[1:]), item.keywords), target)
          for item in indexes if item.arguments),
    )  # fmt: skip


def _prefixes(call: Construct) -> str:
    given = call.keywords.get("prefixes")
    return "".join(f"{item} " for item in given if isinstance(item, str)) if isinstance(given, tuple) else ""


def _table_options(call: Construct) -> str:
    """What stands behind the columns: INHERITS, PARTITION BY, a tablespace, storage parameters."""
    given = call.keywords
    found: list[str] = []
    if inherits := given.get("postgresql_inherits"):
        found.append(f" INHERITS ({identifiers(words(inherits))})")
    for key, word in (("postgresql_partition_by", "PARTITION BY"), ("postgresql_using", "USING")):
        if isinstance(given.get(key), str):
            found.append(f" {word} {given[key]}")
    if isinstance(tablespace := given.get("postgresql_tablespace"), str):
        found.append(f" TABLESPACE {identifier(tablespace)}")
    return "".join(found)


def _comments(target: Target, columns: Sequence[ColumnSql], table: Any = None) -> tuple[str, ...]:
    own = (f"COMMENT ON TABLE {target.sql} IS {literal(table)}",) if isinstance(table, str) else ()
    return own + tuple(
        f"COMMENT ON COLUMN {target.sql}.{identifier(column.name)} IS {literal(column.comment)}"
        for column in columns
        if column.comment is not None
    )


def _column_index(column: ColumnSql, target: Target, convention: Convention) -> str:
    name = identifier(index_name(target, [column.name], convention))
    return f"CREATE {'UNIQUE ' if column.unique else ''}INDEX {name} ON {target.sql} ({identifier(column.name)})"


def _add_column(call: Construct, convention: Convention) -> tuple[str, ...]:
    target = _target(call, 0, "table_name")
    column = column_sql(call.argument(1, "column"), target, convention)
    guard = "IF NOT EXISTS " if call.keywords.get("if_not_exists") is True else ""
    added = f"ALTER TABLE {target.sql} ADD COLUMN {guard}{column.sql}"
    index = (_column_index(column, target, convention),) if column.index else ()
    return (added, *index, *_comments(target, (column,)))


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
        using = sql_text(given.get("postgresql_using"))
        collation = f" COLLATE {identifier(type_.collation)}" if type_.collation else ""
        found.append(f"{head} TYPE {type_.sql}{collation}" + (f" USING {using}" if using else ""))
    if isinstance(given.get("nullable"), bool):
        found.append(f"{head} {'DROP' if given['nullable'] else 'SET'} NOT NULL")
    if "server_default" in given and given["server_default"] is not False:
        found.append(f"{head} {_new_default(given['server_default'], given.get('existing_server_default'))}")
    if "comment" in given and given["comment"] is not False:
        comment = given["comment"]
        if not isinstance(comment, str | None):
            raise UntranslatableError(f"the comment of {column} is not written out")
        said = literal(comment) if comment is not None else "NULL"
        found.append(f"COMMENT ON COLUMN {target.sql}.{column} IS {said}")
    new = given.get("new_column_name", given.get("name"))
    if isinstance(new, str):
        found.append(f"ALTER TABLE {target.sql} RENAME COLUMN {column} TO {identifier(new)}")
    return tuple(found)


def _new_default(value: Any, existing: Any) -> str:
    if isinstance(value, Construct) and value.name == "Identity":
        if isinstance(existing, Construct) and existing.name == "Identity":
            always = value.argument(0, "always") is True
            return f"SET GENERATED {'ALWAYS' if always else 'BY DEFAULT'}"
        return f"ADD {identity_sql(value)}"
    if value is None and isinstance(existing, Construct) and existing.name == "Identity":
        return "DROP IDENTITY"
    default = default_sql(value)
    return "DROP DEFAULT" if default is None else f"SET DEFAULT {default}"


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
        tail = actions(call.keywords)
        return (f"ALTER TABLE {target.sql} ADD {named}{word} ({identifiers(columns)}){tail}",)

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
    given = call.argument(0, "sqltext", call.keywords.get("statement"))
    text = executed_sql(given) if isinstance(given, str) else sql_text(given) or rows_sql(given)
    if text is None:
        raise UntranslatableError("it executes SQL that is made at run time")
    return (text,)


def _driver_sql(call: Construct, convention: Convention) -> tuple[str, ...]:  # noqa: ARG001
    text = call.text(0, "statement")
    if text is None:
        raise UntranslatableError("it executes SQL that is made at run time")
    return (text.replace("%%", "%") if len(call.arguments) > 1 else text,)


def _create_exclusion(call: Construct, convention: Convention) -> tuple[str, ...]:
    target = _target(call, 1, "table_name")
    name = constraint_name(call.argument(0, "constraint_name"), "ex", target, [], convention)
    named = f"CONSTRAINT {identifier(name)} " if name else ""
    return (f"ALTER TABLE {target.sql} ADD {named}{exclusion_sql(call, call.arguments[2:])}",)


def _bulk_insert(call: Construct, convention: Convention) -> tuple[str, ...]:  # noqa: ARG001
    table = call.argument(0, "table")
    target = target_of(table)
    rows = call.argument(1, "rows")
    first = rows[0] if isinstance(rows, tuple) and rows else None
    named = [str(key) for key in first] if isinstance(first, dict) else []
    named = named or [item.text(0, "name") or "" for item in table.arguments[1:] if isinstance(item, Construct)]
    if not named or "" in named:
        raise UntranslatableError("the columns of the rows that are inserted are not written out")
    return (f"INSERT INTO {target.sql} ({identifiers(named)}) VALUES ({', '.join(['$1'] * len(named))})",)


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
    "create_exclude_constraint": _create_exclusion,
    "bulk_insert": _bulk_insert,
    "execute": _execute,
    "exec_driver_sql": _driver_sql,
}
