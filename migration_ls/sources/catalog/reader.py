"""Catalog rows to the schema they describe.

The rows are written down as the statements that would make the objects, and those are read as any migration is: so what
a database has and what migrations make of it are compared in the same terms.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from migration_ls.operations.replay import final_schema
from migration_ls.postgres.quoting import literal
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Index, Table
from migration_ls.sources.sql.reader import read_sql

Row = tuple[str, str, Mapping[str, Any]]
"""An object: its kind, its quoted name and its properties, as `verification.catalog_queries` asks for them."""

_SERIALS = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}
_IDENTITIES = {"a": "ALWAYS", "d": "BY DEFAULT"}


def read_catalog(rows: Iterable[Row]) -> Schema:
    """The schema that the rows of one database describe, read with `public` as its search path."""
    catalog = _Catalog(rows)
    text = "".join(f"{statement};\n" for statement in catalog.statements())
    schema = final_schema(Schema(), read_sql(text).statements)
    owned = {
        (name_of(item["_on"]), name_of(item["_name"]).name): name_of(item["_owns"])
        for _, item in catalog.of("column")
        if item.get("_owns")
    }
    invalid = frozenset(name_of(name) for name, item in catalog.of("index") if item.get("valid") is False)
    for table in schema.tables.values():
        found = _as_found(table, owned, invalid)
        schema = schema.with_table(found)
    return schema


class _Catalog:
    """The rows by kind, and the statements that would make what they describe."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._by_kind: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
        for kind, name, properties in rows:
            self._by_kind.setdefault(kind, []).append((name, properties))
        self._columns: dict[str, list[Mapping[str, Any]]] = {}
        for _, column in self.of("column"):
            self._columns.setdefault(column["_on"], []).append(column)
        for columns in self._columns.values():
            columns.sort(key=lambda column: int(column["_number"]))

    def of(self, kind: str) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """The objects of a kind: quoted names and properties."""
        return self._by_kind.get(kind, ())

    def columns(self, relation: str) -> Sequence[Mapping[str, Any]]:
        """The columns of a relation in their order."""
        return self._columns.get(relation, ())

    def statements(self) -> Iterator[str]:
        """Statements in an order in which each finds what it needs."""
        yield from (f"CREATE SCHEMA {name}" for name, _ in self.of("namespace") if name != "public")
        yield from (f"CREATE EXTENSION {name}" for name, _ in self.of("extension") if name != "plpgsql")
        yield from (f"CREATE TYPE {name} AS ENUM ({item.get('labels') or ''})" for name, item in self.of("enum"))
        yield from (
            f"CREATE TYPE {name} AS RANGE (subtype = {item['base']})"
            for name, item in self.of("type")
            if item.get("base")
        )
        yield from self._domains()
        yield from (self._composite(name) for name, _ in self.of("composite type"))
        yield from self._sequences()
        yield from (
            str(item["definition"]) for _, item in self.of("function") if str(item["definition"]).startswith("CREATE")
        )
        yield from self._tables()
        yield from self._constraints()
        done = {name for name, _ in self.of("materialized view")} | self._partitioned()
        yield from (str(index["definition"]) for index in self._indexes() if index["_on"] not in done)
        yield from self._views()
        for kind in ("trigger", "rule", "statistics"):
            yield from (str(item["definition"]).rstrip(";") for _, item in self.of(kind))
        yield from self._policies()
        yield from self._comments()

    def _domains(self) -> Iterator[str]:
        for name, item in self.of("domain"):
            default = f" DEFAULT {item['default']}" if item.get("default") else ""
            yield f"CREATE DOMAIN {name} AS {item['base']}{default}{' NOT NULL' if item.get('not_null') else ''}"

    def _composite(self, name: str) -> str:
        return f"CREATE TYPE {name} AS ({', '.join(map(_column, self.columns(name)))})"

    def _sequences(self) -> Iterator[str]:
        """Those that no column made for itself."""
        for name, item in self.of("sequence parameters"):
            if item.get("owned_by") is None:
                words = [f"AS {item['type']}", f"INCREMENT {item['increment']}", f"START {item['start']}"]
                words += ["CYCLE"] if item.get("cycle") else []
                yield f"CREATE SEQUENCE {name} {' '.join(words)}"

    def _tables(self) -> Iterator[str]:
        """Parents before their partitions and children."""
        waiting = {name: item for kind in ("table", "foreign table") for name, item in self.of(kind)}
        while waiting:
            ready = [name for name, item in waiting.items() if not set(_listed(item.get("parents"))) & waiting.keys()]
            for name in sorted(ready or waiting):
                item = waiting.pop(name)
                yield from self._table(name, item)
                if item.get("partition_key"):
                    # partitions take over what their parent has when they are made
                    yield from self._constraints(of=name)
                    yield from (str(index["definition"]) for index in self._indexes() if index["_on"] == name)

    def _table(self, name: str, item: Mapping[str, Any]) -> Iterator[str]:
        parents = _listed(item.get("parents"))
        bound = item.get("partition_bound")
        partitioned = f" PARTITION BY {item['partition_key']}" if item.get("partition_key") else ""
        if bound is not None and parents:
            yield f"CREATE TABLE {name} PARTITION OF {parents[0]} {bound}{partitioned}"
        else:
            unlogged = "UNLOGGED " if item["persistence"] == "u" else ""
            kind = "FOREIGN TABLE" if item["kind"] == "f" else f"{unlogged}TABLE"
            own = [column for column in self.columns(name) if not column.get("_inherited")]
            inherits = f" INHERITS ({', '.join(parents)})" if parents else ""
            server = " SERVER elsewhere" if item["kind"] == "f" else ""
            columns = ",\n    ".join(map(_column, own))
            yield f"CREATE {kind} {name} (\n    {columns}){inherits}{server}{partitioned}"
        if item.get("row_security"):
            yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"

    def _partitioned(self) -> set[str]:
        return {name for name, item in self.of("table") if item.get("partition_key")}

    def _indexes(self) -> Iterator[Mapping[str, Any]]:
        """Those that neither belong to a constraint nor are a part of a parent's."""
        for _, item in self.of("index"):
            if not item["_constraint"] and item.get("parent") is None:
                yield item

    def _constraints(self, of: str | None = None) -> Iterator[str]:
        """Keys before the foreign keys that refer to them; of one table, or of all that are not partitioned."""
        done = self._partitioned() if of is None else set[str]()
        found = [
            item
            for _, item in self.of("constraint")
            if not item.get("_inherited") and of in {None, item["_on"]} and item["_on"] not in done
        ]
        domains = {name for name, _ in self.of("domain")}
        for item in sorted(found, key=lambda item: ("pxucf".find(str(item["_kind"])), str(item["_name"]))):
            what = "DOMAIN" if item["_on"] in domains else "TABLE"
            yield f"ALTER {what} {item['_on']} ADD CONSTRAINT {item['_name']} {item['definition']}"

    def _views(self) -> Iterator[str]:
        found = [(name, item, "") for name, item in self.of("view")]
        found += [(name, item, "MATERIALIZED ") for name, item in self.of("materialized view")]
        for name, item, kind in sorted(found, key=lambda view: int(view[1]["_order"])):
            yield f"CREATE {kind}VIEW {name} AS {str(item['query']).rstrip().rstrip(';')}"
            yield from (str(index["definition"]) for _, index in self.of("index") if index["_on"] == name)

    def _policies(self) -> Iterator[str]:
        commands = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE", "*": "ALL"}
        for _, item in self.of("policy"):
            words = f"CREATE POLICY {item['_name']} ON {item['_on']} FOR {commands[item['command']]}"
            words += f" TO {item['roles']}" if item.get("roles") else ""
            words += f" USING ({item['using']})" if item.get("using") else ""
            yield words + (f" WITH CHECK ({item['check']})" if item.get("check") else "")

    def _comments(self) -> Iterator[str]:
        for name, item in self.of("table"):
            if item.get("comment"):
                yield f"COMMENT ON TABLE {name} IS {literal(item['comment'])}"
        for _, item in self.of("column"):
            if item.get("comment"):
                yield f"COMMENT ON COLUMN {item['_on']}.{item['_name']} IS {literal(item['comment'])}"


