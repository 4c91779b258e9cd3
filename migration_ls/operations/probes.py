"""Queries that tell, before an operation runs, which rows would make it fail. Read-only; they return those rows."""

from migration_ls.operations.effect import Probe
from migration_ls.postgres.casts import integer_range, numeric_digits
from migration_ls.postgres.quoting import identifier, identifiers
from migration_ls.postgres.types import ColumnType
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.tables import ForeignKey


def nulls(table: Name, column: str) -> Probe:
    """Rows whose column is null."""
    return Probe(
        name=f"{table.name}_{column}_nulls",
        query=f"SELECT * FROM {table.sql} WHERE {identifier(column)} IS NULL LIMIT 10",
    )


def violations(table: Name, name: str, condition: Expression) -> Probe:
    """Rows for which the condition is false; a check accepts null."""
    return Probe(
        name=f"{table.name}_{name}_violations",
        query=f"SELECT * FROM {table.sql} WHERE ({condition.text}) IS FALSE LIMIT 10",
    )


def duplicates(table: Name, columns: tuple[str, ...], where: Expression | None = None) -> Probe:
    """Values of the columns that occur more than once; rows with nulls never count as equal."""
    names = identifiers(columns)
    conditions = [f"{identifier(column)} IS NOT NULL" for column in columns]
    conditions += [f"({where.text})"] if where else []
    return Probe(
        name=f"{table.name}_{'_'.join(columns)}_duplicates",
        query=(
            f"SELECT {names}, count(*) FROM {table.sql} WHERE {' AND '.join(conditions)} "
            f"GROUP BY {names} HAVING count(*) > 1 LIMIT 10"
        ),
    )


def orphans(table: Name, key: ForeignKey, ref_columns: tuple[str, ...]) -> Probe:
    """Rows that refer to a row that is not there."""
    pairs = list(zip(key.columns, ref_columns, strict=False))
    present = " AND ".join(f"child.{identifier(column)} IS NOT NULL" for column, _ in pairs)
    join = " AND ".join(f"parent.{identifier(ref)} = child.{identifier(column)}" for column, ref in pairs)
    return Probe(
        name=f"{table.name}_{'_'.join(key.columns)}_orphans",
        query=(
            f"SELECT child.* FROM {table.sql} AS child WHERE {present} "
            f"AND NOT EXISTS (SELECT FROM {key.ref_table.sql} AS parent WHERE {join}) LIMIT 10"
        ),
    )


def too_long(table: Name, column: str, length: int) -> Probe:
    """Rows whose text is longer than the new type takes."""
    name = identifier(column)
    return Probe(
        name=f"{table.name}_{column}_too_long",
        query=f"SELECT * FROM {table.sql} WHERE char_length({name}::text) > {length} LIMIT 10",
    )


def beyond(sequence: Name, bound: int, *, is_maximum: bool) -> Probe:
    """Where the sequence stands, if that is beyond its new bound."""
    return Probe(
        name=f"{sequence.name}_beyond_{'maximum' if is_maximum else 'minimum'}",
        query=f"SELECT last_value FROM {sequence.sql} WHERE last_value {'>' if is_maximum else '<'} {bound}",
    )


def out_of_range(table: Name, column: str, new: ColumnType) -> Probe:
    """Rows whose number, rounded as the change rounds it, does not fit an integer type or a `numeric(p, s)`."""
    bounds = integer_range(new.name)
    if bounds is None:
        digits, scale = numeric_digits(new)
        condition = f"abs(round({identifier(column)}::numeric, {scale})) >= 1e{digits - scale}"
    else:
        condition = f"round({identifier(column)}::numeric) NOT BETWEEN {bounds[0]} AND {bounds[1]}"
    return Probe(
        name=f"{table.name}_{column}_out_of_range",
        query=f"SELECT * FROM {table.sql} WHERE {condition} LIMIT 10",
    )
