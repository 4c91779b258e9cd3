"""Catalog rows to the statements that would make the same objects, in an order in which they can be run."""

from collections.abc import Iterable, Iterator, Mapping

from migration_ls.operations.naming import sequence_of
from migration_ls.postgres.quoting import identifier, literal
from migration_ls.schema.names import Name
from migration_ls.sources.catalog.rows import CatalogRow
from migration_ls.sources.catalog.runners import is_bookkeeping

_SERIALS = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}
_LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}
_TABLES = frozenset({"r", "p", "f"})
_FIRST = ("c", "p", "u", "x", "f")
"""Constraints in the order in which they are made: foreign keys need the others' keys."""


def statements_of(rows: Iterable[CatalogRow]) -> tuple[str, ...]:
    """The statements, without semicolons. What migration runners keep for themselves is left out, and so are rights."""
    return tuple(_Script(tuple(row for row in rows if not is_bookkeeping(row.at("relation")))).statements())


class _Script:
    """The rows by what they are."""

    def __init__(self, rows: tuple[CatalogRow, ...]) -> None:
        self._kinds: dict[str, list[CatalogRow]] = {}
        self._columns: dict[Name, list[CatalogRow]] = {}
        for row in rows:
            self._kinds.setdefault(row.kind, []).append(row)
            if row.kind == "column":
                self._columns.setdefault(row.relation, []).append(row)
        for columns in self._columns.values():
            columns.sort(key=_position)
        self._tables = _parents_first(
            [row for kind in ("table", "foreign table") for row in self._of(kind) if row.text("kind") in _TABLES]
        )

    def statements(self) -> Iterator[str]:
        yield from self._namespaces()
        for row in self._of("extension"):
            if row.at("name") == "plpgsql":
                continue  # every database has it
            yield f"CREATE EXTENSION IF NOT EXISTS {identifier(row.at('name'))}{_with_schema(row)}"
        yield from self._types()
        yield from self._sequences()
        yield from self._functions()
        for row in self._tables:
            yield self._table(row)
        yield from self._owners()
        for row in self._constraints():
            yield f"ALTER TABLE {_only(row)}ADD CONSTRAINT {identifier(row.at('name'))} {row.text('definition')}"
        yield from self._unproven()
        yield from self._views()
        for row in self._indexes():
            yield row.text("definition") or ""
        yield from self._partitions()
        yield from self._rest()
        yield from self._comments()

    def _of(self, *kinds: str) -> list[CatalogRow]:
        return sorted((row for kind in kinds for row in self._kinds.get(kind, ())), key=_made)

    def _namespaces(self) -> Iterator[str]:
        for row in self._of("namespace"):
            if row.at("name") != "public":
                yield f"CREATE SCHEMA {identifier(row.at('name'))}"

    def _types(self) -> Iterator[str]:
        for row in self._of("enum"):
            yield f"CREATE TYPE {row.own_name.sql} AS ENUM ({row.text('labels') or ''})"
        for row in self._of("composite type"):
            columns = ", ".join(
                f"{identifier(column.at('name'))} {column.text('type')}"
                for column in self._columns.get(row.relation, ())
            )
            yield f"CREATE TYPE {row.relation.sql} AS ({columns})"
        for row in self._of("domain", "type"):
            if row.kind == "domain":
                yield from self._domain(row)
            else:
                yield f"CREATE TYPE {row.own_name.sql} AS RANGE (SUBTYPE = {row.text('base')})"

    def _domain(self, row: CatalogRow) -> Iterator[str]:
        words = [f"CREATE DOMAIN {row.own_name.sql} AS {row.text('base')}"]
        words += [f"COLLATE {row.at('collation')}"] if row.at("collation") else []
        words += [f"DEFAULT {row.text('default')}"] if row.text("default") is not None else []
        words += ["NOT NULL"] if row.has("not_null") else []
        checks = [check for check in self._of("constraint") if check.named("domain") == row.own_name]
        for check in checks:
            if check.has("validated"):
                words.append(f"CONSTRAINT {identifier(check.at('name'))} {check.text('definition')}")
        yield " ".join(words)
        for check in checks:
            if not check.has("validated"):
                added = f"ADD CONSTRAINT {identifier(check.at('name'))} {check.text('definition')}"
                yield f"ALTER DOMAIN {row.own_name.sql} {added}"

    def _sequences(self) -> Iterator[str]:
        own = {name for columns in self._columns.values() for row in columns if (name := _counted_by(row))}
        for row in self._of("sequence parameters"):
            if row.relation not in own:
                yield f"CREATE SEQUENCE {row.relation.sql}{_options(row)}"

    def _owners(self) -> Iterator[str]:
        for columns in self._columns.values():
            for column in columns:
                sequence, usual = _counted_by(column), sequence_of(column.relation, column.at("name"))
                if sequence and sequence != usual and sequence.namespace == usual.namespace:
                    yield f"ALTER SEQUENCE {usual.sql} RENAME TO {identifier(sequence.name)}"
        own = {name for columns in self._columns.values() for row in columns if (name := _counted_by(row))}
        for row in self._of("sequence parameters"):
            owner = row.place.get("owner")
            if row.relation in own and (told := _options(row)).replace(f" AS {row.text('type')}", ""):
                yield f"ALTER SEQUENCE {row.relation.sql}{told}"
            if row.relation not in own and isinstance(owner, list):
                table = Name(str(owner[1]), str(owner[0]))
                yield f"ALTER SEQUENCE {row.relation.sql} OWNED BY {table.sql}.{identifier(str(owner[2]))}"

    def _functions(self) -> Iterator[str]:
        for row in self._of("function"):
            if row.at("prokind") in {"f", "p", "w"} and not row.marked("internal"):
                yield (row.text("definition") or "").rstrip()

    def _table(self, row: CatalogRow) -> str:
        columns = ",\n    ".join(_column(column) for column in self._columns.get(row.relation, ()))
        body = f" (\n    {columns}\n)" if columns else " ()"
        kind = {"f": "FOREIGN TABLE"}.get(row.text("kind") or "", "TABLE")
        unlogged = "UNLOGGED " if row.text("persistence") == "u" else ""
        text = f"CREATE {unlogged}{kind} {row.relation.sql}{body}"
        above = row.names("parents")
        if above and row.text("partition_bound") is None:
            text += f" INHERITS ({', '.join(name.sql for name in above)})"
        if row.text("kind") == "p":
            text += f" PARTITION BY {row.text('partition_key')}"
        return text + (f" SERVER {identifier(row.at('server'))}" if row.at("server") else "")

    def _constraints(self) -> Iterator[CatalogRow]:
        """Of tables; what a child only has because its parent has it comes with the parent."""
        bounds = {row.relation: row.text("partition_bound") for row in self._tables}
        found = [
            row
            for row in self._of("constraint")
            if row.relation in bounds
            and not row.marked("shadow")
            and (row.marked("local") or bounds[row.relation] is not None)
            and row.at("contype") in _FIRST
        ]
        yield from sorted(found, key=lambda row: (_FIRST.index(row.at("contype")), row.number))

    def _unproven(self) -> Iterator[str]:
        """NOT NULL that SERIAL brings and is gone, or that is not validated yet (18 and later)."""
        for columns in self._columns.values():
            for row in columns:
                if _is_serial(row) and not row.has("not_null") and not row.at("unproven"):
                    yield f"ALTER TABLE {row.relation.sql} ALTER COLUMN {identifier(row.at('name'))} DROP NOT NULL"
                if row.at("unproven"):
                    added = f"ADD CONSTRAINT {identifier(row.at('unproven'))} NOT NULL {identifier(row.at('name'))}"
                    yield f"ALTER TABLE {row.relation.sql} {added} NOT VALID"

    def _indexes(self) -> Iterator[CatalogRow]:
        yield from (row for row in self._of("index") if not row.marked("backs"))

    def _views(self) -> Iterator[str]:
        for row in self._of("view", "materialized view"):
            query = (row.text("query") or "").strip().rstrip(";")
            kind = "VIEW" if row.kind == "view" else "MATERIALIZED VIEW"
            names = ", ".join(identifier(column.at("name")) for column in self._columns.get(row.relation, ()))
            data = " WITH NO DATA" if row.kind != "view" and not row.has("populated") else ""
            yield f"CREATE {kind} {row.relation.sql}{f' ({names})' if names else ''} AS\n{query}{data}"

    def _partitions(self) -> Iterator[str]:
        """Innermost last: a partition has its own partitions before or after, the server takes both."""
        for row in self._tables:
            bound = row.text("partition_bound")
            if bound is not None:
                for above in row.names("parents"):
                    yield f"ALTER TABLE ONLY {above.sql} ATTACH PARTITION {row.relation.sql} {bound}"

    def _rest(self) -> Iterator[str]:
        for row in self._of("trigger"):
            if not row.marked("cloned"):
                yield row.text("definition") or ""
        for row in self._of("rule"):
            yield (row.text("definition") or "").rstrip(";")
        for row in self._tables:
            if row.has("row_security"):
                yield f"ALTER TABLE {row.relation.sql} ENABLE ROW LEVEL SECURITY"
        for row in self._of("policy"):
            yield _policy(row)
        for row in self._of("statistics"):
            yield row.text("definition") or ""

    def _comments(self) -> Iterator[str]:
        for row in self._tables:
            if row.text("comment"):
                yield f"COMMENT ON TABLE {row.relation.sql} IS {literal(row.text('comment') or '')}"
            for column in self._columns.get(row.relation, ()):
                if column.text("comment"):
                    what = f"{row.relation.sql}.{identifier(column.at('name'))}"
                    yield f"COMMENT ON COLUMN {what} IS {literal(column.text('comment') or '')}"


