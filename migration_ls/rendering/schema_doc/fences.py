"""CREATE TABLE in SQL fences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.postgres.quoting import identifier, identifiers
from migration_ls.rendering.schema_doc.request import Wish, after
from migration_ls.rendering.schema_doc.shape import SqlFence, create_table
from migration_ls.rendering.schema_doc.vocabulary import Facts, vocabulary_of
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Check, Constraint, ForeignKey, Index, Unique
from migration_ls.text.edits import Edit, insert
from migration_ls.text.span import Span

_CONSTRAINT = re.compile(r"(?i)(?:constraint|primary\s+key|unique|check|foreign\s+key|exclude|like)\b")
_AFTER_TYPE = re.compile(
    r"(?i)\s+(?:not\s+null|null|default|primary|unique|references|check|generated|constraint|collate)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a CREATE TABLE; the span is of the document."""

    span: Span
    column: str | None
    comma: int | None
    """The end of the comma behind it."""


class SqlTable:
    """A CREATE TABLE in a fence, taken apart."""

    def __init__(self, text: str, form: SqlFence, newline: str) -> None:
        self.text = text
        self.newline = newline
        self.form = form
        start = form.block.content.start
        match = create_table(form.block.text, form.table, text)
        opening = start + (match.end() if match else 0)
        self.items, self.close = _items(text, opening, form.block.content.end)
        self.opening = opening
        body = text[opening : self.close]
        self.words = vocabulary_of([body], [self._type(item) for item in self.columns])
        keywords = " ".join(
            re.findall(r"(?i)\b(?:not null|primary key|default|references|create table)\b", text[start : self.close])
        )
        self.upper = keywords.upper() == keywords or not keywords

    @property
    def columns(self) -> list[Item]:
        """The entries that are columns."""
        return [item for item in self.items if item.column]

    def _type(self, item: Item) -> str:
        return _type_span(self.text, item).of(self.text)

    def cased(self, words: str) -> str:
        """Keywords in the case of the fence."""
        return words if self.upper else words.lower()

    def indent(self) -> str:
        """What stands before an entry on its line."""
        for item in self.items:
            start = max(self.text.rfind("\n", 0, item.span.start), self.text.rfind("\r", 0, item.span.start)) + 1
            if not self.text[start : item.span.start].strip():
                return self.text[start : item.span.start]
        return "    "

    def column(self, facts: Facts) -> str:
        """A column's entry, aligned like its neighbours."""
        name = identifier(facts.column.name)
        starts = {
            _type_span(self.text, item).start - item.span.start for item in self.columns if item.span.of(self.text)
        }
        aligned = len(starts) == 1 and len(self.columns) > 1
        head = name.ljust(next(iter(starts))) if aligned else f"{name} "
        if not head.endswith(" "):
            head += " "
        words = [self.words.type(facts)]
        column = facts.column
        if column.identity:
            words.append(self.cased(f"GENERATED {column.identity.upper()} AS IDENTITY"))
        if column.generated:
            words.append(self.cased("GENERATED ALWAYS AS") + f" ({column.generated.canonical}) " + self.cased("STORED"))
        if column.nullable is False and not column.autoincrement:
            words.append(self.cased("NOT NULL"))
        if column.default is not None:
            words.append(self.cased("DEFAULT") + f" {column.default.canonical}")
        if facts.key:
            words.append(self.reference(facts.key))
        return head + " ".join(words)

    def reference(self, key: ForeignKey) -> str:
        """A foreign key at its column."""
        space = " " if re.search(r"(?i)references\s+[\w.\"]+\s+\(", self.text) else ""
        columns = f"{space}({identifiers(key.ref_columns or ('id',))})"
        action = "" if key.on_delete == "NO ACTION" else " " + self.cased(f"ON DELETE {key.on_delete}")
        return f"{self.cased('REFERENCES')} {key.ref_table.sql}{columns}{action}"

    def constraint(self, constraint: Constraint) -> str | None:
        """A constraint's entry; None for what stands at its column."""
        name = f"{self.cased('CONSTRAINT')} {identifier(constraint.name)} " if constraint.name else ""
        match constraint:
            case Check(expression=expression):
                return f"{name}{self.cased('CHECK')} ({expression.text})"
            case Unique(columns=columns):
                return f"{name}{self.cased('UNIQUE')} ({identifiers(columns)})"
            case ForeignKey(columns=columns) if len(columns) > 1:
                return f"{name}{self.cased('FOREIGN KEY')} ({identifiers(columns)}) {self.reference(constraint)}"
            case _:
                return None

    def index(self, table: Name, index: Index) -> str:
        """A CREATE INDEX statement."""
        parts: list[str] = []
        for part in index.parts:
            shown = part.text if part.is_expression else identifier(part.text)
            bare = re.fullmatch(r"\w+\(.*\)", shown)
            shown = f"({shown})" if part.is_expression and not bare else shown
            shown += f" {part.opclass}" if part.opclass else ""
            shown += self.cased(" DESC") if part.descending else ""
            shown += self.cased(f" NULLS {part.nulls.upper()}") if part.nulls else ""
            parts.append(shown)
        space = "" if re.search(r"(?i)\bon\s+[\w.\"]+\(", self.text) else " "
        kind = self.cased("CREATE UNIQUE INDEX" if index.unique else "CREATE INDEX")
        using = f" {self.cased('USING')} {index.using}" if index.using != "btree" else ""
        space = " " if using else space
        include = f" {self.cased('INCLUDE')} ({identifiers(index.include)})" if index.include else ""
        where = f" {self.cased('WHERE')} {index.where.text}" if index.where else ""
        name = identifier(index.name) if index.name else ""
        head = f"{kind} {name} {self.cased('ON')} {table.sql}{using}"
        return f"{head}{space}({', '.join(parts)}){include}{where};"


