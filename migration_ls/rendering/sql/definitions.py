"""The parts of SQL definitions: columns, constraints, indexes, types."""

from typing import assert_never

from migration_ls.postgres.quoting import identifier, identifiers, qualified
from migration_ls.postgres.types import ColumnType
from migration_ls.schema.tables import (
    Check,
    Column,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Unique,
)

_SHORT = {
    "character varying": "varchar",
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
}
_SERIAL = {"integer": "serial", "bigint": "bigserial", "smallint": "smallserial"}


def type_sql(type_: ColumnType) -> str:
    """The type as people write it: `varchar(20)`, `timestamptz`, `text[]`."""
    array = "[]" if type_.is_array else ""
    if type_.name in _SHORT:
        modifiers = f"({','.join(type_.modifiers)})" if type_.modifiers else ""
        return f"{_SHORT[type_.name]}{modifiers}{array}"
    if not type_.is_built_in and not type_.modifiers and '"' not in type_.name:
        namespace, dot, name = type_.name.rpartition(".")
        return (qualified(namespace, name) if dot else identifier(name)) + array
    return str(type_)


def column_sql(column: Column) -> str:
    """A column as ADD COLUMN and CREATE TABLE take it, without constraints."""
    if column.autoincrement and column.type.name in _SERIAL:
        return f"{identifier(column.name)} {_SERIAL[column.type.name]}{_null(column)}"
    words = [identifier(column.name), type_sql(column.type)]
    if column.collation:
        words.append(f"COLLATE {identifier(column.collation)}")
    text = " ".join(words) + _null(column)
    if column.default is not None and not column.default.is_null:
        text += f" DEFAULT {column.default.text}"
    if column.identity:
        text += f" GENERATED {column.identity.upper()} AS IDENTITY"
    if column.generated:
        text += f" GENERATED ALWAYS AS ({column.generated.text}) STORED"
    return text


def _null(column: Column) -> str:
    return " NOT NULL" if column.nullable is False else ""


def constraint_sql(constraint: Constraint) -> str:
    """A constraint as ADD and CREATE TABLE take it: name, body, NOT VALID."""
    name = f"CONSTRAINT {identifier(constraint.name)} " if constraint.name else ""
    match constraint:
        case PrimaryKey(columns=columns):
            include = f" INCLUDE ({identifiers(constraint.include)})" if constraint.include else ""
            return f"{name}PRIMARY KEY ({identifiers(columns)}){include}{deferral(constraint)}"
        case Unique(columns=columns):
            nulls = " NULLS NOT DISTINCT" if constraint.nulls_not_distinct else ""
            include = f" INCLUDE ({identifiers(constraint.include)})" if constraint.include else ""
            return f"{name}UNIQUE{nulls} ({identifiers(columns)}){include}{deferral(constraint)}"
        case Check(expression=expression):
            alone = " NO INHERIT" if constraint.no_inherit else ""
            return f"{name}CHECK ({expression.text}){alone}{'' if constraint.validated else ' NOT VALID'}"
        case ForeignKey():
            return name + _foreign_key(constraint)
        case Exclusion(definition=definition):
            return f"{name}{definition}"
        case _:
            assert_never(constraint)


def deferral(constraint: PrimaryKey | Unique | ForeignKey) -> str:
    """When it is looked at, where that is not at once."""
    if not constraint.deferrable:
        return ""
    return " DEFERRABLE INITIALLY DEFERRED" if constraint.deferred else " DEFERRABLE"


def _foreign_key(key: ForeignKey) -> str:
    other = f" ({identifiers(key.ref_columns)})" if key.ref_columns else ""
    text = f"FOREIGN KEY ({identifiers(key.columns)}) REFERENCES {key.ref_table.sql}{other}"
    if key.full:
        text += " MATCH FULL"
    if key.on_delete != "NO ACTION":
        text += f" ON DELETE {key.on_delete}" + (f" ({identifiers(key.emptied)})" if key.emptied else "")
    if key.on_update != "NO ACTION":
        text += f" ON UPDATE {key.on_update}"
    text += deferral(key)
    return text if key.validated else text + " NOT VALID"


def index_body(index: Index) -> str:
    """Everything of an index after its table's name."""
    using = "" if index.using == "btree" else f"USING {identifier(index.using)} "
    text = f"{using}({', '.join(_part(part) for part in index.parts)})"
    if index.include:
        text += f" INCLUDE ({identifiers(index.include)})"
    if index.nulls_not_distinct:
        text += " NULLS NOT DISTINCT"
    return f"{text} WHERE {index.where.text}" if index.where else text


def _part(part: IndexPart) -> str:
    text = f"({part.text})" if part.is_expression else identifier(part.text)
    if part.collation:
        text += f" COLLATE {identifier(part.collation)}"
    if part.opclass:
        text += f" {part.opclass}"
    if part.descending:
        text += " DESC"
    return f"{text} NULLS {part.nulls.upper()}" if part.nulls else text