def sequences_of_columns(rows: Iterable[CatalogRow]) -> Mapping[tuple[Name, str], Name]:
    """The sequences of SERIAL and identity columns, by table and column: their names need not be the usual ones."""
    return {
        (row.relation, row.at("name")): sequence
        for row in rows
        if row.kind == "column" and (sequence := _counted_by(row)) is not None
    }


def _made(row: CatalogRow) -> tuple[int, str]:
    return row.number, row.name


def _position(row: CatalogRow) -> int:
    position = row.place.get("position")
    return position if isinstance(position, int) else 0


def _parents_first(rows: list[CatalogRow]) -> list[CatalogRow]:
    """Tables in an order in which those that others stand below come before them."""
    waiting = {row.relation: row for row in sorted(rows, key=_made)}
    ordered: list[CatalogRow] = []

    def take(name: Name) -> None:
        row = waiting.pop(name, None)
        if row is not None:
            for above in row.names("parents"):
                take(above)
            ordered.append(row)

    for name in tuple(waiting):
        take(name)
    return ordered


def _counted_by(row: CatalogRow) -> Name | None:
    """The sequence of a SERIAL or identity column."""
    sequence = row.named("sequence")
    return sequence if sequence and (row.text("identity") or _is_serial(row)) else None


def _is_serial(row: CatalogRow) -> bool:
    """Whether the column is what SERIAL makes: counted by a sequence that is its own."""
    default, own = row.text("default") or "", row.named("sequence")
    if own is None or row.text("type") not in _SERIALS or not default.startswith("nextval("):
        return False
    return own.name in default.replace('""', '"')


