"""Ways to say keys, checks, indexes and labels, and to take them out."""

import re
from collections.abc import Iterable, Iterator, Sequence

from migration_ls.postgres.quoting import identifier
from migration_ls.rendering.schema_doc.change_ways import said_behind, without
from migration_ls.rendering.schema_doc.facts import Fact, constraint_facts, index_fact
from migration_ls.rendering.schema_doc.mending import Attempt, Version
from migration_ls.rendering.schema_doc.regions import line_end, line_start, regions_of
from migration_ls.rendering.schema_doc.wording import check, reference
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Constraint, ForeignKey, Index, IndexPart, PrimaryKey, Table, Unique
from migration_ls.text.edits import Edit, insert
from migration_ls.text.span import Span

_ACTION = r"(?:[,(]?\s*\(?(?:on delete )?(?:cascade|set null|restrict|set default|no action)\)?)?"
_WORDS = {
    "unique": r"unique(?:\s+(?:constraint|key|index))?|\bu[kq]\b|\buni\b|[uú]nic[oa]|eindeutig|@unique|"
    r"@@unique\([^()]*\)",
    "index": r"(?:btree |gin |gist |brin |hash )?index(?:ed)?|\bidx\b|\bix\b|indexad[oa]|indiziert|indexée?",
    "foreign key": r"(?:(?:fk|foreign key|references?|clave foránea|fremdschlüssel|fs)\b\s*(?:to|on)?\s*)?"
    rf"(?:→|->|=>|:)?\s*[`\"]?[\w.]+[`\"]?(?:\s*\(\s*\w+\s*\))?{_ACTION}",
    "check": r"check\s*:?\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|(?:max|min)\w*:? ?\d+|\d+\s*[-\u2013]\s*\d+|"
    r"(?:must be )?(?:one of|in|allowed|values)\b[^;|]*|[<>]=?\s*-?\d+",
    "primary key": r"primary key|\bpk\b|\bpri\b",
}


def holder(table: Table, fact: Fact) -> Constraint | Index | None:
    """The constraint or index that a fact is about."""
    for item in table.constraints:
        if fact in set(constraint_facts(table.name, item)):
            return item
    return next((index for index in table.indexes if index_fact(table.name, index) == fact), None)


def unsaid(version: Version, fact: Fact) -> Iterator[Attempt]:
    """Ways to take a key, check or index out: its own entry, or its words at a column."""
    table = version.schema.tables.get(fact.table)
    found = holder(table, fact) if table else None
    if table is None or found is None:
        return
    text = version.text
    columns = [column for column in table.columns if column.name in fact.what or fact.aspect == "check"]
    entries = [column.origin.span for column in columns if column.origin is not None]
    origin = found.origin.span if found.origin is not None else None
    if origin is not None and origin not in entries and origin != (table.origin.span if table.origin else None):
        for region in regions_of(text, origin):
            yield (Edit(region, ""),)
        if before := re.search(r",\s*\Z", text[: origin.start]):
            yield (Edit(Span(before.start() + origin.start - origin.start, origin.end), ""),)
    for span in entries:
        pattern = re.compile(_WORDS.get(fact.aspect, r"\Z.\A"), re.IGNORECASE)
        for match in list(pattern.finditer(text, span.start, line_end(text, span.end - 1)))[::-1]:
            if match[0].strip():
                stripped = Span(match.start() + len(match[0]) - len(match[0].lstrip()), match.end())
                yield from without(text, stripped)


def said(version: Version, wanted: Schema, fact: Fact, newline: str) -> Iterator[Attempt]:
    """Ways to say a key, check or index: at its column, in a list that is there, in a list of its own."""
    table = wanted.tables.get(fact.table)
    told = version.schema.tables.get(fact.table)
    found = holder(table, fact) if table else None
    if table is None or told is None or found is None:
        return
    if len(fact.what) == 1 or isinstance(found, Check):
        for name in sorted(fact.what):
            column = told.column(name)
            if column is not None:
                yield from said_behind(version, column, at_column(found))
    yield from _beside(version, told, found)
    lines = entries_for(found, fact.table.name if fact.table.namespace == "public" else str(fact.table))
    end = _end_of(version, told)
    for label, entry, whole in lines:
        lead = "" if version.text[:end].endswith(("\n", "\r")) or not end else newline
        yield (insert(end, f"{lead}{newline}{label}{newline}{newline}- {entry}{newline}"),)
        yield (insert(end, f"{lead}{newline}{label} {entry}{newline}"),)
        yield (insert(end, f"{lead}- {entry}{newline}"),)
        tail = "" if version.text.endswith(("\n", "\r")) else newline
        title = label.strip(":*")
        at = len(version.text)
        yield (insert(at, f"{tail}{newline}## {title}{newline}{newline}- {whole}{newline}"),)


