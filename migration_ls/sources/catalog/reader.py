"""Catalog rows to the schema they describe.

The rows are written down as the statements that would make the objects, and those are read as any migration is: so what
a database has and what migrations make of it are compared in the same terms.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from migration_ls.operations.opaque import Opaque
from migration_ls.schema.changed import changed
from migration_ls.schema.schema import Schema
from migration_ls.sources.catalog.rows import CatalogRow, rows_of
from migration_ls.sources.catalog.script import sequences_of_columns, statements_of
from migration_ls.sources.sql.reader import read_sql


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogReading:
    """What a database holds, without what runners of migrations keep for themselves.

    `statements` would make the same again, in this order; they come without semicolons. `unread` are those of them
    that were not understood, so that the schema may lack what they make.
    """

    schema: Schema
    statements: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def read_catalog(answer: Iterable[tuple[object, ...]]) -> CatalogReading:
    """The schema that the answer to the catalog query describes; asked with `public` as its search path. Total."""
    rows = rows_of(answer)
    statements = statements_of(rows)
    schema, unread = Schema(), list[str]()
    for statement in statements:
        for item in read_sql(f"{statement};\n").statements:
            for clause in item.clauses:
                if isinstance(clause.operation, Opaque):
                    unread.append(statement)
                schema = clause.operation.apply(schema)
    return CatalogReading(schema=_completed(schema, rows), statements=statements, unread=tuple(unread))


def _completed(schema: Schema, rows: tuple[CatalogRow, ...]) -> Schema:
    """With what no statement says: names of own sequences, indexes whose build failed, indexes of partitions."""
    for (table, column), sequence in sequences_of_columns(rows).items():
        held = schema.table(table)
        item = held.column(column) if held else None
        if held and item and item.sequence != sequence:
            schema = schema.with_table(held.with_column(changed(item, sequence=sequence)))
    schema = _without_unmade(schema, rows)
    for row in rows:
        if row.kind == "column" and row.marked("inherited") and (held := schema.table(row.relation)):
            item = held.column(row.at("name"))
            schema = schema.with_table(held.with_column(changed(item, inherited=True))) if item else schema
        if row.kind == "index" and (row.properties.get("valid") is False or row.marked("attached")):
            found = schema.find_index(row.at("name"), row.at("namespace"))
            if found:
                owner, index = found
                index = replace(index, valid=row.has("valid"), attached=row.marked("attached"))
                schema = schema.with_table(owner.with_index(index))
    return schema


def _without_unmade(schema: Schema, rows: tuple[CatalogRow, ...]) -> Schema:
    """Without the indexes that partitions would have of their parent's, were it not made for the parent alone."""
    made = {(row.at("namespace"), row.at("name")) for row in rows if row.kind == "index"}
    for table in schema.tables.values():
        kept = tuple(item for item in table.indexes if (table.name.namespace, item.name) in made)
        if table.partition_of and len(kept) < len(table.indexes):
            schema = schema.with_table(replace(table, indexes=kept))
    return schema
