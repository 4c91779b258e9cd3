"""Requests as lines of a spec that declare them."""

import re
from collections.abc import Iterator, Sequence

from migration_ls.postgres.quoting import identifier, literal
from migration_ls.postgres.types import ColumnType
from migration_ls.schema import request as asked
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change, Request
from migration_ls.schema.tables import (
    Check,
    Column,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    Table,
    Unique,
)
from migration_ls.sources.spec.types import type_of
from migration_ls.sources.spec.words import list_of
from migration_ls.text.edits import Edit, insert

HEADING = "Database changes"
_SPELLINGS = {
    "character varying": "VARCHAR", "timestamp with time zone": "TIMESTAMPTZ",
    "timestamp without time zone": "TIMESTAMP",
    "character": "CHAR", "double precision": "DOUBLE PRECISION",
}  # fmt: skip
_PLAIN = re.compile(r"[^\W\d]\w*\Z")


def declare(request: Request, option: str | None = None) -> str:
    """The lines under a table's heading that declare the request, or another reading of it by its option's name."""
    return "\n".join(line for _, lines in _by_table(changes_of(request, option)) for line in lines)


def changes_of(request: Request, option: str | None = None) -> tuple[Change, ...]:
    """The changes of the request's default reading, or of the reading of that option."""
    if option is None or option == request.option:
        return (request.change,)
    return next((reading.changes for reading in request.alternatives if reading.option == option), (request.change,))


def declaration_edit(text: str, requests: Sequence[Request], option: str | None = None) -> Edit:
    """An edit of the spec that declares the requests under a heading for changes of the database.

    Of requests that can be read in several ways, `option` chooses the reading; what only the other readings ask for
    is left out.
    """
    changes: list[Change] = []
    for request in requests:
        chosen = option if option and _offers(request, requests, option) else None
        if chosen and request.option != chosen and not request.alternatives:
            continue
        changes += changes_of(request, chosen)
    newline = "\r\n" if "\r\n" in text else "\n"
    offset, level = _place(text)
    lines: list[str] = []
    if level is None:
        lines += [f"## {HEADING}", ""]
    for table, declared in _by_table(tuple(changes)):
        if table is not None:
            lines += [f"{'#' * ((level or 2) + 1)} {table}", ""]
        lines += [*declared, ""]
    before = text[:offset]
    gap = (
        ""
        if not before
        else newline
        if before.endswith(newline * 2)
        else newline * (1 if before.endswith(newline) else 2)
    )
    if before.endswith(newline * 2):
        gap = ""
    tail = newline if text[offset:] else ""
    return insert(offset, gap + newline.join(lines).rstrip() + newline + tail)


def _offers(request: Request, requests: Sequence[Request], option: str) -> bool:
    """Whether the request belongs to a group that has such a reading."""
    return request.group is not None and any(
        other.group == request.group
        and (other.option == option or any(item.option == option for item in other.alternatives))
        for other in requests
    )


def _place(text: str) -> tuple[int, int | None]:
    """Where declarations go, and the level of the heading that is there for them."""
    from migration_ls.sources.markdown.blocks import Heading
    from migration_ls.sources.markdown.document import read_document
    from migration_ls.text.lines import LineIndex

    starts = LineIndex(text).starts
    found: Heading | None = None
    for block in read_document(text).blocks:
        if not isinstance(block, Heading):
            continue
        if found is None and block.text.strip().lower() == HEADING.lower():
            found = block
        elif found is not None and block.level <= found.level:
            return starts[block.line], found.level
    return len(text), found.level if found else None


def _by_table(changes: Sequence[Change]) -> Iterator[tuple[str | None, list[str]]]:
    """Lines by the heading they stand under; what no list can say stands in SQL, under the first heading."""
    tables: dict[str, list[str]] = {}
    sql: list[str] = []
    for change in changes:
        heading, lines, statements = _said(change, changes)
        sql += statements
        if lines and heading:
            tables.setdefault(heading, []).extend(lines)
    yield from tables.items()
    if sql:
        yield None, ["```sql", *sql, "```"]


def _said(change: Change, changes: Sequence[Change]) -> tuple[str | None, list[str], list[str]]:
    """The heading, the lines under it, and statements, that say the change."""
    match change:
        case asked.AddTable(table=table):
            return _new_table(table)
        case asked.AddColumn(table=name, column=column, values=values):
            constraints = _own(name, column.name, changes)
            line = _column(column, values, constraints, key=())
            return (str(name), [line], []) if line else (None, [], _column_sql(name, column, constraints))
        case asked.AddConstraint(table=name, constraint=constraint):
            added = any(
                isinstance(other, asked.AddColumn) and constraint in _own(name, other.column.name, (change, other))
                for other in changes
            )
            if added:
                return None, [], []
            line = _constraint(constraint)
            return (str(name), [line], []) if line else (None, [], [_constraint_sql(name, constraint)])
        case asked.AddIndex(table=name, index=index):
            line = _index(index)
            return (str(name), [line], []) if line else (None, [], [_index_sql(name, index)])
        case asked.AddEnum(enum=enum):
            values_sql = ", ".join(literal(value) for value in enum.values)
            return None, [], [f"CREATE TYPE {enum.name.sql} AS ENUM ({values_sql});"]
        case asked.AddEnumValue(enum=name, value=value, after=after):
            place = f" AFTER {literal(after)}" if after else ""
            return None, [], [f"ALTER TYPE {name.sql} ADD VALUE {literal(value)}{place};"]
        case asked.ChangeEnum():
            # no statement says it, and the sentence does already
            return None, [], []
        case _:
            return None, [], [_statement(change)]