def edit_fence(text: str, form: SqlFence, wish: Wish, newline: str) -> Iterator[Edit]:
    """Entries for new columns and constraints, without dropped ones, words of changed ones."""
    table = SqlTable(text, form, newline)
    gone = [item for item in table.items if _goes(table, item, wish)]
    yield from _removals(table, gone)
    for old, new in wish.changes.renamed.items():
        for item in table.columns:
            if item.column == old:
                yield Edit(Span(item.span.start, item.span.start + len(identifier(old))), identifier(new))
    present = {item.column: item for item in table.columns}
    names = [item.column or "" for item in table.columns if item not in gone]
    new_items: dict[int, list[str]] = {}
    for column in wish.changes.columns:
        facts = wish.facts(column)
        if facts is None:
            continue
        if found := present.get(column):
            yield from _changed(table, found, facts, wish.aspects.get(column, frozenset()))
        else:
            new_items.setdefault(after(names, column), []).append(table.column(facts))
    body = text[table.opening : table.close]
    constraints = [
        entry
        for item in wish.changes.constraints
        if (entry := table.constraint(item)) and not (item.name and item.name in body) and entry not in body
    ]
    kept = [item for item in table.columns if item not in gone]
    tail = [item for item in table.items if item not in gone]
    for count, entries in new_items.items():
        table_entries = entries
        if kept and kept[count - 1] is tail[-1] and constraints:
            table_entries, constraints = [*entries, *constraints], []
        if kept:
            yield _inserted(table, kept[count - 1], table_entries)
    if constraints and tail:
        yield _inserted(table, tail[-1], constraints)


def _goes(table: SqlTable, item: Item, wish: Wish) -> bool:
    if item.column:
        return item.column in wish.changes.dropped
    code = item.span.of(table.text)
    named = re.match(r'(?i)constraint\s+"?([\w$]+)"?', code)
    if named and named[1] in wish.changes.dropped_constraints:
        return True
    return any(re.search(rf"\b{re.escape(column)}\b", code) for column in wish.changes.dropped)


def _removals(table: SqlTable, gone: list[Item]) -> Iterator[Edit]:
    text = table.text
    for item in gone:
        start, end = _line(text, item.span.start)[0], _line(text, item.comma or item.span.end)[1]
        alone = not text[start : item.span.start].strip() and re.match(
            r"\s*(?:--.*)?\s*\Z", text[item.comma or item.span.end : end]
        )
        if alone:
            yield Edit(Span(start, end), "")
        else:
            yield Edit(Span(item.span.start, item.comma or item.span.end), "")
    kept = [item for item in table.items if item not in gone]
    if gone and kept and table.items[-1] in gone and kept[-1].comma:
        yield Edit(Span(kept[-1].comma - 1, kept[-1].comma), "")