def _column(item: Mapping[str, Any]) -> str:
    default, generated = item.get("default"), item.get("generated")
    type_ = str(item["type"])
    counts = item.get("_owns") and str(default or "").startswith("nextval(") and type_ in _SERIALS
    words = [str(item["_name"]), _SERIALS[type_] if counts else type_]
    words += [f"COLLATE {item['collation']}"] if item.get("collation") else []
    if item.get("identity"):
        words.append(f"GENERATED {_IDENTITIES[item['identity']]} AS IDENTITY")
    elif generated:
        kind, _, expression = str(generated).partition(": ")
        words.append(f"GENERATED ALWAYS AS ({expression}) {'VIRTUAL' if kind == 'v' else 'STORED'}")
    elif default and not counts:
        words.append(f"DEFAULT {default}")
    words += ["NOT NULL"] if item.get("not_null") else []
    return " ".join(words)


def _listed(names: object) -> list[str]:
    """Names of parents, qualified: those of `public` come without it."""
    found = str(names).split(", ") if names else []
    return [name if "." in name else f"public.{name}" for name in found]


def _as_found(table: Table, owned: Mapping[tuple[Name, str], Name], invalid: frozenset[Name]) -> Table:
    """With what the statements cannot say: the names of sequences that columns own, and indexes that are not valid."""

    def with_sequence(column: Column) -> Column:
        sequence = owned.get((table.name, column.name))
        return replace(column, sequence=sequence) if sequence and column.sequence else column

    def with_validity(index: Index) -> Index:
        found = Name(index.name or "", table.name.namespace) in invalid
        return replace(index, valid=False) if found else index

    return replace(
        table,
        columns=tuple(map(with_sequence, table.columns)),
        indexes=tuple(map(with_validity, table.indexes)),
    )


def name_of(quoted: str) -> Name:
    """The name that the server printed, quoted where it has to be; without a namespace it is of `public`."""
    parts = [part.replace('""', '"') if part.startswith('"') else part for part in _PART.findall(quoted)]
    plain = [part[1:-1] if part.startswith('"') else part for part in parts]
    return Name(plain[-1], plain[-2]) if len(plain) > 1 else Name(plain[0] if plain else "")


_PART = re.compile(r'"(?:[^"]|"")*"|[^".]+')
