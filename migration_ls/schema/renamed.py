"""Constraints and indexes after columns were renamed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from migration_ls.postgres.quoting import identifier, with_columns
from migration_ls.schema.tables import (
    Check,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Unique,
)

_Item = TypeVar("_Item", PrimaryKey, Unique, Check, ForeignKey, Exclusion, Index, Constraint | Index)


def renamed(item: _Item, names: Mapping[str, str]) -> _Item:
    """The constraint or index with its columns under their new names; `names` maps the old name to the new one."""
    match item:
        case Check():
            return replace(item, expression=item.expression.renamed(names))
        case Exclusion():
            spelled = {old: identifier(new) for old, new in names.items()}
            return replace(item, definition=with_columns(item.definition, spelled))
        case Index():
            where = item.where.renamed(names) if item.where else None
            parts = tuple(_part(part, names) for part in item.parts)
            return replace(item, parts=parts, include=_names(item.include, names), where=where)
        case Unique():
            return replace(item, columns=_names(item.columns, names), include=_names(item.include, names))
        case _:
            return replace(item, columns=_names(item.columns, names))


def _names(columns: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(name, name) for name in columns)


def _part(part: IndexPart, names: Mapping[str, str]) -> IndexPart:
    if not part.is_expression:
        return replace(part, text=names.get(part.text, part.text))
    spelled = {old: identifier(new) for old, new in names.items()}
    made = part.expression.renamed(names) if part.expression else None
    return replace(part, text=with_columns(part.text, spelled), expression=made)
