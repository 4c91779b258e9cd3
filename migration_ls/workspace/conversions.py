"""What values of a column have to be like so that a change of its type can keep them: assumed of rows in a proof."""

from collections.abc import Iterator

from migration_ls.diffing.differences import differences
from migration_ls.diffing.relabelling import relabellings
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.set_type import SetType
from migration_ls.postgres.casts import integer_range, numeric_digits, type_change
from migration_ls.postgres.quoting import identifier, literal
from migration_ls.postgres.types import ColumnType
from migration_ls.rendering.sql.statements import statement
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check
from migration_ls.sources.sql.expressions import expression

_SAMPLES = {
    "boolean": ("true", "false"),
    "date": ("2026-01-31", "2026-02-28"),
    "timestamp with time zone": ("2026-01-31 10:00:00+00", "2026-02-28 11:30:00+00"),
    "timestamp without time zone": ("2026-01-31 10:00:00", "2026-02-28 11:30:00"),
    "time without time zone": ("10:00:00", "11:30:00"),
    "interval": ("1 day", "2 hours"),
    "uuid": ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"),
    "json": ("{}", "[]"),
    "jsonb": ("{}", "[]"),
    "inet": ("10.0.0.1", "10.0.0.2"),
    "real": ("1.5", "2.5"),
    "double precision": ("1.5", "2.5"),
    "numeric": ("1", "2"),
    "smallint": ("1", "2"),
    "integer": ("1", "2"),
    "bigint": ("1", "2"),
}
"""Texts that are values of a type."""


def conversions(before: Schema, after: Schema) -> Iterator[tuple[str, str]]:
    """A statement that restricts a column to values that its later type has, and the one that frees it again."""
    found = [*_changed_types(before, after), *_fewer_labels(before, after)]
    for number, (table, text) in enumerate(found):
        label = f"assumed_type_{number}"
        check = Check(name=label, expression=expression(text))
        yield (
            statement(AddConstraint(table=table, constraint=check)),
            statement(DropConstraint(table=table, constraint=label)),
        )


def _changed_types(before: Schema, after: Schema) -> Iterator[tuple[Name, str]]:
    for operation in differences(before, after):
        if not isinstance(operation, SetType):
            continue
        table = before.table(operation.table)
        old = table.column(operation.column) if table else None
        if old and (text := _fits(operation.column, old.type, operation.type, after)):
            yield operation.table, text


def _fewer_labels(before: Schema, after: Schema) -> Iterator[tuple[Name, str]]:
    """No row holds a label that goes."""
    for change in relabellings(before, after):
        labels = ", ".join(literal(label) for label in change.gone)
        for table, column in change.columns if labels else ():
            known = before.table(table.name)
            if known is not None and known.column(column.name):
                name = identifier(column.name)
                within = f"{name}::text[] && ARRAY[{labels}]" if column.type.is_array else f"{name} IN ({labels})"
                yield table.name, f"NOT ({within})"


def _fits(column: str, old: ColumnType, new: ColumnType, after: Schema) -> str | None:
    """The condition on a value of the old type; None where all fit, or nothing is known."""
    change = type_change(old, new)
    if not (change.may_fail or change.needs_using) or old.is_array or new.is_array:
        return None
    name = identifier(column)
    namespace, dot, last = new.name.rpartition(".")
    enum = after.enums.get(Name(last, namespace) if dot else Name(new.name))
    if old.name in {"text", "character varying", "character"}:
        samples = enum.values if enum else _SAMPLES.get(new.name)
        if samples:
            return f"{name} IN ({', '.join(literal(item) for item in samples)})"
    if new.length is not None:
        return f"char_length({name}::text) <= {new.length}"
    if bounds := integer_range(new.name):
        return f"{name} BETWEEN {bounds[0]} AND {bounds[1]}"
    if new.name == "numeric" and new.modifiers:
        digits, scale = numeric_digits(new)
        return f"{name} BETWEEN -1e{digits - scale} + 1 AND 1e{digits - scale} - 1"
    return None
