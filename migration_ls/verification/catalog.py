"""Snapshots of everything in the user's namespaces, as the catalogs have it, and in what two of them differ."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from migration_ls.postgres.quoting import identifier, literal
from migration_ls.schema.names import Name
from migration_ls.sources.catalog.query import CATALOG_QUERY
from migration_ls.verification.database import Database

_MOST_WORDS = 200
_LABEL = re.compile(r"E?'(?:[^']|'')*'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Objects by kind and name, each with its properties; the order of columns is no property.

    Kinds: namespaces, extensions, relations (with their storage, row security, partition bounds, rights), columns,
    constraints, indexes, types, sequences, views, triggers, functions, policies, rules, statistics, publications.
    What belongs to an extension is left out; owners, statistics targets and sequence positions are no part of it.
    """

    objects: Mapping[tuple[str, str], Mapping[str, object]]


def catalog(database: Database) -> Catalog:
    """The catalog of a database now."""
    with database.connect() as connection:
        rows = connection.execute(CATALOG_QUERY).fetchall()
    objects: dict[tuple[str, str], Mapping[str, object]] = {}
    for kind, name, properties, _ in rows:
        key = (str(kind), str(name))
        if isinstance(properties, dict):
            objects[key] = {str(part): value for part, value in properties.items() if value is not None}
    return Catalog(objects=objects)


def without_labels(found: Catalog, labels: Mapping[Name, Collection[str]]) -> Catalog:
    """The catalog as if these labels of enums were not there: nothing can take a label away again."""
    objects = dict(found.objects)
    for name, gone in labels.items():
        key = ("enum", f"{identifier(name.namespace)}.{identifier(name.name)}")
        if key in objects:
            kept = [
                label for label in _LABEL.findall(str(objects[key].get("labels"))) if label not in map(literal, gone)
            ]
            objects[key] = {**objects[key], "labels": ", ".join(kept)}
    return Catalog(objects=objects)


def difference(before: Catalog, after: Catalog) -> tuple[str, ...]:
    """In what two catalogs differ, in words, sorted by object; empty when they are equal."""
    found: list[str] = []
    for kind, name in sorted(before.objects.keys() | after.objects.keys()):
        old, new = before.objects.get((kind, name)), after.objects.get((kind, name))
        if old == new:
            continue
        if old is None:
            found.append(f"{kind} `{name}` was not there")
        elif new is None:
            found.append(f"{kind} `{name}` is missing")
        else:
            found += [
                f"{kind} `{name}`: {part.replace('_', ' ')} was {_shown(old.get(part))}, is {_shown(new.get(part))}"
                for part in sorted(old.keys() | new.keys())
                if old.get(part) != new.get(part)
            ]
    return tuple(found)


def _shown(value: object) -> str:
    if value is None:
        return "none"
    text = " ".join(str(value).split())
    return f"`{text[:_MOST_WORDS]}…`" if len(text) > _MOST_WORDS else f"`{text}`"


@dataclass(frozen=True, slots=True)
class RowsOf:
    """The rows of one table: how many, and a hash that does not depend on the order of rows or columns."""

    count: int
    digest: str


def rows(database: Database, without: Mapping[Name, Collection[str]] = MappingProxyType({})) -> Mapping[Name, RowsOf]:
    """All rows of every table of the user's, as counts and hashes; `without` are columns that count for nothing."""
    with database.connect() as connection:
        tables = [Name(str(name), str(namespace)) for namespace, name in connection.execute(_TABLES).fetchall()]
        if not tables:
            return {}
        # the names of columns are in the text, sorted as jsonb sorts them
        parts = [
            f"SELECT {number}, count(*), "
            f"coalesce(sum(hashtextextended((to_jsonb(t){_less(without.get(table, ()))})::text, 0)::numeric), 0)::text "
            f"FROM ONLY {identifier(table.namespace)}.{identifier(table.name)} AS t"
            for number, table in enumerate(tables)
        ]
        answer = connection.execute(" UNION ALL ".join(parts).encode()).fetchall()
    return {tables[int(str(number))]: RowsOf(int(str(count)), str(digest)) for number, count, digest in answer}


def _less(columns: Iterable[str]) -> str:
    return "".join(f" - {literal(column)}" for column in sorted(columns))


def rows_difference(before: Mapping[Name, RowsOf], after: Mapping[Name, RowsOf]) -> tuple[str, ...]:
    """In which tables the rows differ, in words; empty when all are equal."""
    found: list[str] = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if old is None or new is None:
            found.append(f"table `{name}` {'was not there' if old is None else 'is missing'}")
        elif old.count != new.count:
            found.append(f"`{name}` had {old.count} rows and has {new.count}")
        else:
            found.append(f"values in the {old.count} rows of `{name}` are not what they were")
    return tuple(found)


_TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2
"""
