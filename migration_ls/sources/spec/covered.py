"""Whether a table does already what is asked."""

from collections.abc import Iterable
from dataclasses import replace

from migration_ls.schema import request as asked
from migration_ls.schema.expression import Expression
from migration_ls.schema.request import Request
from migration_ls.schema.tables import Check, Constraint, ForeignKey, Index, Table, Unique


def leads_index(table: Table, column: str) -> bool:
    """Whether rows can be found by the column already: it comes first in an index or key."""
    firsts = [index.parts[0].text for index in table.indexes if index.parts and index.where is None]
    firsts += [unique.columns[0] for unique in table.uniques if unique.columns]
    firsts += [table.primary_key.columns[0]] if table.primary_key and table.primary_key.columns else []
    return column in firsts


def is_covered(table: Table, thing: Constraint | Index, requests: Iterable[Request]) -> bool:
    """Whether the table refuses or finds the same rows already, or is asked to elsewhere."""
    for request in requests:
        match request.change:
            case asked.AddConstraint(table=name, constraint=constraint) if name == table.name:
                table = table.with_constraint(replace(constraint, name=None))
            case asked.AddIndex(table=name, index=index) if name == table.name:
                table = table.with_index(replace(index, name=None))
            case _:
                pass
    match thing:
        case Unique(columns=columns):
            keys = [set(unique.columns) for unique in table.uniques]
            keys += [set(index.columns) for index in table.indexes if index.unique and index.where is None]
            keys += [set(table.primary_key.columns)] if table.primary_key else []
            return set(columns) in keys
        case Check(expression=expression):
            return any(_same_check(check.expression, expression) for check in table.checks)
        case ForeignKey(columns=columns, ref_table=other):
            return any(key.columns == columns and key.ref_table == other for key in table.foreign_keys)
        case Index(parts=parts, using=using, unique=unique, where=where):
            return any(
                (index.parts, index.using, index.unique, index.where) == (parts, using, unique, where)
                for index in table.indexes
            )
        case _:
            return False


def _same_check(one: Expression, other: Expression) -> bool:
    if one.allowed_values and other.allowed_values:
        return one.columns == other.columns and set(one.allowed_values) == set(other.allowed_values)
    return one == other