def _inserted(table: SqlTable, anchor: Item, entries: list[str]) -> Edit:
    """The edit that puts entries behind another, on lines of their own where the table has those."""
    text, newline = table.text, table.newline
    indent = table.indent()
    multiline = "\n" in text[table.opening : table.close] or "\r" in text[table.opening : table.close]
    joint = f"{newline}{indent}" if multiline else " "
    if anchor.comma is not None:
        body = "".join(f"{joint}{entry}," for entry in entries)
        place = anchor.comma
        rest = text[place : _line(text, place)[1]].rstrip("\r\n")
        if rest.strip().startswith("--"):
            place += len(rest)
        return insert(place, body)
    body = ("," + joint).join(entries)
    rest = text[anchor.span.end : _line(text, anchor.span.end)[1]].rstrip("\r\n")
    if rest.strip().startswith("--"):
        return Edit(Span(anchor.span.end, anchor.span.end + len(rest)), f",{rest}{joint}{body}")
    return insert(anchor.span.end, f",{joint}{body}")


def _changed(table: SqlTable, item: Item, facts: Facts, aspects: frozenset[str]) -> Iterator[Edit]:
    kind = _type_span(table.text, item)
    if "type" in aspects and (new := table.words.type(facts)) != kind.of(table.text):
        yield Edit(kind, new)
    rest = Span(kind.end, item.span.end)
    words = rest.of(table.text)
    new_words = words
    if "nullable" in aspects:
        new_words = re.sub(r"(?i)\s+(?:not\s+)?null\b", "", new_words, count=1)
        if facts.column.nullable is False:
            new_words = " " + table.cased("NOT NULL") + new_words
    if "default" in aspects:
        pattern = r"(?i)\s+default\s+(?:'(?:[^']|'')*'(?:::[\w ]+(?:\[\])?)?|[^\s,(]+(?:\([^()]*\))?)"
        said = f" {table.cased('DEFAULT')} {facts.column.default.canonical}" if facts.column.default else ""
        if re.search(pattern, new_words):
            new_words = re.sub(pattern, lambda _: said, new_words, count=1)
        else:
            null = re.match(r"(?i)\s+not\s+null\b", new_words)
            at = null.end() if null else 0
            new_words = new_words[:at] + said + new_words[at:]
    if "unique" in aspects and facts.unique and not re.search(r"(?i)\bunique\b", new_words):
        new_words = f"{new_words.rstrip()} {table.cased('UNIQUE')}"
    if "key" in aspects and facts.key and not re.search(r"(?i)\breferences\b", new_words):
        new_words = f"{new_words.rstrip()} {table.reference(facts.key)}"
    if new_words != words:
        yield Edit(rest, new_words)


def _line(text: str, offset: int) -> tuple[int, int]:
    """The line around an offset, its end included."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    match = re.compile(r"\r\n|\n|\r").search(text, offset)
    return start, match.end() if match else len(text)


def _type_span(text: str, item: Item) -> Span:
    code = item.span.of(text)
    name = re.match(r'"(?:[^"]|"")+"|[^\s]+', code)
    begin = (
        (name.end() if name else 0)
        + len(code[name.end() if name else 0 :])
        - len(code[name.end() if name else 0 :].lstrip())
    )
    end = _AFTER_TYPE.search(code, begin)
    return Span(item.span.start + begin, item.span.start + (end.start() if end else len(code.rstrip())))


def _items(text: str, opening: int, limit: int) -> tuple[list[Item], int]:
    """The entries between the brackets, and where the closing one stands."""
    items: list[Item] = []
    depth, position, start = 0, opening, opening
    while position < limit:
        char = text[position]
        if char in "'\"":
            closing = text.find(char, position + 1, limit)
            position = limit if closing < 0 else closing
        elif text.startswith("--", position):
            match = re.compile(r"[\r\n]|\Z").search(text, position)
            end = match.start() if match else limit
            if not text[start:position].strip():
                start = end
            position = end - 1
        elif char == "(":
            depth += 1
        elif char == ")" and depth == 0:
            break
        elif char == ")":
            depth -= 1
        elif char == "," and depth == 0:
            items += _item(text, start, position, position + 1)
            start = position + 1
        position += 1
    items += _item(text, start, position, None)
    return items, position


def _item(text: str, start: int, end: int, comma: int | None) -> list[Item]:
    raw = text[start:end]
    lead = re.match(r"(?:\s|--[^\r\n]*(?:\r\n|\n|\r|\Z))*", raw)
    begin = start + (lead.end() if lead else 0)
    code = re.sub(r"\s*(?:--[^\r\n]*\s*)+\Z", "", text[begin:end]).rstrip()
    if not code:
        return []
    name = None if _CONSTRAINT.match(code) else re.match(r'"((?:[^"]|"")+)"|([^\s(]+)', code)
    column = (name[1] or name[2].lower()) if name else None
    return [Item(span=Span(begin, begin + len(code)), column=column, comma=comma)]