def _column(row: CatalogRow) -> str:
    type_ = row.text("type") or ""
    serial = _is_serial(row)
    words = [identifier(row.at("name")), _SERIALS[type_] if serial else type_]
    if row.text("collation"):
        words.append(f"COLLATE {row.text('collation')}")
    if (default := row.text("default")) is not None and not serial:
        words.append(f"DEFAULT {default}")
    if (generated := row.text("generated")) is not None:
        kind, _, inside = generated.partition(": ")
        words.append(f"GENERATED ALWAYS AS ({inside}) {'VIRTUAL' if kind == 'v' else 'STORED'}")
    if (identity := row.text("identity")) is not None:
        words.append(f"GENERATED {'ALWAYS' if identity == 'a' else 'BY DEFAULT'} AS IDENTITY")
    if row.has("not_null"):
        words.append("NOT NULL")
    return " ".join(words)


def _only(row: CatalogRow) -> str:
    """The table of a constraint; partitions have each a row of their own."""
    partitioned = row.at("contype") in {"p", "u"}
    return f"{'ONLY ' if partitioned else ''}{row.relation.sql} "


def _with_schema(row: CatalogRow) -> str:
    """Where the extension's objects stand, unless that is where they stand anyway."""
    namespace = row.text("namespace") or "public"
    return "" if namespace in {"public", "pg_catalog"} else f" WITH SCHEMA {namespace}"


def _options(row: CatalogRow) -> str:
    """What a sequence was told; what holds when nothing is said is left out."""
    type_ = row.text("type") or "bigint"
    increment = int(row.text("increment") or 1)
    top = _LARGEST.get(type_, 2**63 - 1)
    low, high = (1, top) if increment > 0 else (-top - 1, -1)
    usual = {"min": low, "max": high, "increment": 1, "cache": 1}
    usual["start"] = int(row.text("min") or low) if increment > 0 else int(row.text("max") or high)
    words = {"increment": "INCREMENT BY", "min": "MINVALUE", "max": "MAXVALUE", "start": "START WITH", "cache": "CACHE"}
    text = "" if type_ == "bigint" else f" AS {type_}"
    for key, word in words.items():
        value = row.text(key)
        if value is not None and int(value) != usual[key]:
            text += f" {word} {value}"
    return text + (" CYCLE" if row.has("cycle") else "")


def _policy(row: CatalogRow) -> str:
    commands = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}
    text = f"CREATE POLICY {identifier(row.at('name'))} ON {row.relation.sql}"
    text += "" if row.has("permissive") else " AS RESTRICTIVE"
    text += f" FOR {commands[row.text('command') or '']}" if row.text("command") in commands else ""
    text += f" TO {row.text('roles')}" if row.text("roles") else ""
    text += f" USING ({row.text('using')})" if row.text("using") else ""
    return text + (f" WITH CHECK ({row.text('check')})" if row.text("check") else "")