def _own(table: Name, column: str, changes: Sequence[Change]) -> list[Constraint]:
    """Constraints of a column that its own line can say."""
    found: list[Constraint] = []
    adds = next((item for item in changes if isinstance(item, asked.AddColumn) and item.column.name == column), None)
    for change in changes:
        if not isinstance(change, asked.AddConstraint) or change.table != table:
            continue
        match change.constraint:
            case Unique(columns=columns) | ForeignKey(columns=columns) if (
                columns == (column,) and change.constraint.name is None
            ):
                found.append(change.constraint)
            case Check(expression=expression) if (
                adds
                and adds.values
                and expression.allowed_values == adds.values
                and expression.columns == frozenset({column})
            ):
                found.append(change.constraint)
            case _:
                pass
    return found


def _spelled(type_: ColumnType) -> str | None:
    """The type as a list spells it, None where reading it would not give the same type."""
    base = _SPELLINGS.get(type_.name, type_.name.upper())
    modifiers = f"({','.join(type_.modifiers)})" if type_.modifiers else ""
    spelled = f"{base}{modifiers}{'[]' if type_.is_array else ''}"
    read = type_of(spelled)
    return spelled if read and read.type == type_ else None


def _column(
    column: Column, values: tuple[str, ...], constraints: Sequence[Constraint], key: tuple[str, ...]
) -> str | None:
    spelled = _spelled(column.type)
    odd_values = any(not re.match(r"[\w-]+\Z", value) for value in values) or list_of(", ".join(values)) != values
    if spelled is None or (values and odd_values) or column.generated or not _PLAIN.match(column.name):
        return None
    words = [spelled]
    if column.name in key:
        words.append("primary key")
    elif column.nullable is not None:
        words.append("null" if column.nullable else "not null")
    if column.autoincrement:
        words.append("auto-increment")
    if column.identity:
        words.append("identity always" if column.identity == "always" else "identity by default")
    if column.default and not column.autoincrement:
        words.append(f"default {column.default.text}")
    for constraint in constraints:
        match constraint:
            case Unique():
                words.append("unique")
            case ForeignKey(ref_table=other, ref_columns=targets, on_delete=on_delete):
                words.append(f"references {other} ({', '.join(targets)})")
                words += [f"on delete {on_delete.lower()}"] if on_delete != "NO ACTION" else []
            case _:
                pass
    if values:
        words.append(f"one of {', '.join(values)}")
    return f"- `{column.name}`: {', '.join(words)}"


def _constraint(constraint: Constraint) -> str | None:
    match constraint:
        case Unique(name=None, columns=columns, nulls_not_distinct=False):
            return f"- Unique: ({', '.join(columns)})"
        case Check(name=None, expression=expression) if "`" not in expression.text and "\n" not in expression.text:
            return f"- Check: `{expression.text}`"
        case _:
            return None


def _index(index: Index) -> str | None:
    plain = index.where is None and not index.include and not index.unique and index.name is None
    if not plain or any(part.is_expression or part.opclass or part.collation or part.nulls for part in index.parts):
        return None
    if index.using not in {"btree", "gin", "gist", "brin", "hash"}:
        return None
    kind = "Index" if index.using == "btree" else f"{index.using.upper()} index"
    return f"- {kind}: ({', '.join(map(str, index.parts))})"


def _new_table(table: Table) -> tuple[str | None, list[str], list[str]]:
    key = table.primary_key.columns if table.primary_key else ()
    lines: list[str] = []
    told: list[Constraint] = []
    for column in table.columns:
        own: list[Constraint] = [
            unique for unique in table.uniques if unique.columns == (column.name,) and not unique.name
        ]
        own += [foreign for foreign in table.foreign_keys if foreign.columns == (column.name,) and not foreign.name]
        checks = [
            check
            for check in table.checks
            if check.expression.columns == frozenset({column.name}) and check.expression.allowed_values
        ]
        values = checks[0].expression.allowed_values if checks and not checks[0].name else ()
        line = _column(column, values, own, key)
        if line is None:
            return None, [], [_table_sql(table)]
        lines.append(line)
        told += own + (list(checks[:1]) if values else [])
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKey) or constraint in told:
            continue
        line = _constraint(constraint)
        if line is None:
            return None, [], [_table_sql(table)]
        lines.append(line)
    for index in table.indexes:
        line = _index(index)
        if line is None:
            return None, [], [_table_sql(table), *(_index_sql(table.name, item) for item in table.indexes)]
        lines.append(line)
    return f"{table.name} (new)", lines, []


