"""Columns and tables spelled out in a sentence: `fleet.vehicles` gets `refrigerated` (BOOLEAN, not null)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from migration_ls.schema.names import Name, name_from_text
from migration_ls.schema.request import Grade
from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.columns import column_bullet
from migration_ls.sources.spec.details import Details, items_of, read_details
from migration_ls.sources.spec.items import Item, Said, SaidColumn, SaidTable
from migration_ls.sources.spec.types import type_of

_ID = r"[^\W\d]\w*"
_GETS = re.compile(
    rf"(?:(?:the\s+|la\s+|el\s+)?(?:existing\s+)?(?:table\s+|tabla\s+|model\s+|entity\s+)?)`?(?P<table>{_ID}(?:\.{_ID})?)`?(?:\s+table|\s+model)?\s+"
    r"(?:also\s+)?(?:gets?|gains?|receives?|needs?|has|will have|is extended (?:with|by)|recibe|gana|tendrá|"
    r"obtiene)\s+(?:an?\s+|the\s+)?(?:new\s+)?(?:optional\s+)?(?:columns?\s+|fields?\s+)?"
    rf"(?P<list>`{_ID}`.+)",
    re.IGNORECASE | re.DOTALL,
)
_ITEM = re.compile(rf"`(?P<name>{_ID})`\s*(?:\((?P<inside>[^()]*(?:\([^()]*\)[^()]*)*)\))?")
_ADD = re.compile(
    rf"(?:we\s+|also\s+|then\s+)*add(?:s|ing)?\s+(?:an?\s+|the\s+)?(?:new\s+)?(?:(?P<quality>nullable|optional|required|mandatory|unique|indexed)\s+)?(?:column\s+|field\s+)?`?(?P<name>{_ID})`?\s+"
    rf"(?:(?:column|field)\s+)?(?P<before>[^`]*?)\s*(?:to|on|in)\s+(?:the\s+)?(?:table\s+|model\s+)?`?(?P<table>{_ID}(?:\.{_ID})?)`?(?:\s+(?:table|model))?(?:\s*(?P<after>[(:,].*|\s+with\s+.*))?",
    re.IGNORECASE | re.DOTALL,
)
_STORED = re.compile(
    rf"(?:we\s+)?(?:store|keep|save|hold|put|record)s?\s+(?:an?\s+|the\s+)?(?:new\s+)?(?:column\s+)?`(?P<name>{_ID})`\s+"
    rf"(?:as|with\s+type|of\s+type|:)?\s*(?:an?\s+)?(?P<type>`[^`]+`|\([^()]*(?:\([^()]*\)[^()]*)*\))\s+(?:on|in|to|with)\s+(?:the\s+)?(?:table\s+)?"
    rf"`(?P<table>{_ID}(?:\.{_ID})?)`(?:\s+table)?(?P<more>[,:].*)?",
    re.IGNORECASE | re.DOTALL,
)
"""``store `currency` as `char(3) NOT NULL` on `orders` ``."""
_NOUNS = frozenset("date time text number flag list url email duration".split())
_NEW_TABLE = re.compile(
    rf"(?:(?:an?\s+|the\s+|one\s+)?(?:new|nueva)\s+(?:table|tabla|join table|link table)|(?:create|add)\s+"
    rf"(?:an?\s+|the\s+)?(?:new\s+)?(?:join\s+|link\s+)?table|tabla nueva)\s*:?\s+(?:called\s+|named\s+)?"
    rf"`?(?P<table>{_ID}(?:\.{_ID})?)`?(?:\s+table)?"
    r"\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_KEY = re.compile(
    r"\s*(?:composite\s+)?primary key\s*(?:is\s+|on\s+|:\s*)?\(?(?P<columns>[\w, `]+?(?:\s+and\s+\w+)?)\)?\s*\Z",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\s*(?:all|all columns|everything|all of them|each)\s+(?P<null>not null|required|mandatory|nullable|"
    r"optional)\s*\Z",
    re.IGNORECASE,
)
_BARE_COLUMN = re.compile(rf"\s*`?(?P<name>{_ID})`?\s+(?P<rest>.+)", re.DOTALL)


def inline(clause: Clause, context: Context) -> Iterator[Item]:
    """Declared columns and tables of a sentence."""
    text = clause.text.rstrip(" .")
    said = context.said(clause.whole, Grade.DECLARED)
    if match := _NEW_TABLE.fullmatch(text):
        yield from _table(match, clause, said, context)
        return
    if match := _GETS.fullmatch(text):
        table = context.tables.find(match["table"])
        if table:
            yield from _columns(match["list"], table, clause, context, match.start("list"))
            return
    if (match := _STORED.fullmatch(text)) and (table := context.tables.find(match["table"])):
        read = column_bullet(f"`{match['name']}`: {match['type']}")
        if read and read[1].is_typed:
            yield SaidColumn(table=table, name=match["name"], details=read[1], said=said)
    elif match := _ADD.fullmatch(text):
        yield from _added(match, said, context)


def _columns(text: str, table: Name, clause: Clause, context: Context, start: int) -> Iterator[SaidColumn]:
    rest = text.partition(";")[0]
    matches = list(_ITEM.finditer(rest))
    for number, match in enumerate(matches):
        until = matches[number + 1].start() if number + 1 < len(matches) else len(rest)
        details = read_details(match["inside"]) if match["inside"] else read_details(_after(rest[match.end() : until]))
        if details.is_typed and details.state not in {"existing", "computed"}:
            part = clause.words.part(start + match.start(), start + match.end())
            said = context.said(part, Grade.DECLARED)
            yield SaidColumn(table=table, name=match["name"], details=details, said=said)


def _after(words: str) -> str:
    return re.sub(
        r"\A\s*[:=]?\s*(?:(?:is\s+)?of\s+type\s+|as\s+(?:an?\s+)?|with\s+type\s+)?|\s*(?:,|\band\b|,\s*and)\s*\Z",
        "",
        words.strip(),
    )


def _added(match: "re.Match[str]", said: Said, context: Context) -> Iterator[SaidColumn]:
    table = context.tables.find(match["table"])
    if table is None:
        return
    before = re.sub(r"\A\((.*)\)\Z", r"\1", match["before"].strip())
    if before.lower() in _NOUNS and "`" not in match[0][: match.start("before") - match.start()]:
        # `add a due date to lendings` speaks of a thing
        return
    after = (match["after"] or "").strip()
    after = re.sub(r"\A(?:with\s+|:\s*|,\s*)", "", after).strip()
    after = after[1:-1] if after.startswith("(") and after.endswith(")") else after
    read = column_bullet(f"`{match['name']}`: {', '.join(part for part in (before, after, match['quality']) if part)}")
    if read and read[1].is_typed:
        yield SaidColumn(table=table, name=match["name"], details=read[1], said=said)


def _table(match: "re.Match[str]", clause: Clause, said: Said, context: Context) -> Iterator[Item]:
    rest = match["rest"].strip()
    inside = re.match(r"\((?P<inside>.*)\)", rest, re.DOTALL) or re.match(
        r"(?:with|:|con)\s*(?:(?:the\s+)?(?:following\s+)?columns\s*:?\s*)?(?P<inside>.+)", rest, re.DOTALL
    )
    name = new_name(match["table"], context)
    context.tables.add(match["table"], name)
    columns: list[tuple[str, Details]] = []
    key: tuple[str, ...] = ()
    everything: bool | None = None
    for item in _listed(inside["inside"]) if inside else ():
        if found := _KEY.match(item):
            key = tuple(re.findall(r"\w+", re.sub(r"\band\b", " ", found["columns"])))
        elif found := _ALL.match(item):
            everything = found["null"].lower() in {"nullable", "optional"}
        elif (found := _BARE_COLUMN.match(item)) and (details := bare_details(found["rest"])):
            columns.append((found["name"], details))
    yield SaidTable(name=name, said=said, is_whole=bool(columns), key=key)
    position = match.start("rest")
    for column, details in columns:
        under = details if everything is None else details.under(Details(nullable=everything))
        place = re.compile(rf"\b{re.escape(column)}\b").search(clause.text, position)
        position = place.end() if place else position
        part = clause.words.part(place.start(), place.end()) if place else clause.words
        at = replace(said, origin=context.origin(part))
        yield SaidColumn(table=name, name=column, details=under, said=at)


def _listed(words: str) -> Iterator[str]:
    """The items of `a (...), b (...) and c (...)`."""
    for item in items_of(words):
        yield from re.split(r"\s+and\s+(?=`)|\Aand\s+(?=`)", item)


def bare_details(rest: str) -> Details | None:
    """The details of `bigint generated always as identity`: the type stands first, whatever follows."""
    words = rest.replace("`", "").replace("(", " (").split()
    text = rest.replace("`", "").strip()
    if text.startswith("(") and text.endswith(")"):
        details = read_details(text[1:-1])
        return details if details.is_typed else None
    for length in range(min(5, len(words)), 0, -1):
        spelled = " ".join(words[:length]).replace(" (", "(")
        if (read := type_of(spelled)) and read.type:
            known = Details(type=read.type, nullable=read.nullable, autoincrement=read.autoincrement)
            return read_details(" ".join(words[length:]).replace(" (", "("), known)
    return None


def new_name(words: str, context: Context) -> Name:
    """The name of a new table as spelled; without a namespace it goes where the project's tables are."""
    return name_from_text(words) if "." in words else Name(words, context.habits.namespace)