def at_column(item: Constraint | Index) -> tuple[str, ...]:
    """The words at a column."""
    match item:
        case Unique():
            return ("unique", "UNIQUE", "UK")
        case Check():
            return (check(item), check(item).lower().replace("check", "check", 1), item.expression.text)
        case ForeignKey():
            action = "" if item.on_delete == "NO ACTION" else f", {item.on_delete.lower()}"
            path = f"{item.ref_table}.{item.ref_columns[0]}" if item.ref_columns else str(item.ref_table)
            return (
                reference(item),
                reference(item).upper().replace(str(item.ref_table).upper(), str(item.ref_table)),
                f"FK → {path}{action}",
                f"ref: > {path}",
            )
        case PrimaryKey():
            return ("primary key", "PK")
        case Index():
            using = "" if item.using == "btree" else f"{item.using} "
            return ("unique",) if item.unique else (f"{using}indexed", f"{using}index")
        case _:
            return ()


def entries_for(item: Constraint | Index, table: str) -> Iterable[tuple[str, str, str]]:
    """A label, an entry under it in the table's own section, and one that names the table."""
    match item:
        case Unique(columns=columns):
            yield "Constraints:", f"UNIQUE ({_listed(columns)})", f"unique: {table}({_listed(columns)})"
            yield "Indexes:", f"unique ({_listed(columns)})", f"unique index on {table} ({_listed(columns)})"
        case Check():
            yield "Constraints:", check(item), check(item)
        case PrimaryKey(columns=columns):
            yield "Constraints:", f"PRIMARY KEY ({_listed(columns)})", f"PRIMARY KEY ({_listed(columns)})"
        case ForeignKey():
            action = "" if item.on_delete == "NO ACTION" else f" ON DELETE {item.on_delete}"
            target = f"{item.ref_table} ({_listed(item.ref_columns)})"
            own = f"FOREIGN KEY ({_listed(item.columns)}) REFERENCES {target}{action}"
            others = item.ref_columns[0] if item.ref_columns else "id"
            named = f"{table}.{item.columns[0]} → {item.ref_table}.{others}{action}"
            yield "Constraints:", own, named
            yield "Relationships:", own, named
        case Index():
            unique = "UNIQUE " if item.unique else ""
            using = "" if item.using == "btree" else f" using {item.using}"
            where = f" WHERE {item.where.text}" if item.where else ""
            parts = ", ".join(_part(part) for part in item.parts)
            note = " unique" if item.unique else ""
            yield "Indexes:", f"{unique}({parts}){using}{where}", f"{table} ({parts}){note}{using}{where}"
            sql = f"{unique}INDEX{f' {item.name}' if item.name else ''} ON {table}{using} ({parts}){where}"
            yield "Indexes:", f"`{sql}`", f"`CREATE {sql}`"
        case _:
            return


def _part(part: IndexPart) -> str:
    words = str(part) if part.is_expression else str(part).replace(part.text, identifier(part.text), 1)
    return f"{words} {part.opclass}" if part.opclass else words


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(map(identifier, columns))


def _beside(version: Version, told: Table, item: Constraint | Index) -> Iterator[Attempt]:
    """Behind an entry of the same kind, in its manner."""
    text = version.text
    own: Sequence[Constraint | Index] = told.indexes if isinstance(item, Index) else told.constraints
    entries = {column.origin.span for column in told.columns if column.origin is not None}
    everywhere: list[Constraint | Index] = [
        other
        for table in version.schema.tables.values()
        for other in (table.indexes if isinstance(item, Index) else table.constraints)
    ]
    for other in (*reversed(own), *reversed(everywhere)):
        span = other.origin.span if other.origin is not None else None
        if span is None or span in entries or type(other) is not type(item):
            continue
        region = next(iter(regions_of(text, span)))
        lead = re.match(r"[ \t>]*(?:[-*+]|\d+[.)])?[ \t]*", text[region.start : region.end])
        start = lead[0] if lead else ""
        ended = re.search(r"[\r\n]*\Z", text[region.start : region.end])
        newline = ended[0] if ended and ended[0] else "\n"
        table = str(told.name) if told.name.namespace != "public" else told.name.name
        gap = "" if text[region.end - 1 : region.end] in {"\n", "\r"} else newline
        for _, entry, named in entries_for(item, table):
            yield (insert(region.end, f"{gap}{start}{named}{newline}"),)
            yield (insert(region.end, f"{gap}{start}{entry}{newline}"),)


def _end_of(version: Version, told: Table) -> int:
    """Behind the last column of a table, and behind the fence that holds it."""
    text = version.text
    ends = [column.origin.span.end for column in told.columns if column.origin is not None]
    end = line_end(text, max(ends) - 1) if ends else len(text)
    fence = None
    for match in re.finditer(r"(?m)^[ \t]{0,3}(?:```|~~~)[^\r\n]*(?:\r\n|\n|\r|\Z)", text):
        if fence is None:
            fence = match.start()
        else:
            if fence < end <= match.start():
                return match.end()
            fence = None
    if (
        close := re.compile(r"(?:(?!<table).)*?</table>[ \t]*(?:\r\n|\n|\r|\Z)", re.IGNORECASE | re.DOTALL).match(
            text, end
        )
    ) and "<td" in text[line_start(text, max(ends) - 1) : end]:
        return close.end()
    while end < len(text) and re.match(r"[ \t]+\S|\|", text[end : line_end(text, end)]):
        end = line_end(text, end)
    return end