def _column_definition(column: Column) -> str:
    words = [identifier(column.name), str(column.type)]
    if column.autoincrement:
        words[1] = {"bigint": "bigserial", "smallint": "smallserial"}.get(column.type.name, "serial")
    if column.identity:
        words.append(f"GENERATED {column.identity.upper()} AS IDENTITY")
    if column.generated:
        words.append(f"GENERATED ALWAYS AS ({column.generated.text}) STORED")
    if column.nullable is False:
        words.append("NOT NULL")
    if column.default and not column.autoincrement:
        words.append(f"DEFAULT {column.default.text}")
    return " ".join(words)


def _column_sql(table: Name, column: Column, constraints: Sequence[Constraint]) -> list[str]:
    definition = " ".join(
        (_column_definition(column), *(_definition(constraint, inline=True) for constraint in constraints))
    )
    return [f"ALTER TABLE {table.sql} ADD COLUMN {definition};"]


def _columns(names: Sequence[str]) -> str:
    return ", ".join(identifier(name) for name in names)


def _definition(constraint: Constraint, *, inline: bool = False) -> str:
    name = f"CONSTRAINT {identifier(constraint.name)} " if constraint.name else ""
    match constraint:
        case PrimaryKey(columns=columns):
            return f"{name}PRIMARY KEY ({_columns(columns)})"
        case Unique(columns=columns, nulls_not_distinct=same):
            distinct = " NULLS NOT DISTINCT" if same else ""
            return f"{name}UNIQUE{distinct}" if inline else f"{name}UNIQUE{distinct} ({_columns(columns)})"
        case Check(expression=expression):
            return f"{name}CHECK ({expression.text})"
        case ForeignKey(
            columns=columns, ref_table=other, ref_columns=targets, on_delete=on_delete, on_update=on_update
        ):
            start = "" if inline else f"FOREIGN KEY ({_columns(columns)}) "
            target = f" ({_columns(targets)})" if targets else ""
            deletes = f" ON DELETE {on_delete}" if on_delete != "NO ACTION" else ""
            updates = f" ON UPDATE {on_update}" if on_update != "NO ACTION" else ""
            return f"{name}{start}REFERENCES {other.sql}{target}{deletes}{updates}"
        case Exclusion(definition=definition):
            return f"{name}{definition}"


def _constraint_sql(table: Name, constraint: Constraint) -> str:
    return f"ALTER TABLE {table.sql} ADD {_definition(constraint)};"


def _index_sql(table: Name, index: Index) -> str:
    parts = ", ".join(
        f"({part.text})" if part.is_expression else str(part).replace(part.text, identifier(part.text), 1)
        for part in index.parts
    )
    name = f"{identifier(index.name)} " if index.name else ""
    unique = "UNIQUE " if index.unique else ""
    include = f" INCLUDE ({_columns(index.include)})" if index.include else ""
    where = f" WHERE {index.where.text}" if index.where else ""
    return f"CREATE {unique}INDEX {name}ON {table.sql} USING {index.using} ({parts}){include}{where};"


def _table_sql(table: Table) -> str:
    inner = [_column_definition(column) for column in table.columns]
    inner += [_definition(constraint) for constraint in table.constraints]
    body = ",\n".join(f"    {line}" for line in inner)
    return f"CREATE TABLE {table.name.sql} (\n{body}\n);"


def _text(value: Expression | None) -> str:
    return value.text if value else "NULL"


def _statement(change: Change) -> str:
    """The change as SQL, for those that a list has no form for."""
    match change:
        case asked.DropTable(table=table):
            return f"DROP TABLE {table.sql};"
        case asked.RenameTable(table=table, to=to):
            return f"ALTER TABLE {table.sql} RENAME TO {identifier(to)};"
        case asked.DropColumn(table=table, column=column):
            return f"ALTER TABLE {table.sql} DROP COLUMN {identifier(column)};"
        case asked.RenameColumn(table=table, column=column, to=to):
            return f"ALTER TABLE {table.sql} RENAME COLUMN {identifier(column)} TO {identifier(to)};"
        case asked.ChangeType(table=table, column=column, type=type_):
            return f"ALTER TABLE {table.sql} ALTER COLUMN {identifier(column)} TYPE {type_};"
        case asked.ChangeNullable(table=table, column=column, nullable=nullable):
            return (
                f"ALTER TABLE {table.sql} ALTER COLUMN {identifier(column)} {'DROP' if nullable else 'SET'} NOT NULL;"
            )
        case asked.ChangeDefault(table=table, column=column, default=default):
            return f"ALTER TABLE {table.sql} ALTER COLUMN {identifier(column)} SET DEFAULT {_text(default)};"
        case asked.DropIndex(index=index):
            return f"DROP INDEX {identifier(index)};"
        case asked.DropConstraint(table=table, constraint=constraint):
            return f"ALTER TABLE {table.sql} DROP CONSTRAINT {identifier(constraint)};"
        case _:
            return ""
