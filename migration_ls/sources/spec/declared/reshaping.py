"""Columns that become others by expressions: `Split users.full_name into first_name and last_name`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from migration_ls.postgres.types import ColumnType
from migration_ls.schema import request as asked
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.request import Grade
from migration_ls.schema.tables import Column, Table
from migration_ls.sources.markdown.blocks import Block, Bullet, Fence, Paragraph, TableBlock
from migration_ls.sources.problem import Problem
from migration_ls.sources.spec.clauses import stores_nothing
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.moving import moved
from migration_ls.sources.spec.items import Item, Said, SaidChange, SaidProblem
from migration_ls.sources.spec.sections import Section
from migration_ls.sources.spec.sentences import sentences, whole
from migration_ls.sources.spec.types import type_of

_NAME = r"(?:`[\w.]+(?:\s[^`=]{1,40})?`|[\w.]+)(?:\s?\((?:[^()]|\([^()]{1,20}\)){1,60}\))?"
_NAMES = rf"{_NAME}(?:(?:,\s(?:and\s)?|\sand\s|\s[&+]\s){_NAME})*"
_OF = r"(?:\scolumns?|\sfields?)?(?:\s(?:of|in|on|from)\s(?:the\s)?`?(?P<table>[\w.]+)`?(?:\stable)?)?"
_NEW = rf"(?:the\s)?(?:(?:two|three|four)\s)?(?:new\s)?(?:columns?\s|fields?\s)?(?P<news>{_NAMES})(?P<rest>\W.*)?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.DOTALL)
    for form in (
        (
            rf"(?:we\s)?(?P<verb>split|merge|combine|replace)s?\s(?:the\s)?(?:columns?\s|fields?\s)?(?P<olds>{_NAMES}){_OF}"
            rf"\s(?:into|by|with|in)\s{_NEW}"
        ),
        (
            rf"(?:the\s)?(?:columns?\s|fields?\s)?(?P<olds>{_NAMES}){_OF}\s(?:is|are|(?:must|shall|should|will)\sbe)\s"
            rf"(?P<verb>split|merged|combined|replaced)\s(?:into|by|with|in)\s{_NEW}"
        ),
    )
)
_ASIDE = r"\((?P<{}>(?:[^()]|\([^()]{{1,20}}\)){{1,60}})\)"
_ONE = re.compile(
    rf"`(?P<code>[\w.]+)(?:\s(?P<inside>[^`=]+))?`(?:\s?{_ASIDE.format('after')})?"
    rf"|(?P<word>[\w.]+)(?:\s?{_ASIDE.format('of')})?"
)
_TYPE = r"(?P<type>[a-z][\w ]*(?:\([\d, ]+\))?)"
_GIVEN = re.compile(
    rf"\s*`?(?P<name>\w+)(?:\s+\(?{_TYPE}\)?)?`?\s*(?:=|:=|←)\s*`?(?P<value>[^`]+?)`?[\s,;.]*\Z", re.IGNORECASE
)
_LISTED = re.compile(
    rf"\s*`(?P<name>\w+)`(?:\s+\(?`?{_TYPE}`?\)?)?\s*(?::|—|\u2013|-|is|from)\s*`(?P<value>[^`]+)`[\s,;.]*\Z",
    re.IGNORECASE,
)
_SPAN = re.compile(r"`([^`]+)`")
_COLUMN_HEAD = re.compile(r"(?:new\s+)?(?:column|field|name)\Z", re.IGNORECASE)
_VALUE_HEAD = re.compile(r"(?:sql\s+)?(?:expression|value|from|formula|computed(?: as| from)?|using)\Z", re.IGNORECASE)
_LONGEST = 1000
_TEXTS = frozenset({"text", "character varying", "citext"})


@dataclass(slots=True)
class Reshaped:
    """What a document says of it, and the blocks, by number, that nobody else has to read."""

    items: list[Item] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Value:
    text: str
    words: str = ""
    """What is said of the column beside it: its type."""


@dataclass(frozen=True, slots=True)
class _Wish:
    table: Table
    olds: tuple[Column, ...]
    news: Mapping[str, str]
    """The new columns with what is said of each."""
    always: bool
    """Whether the words mean this alone, and not perhaps a rename."""


def reshaped(blocks: Sequence[Block], text: str, context: Context, asking: Sequence[Section | None]) -> Reshaped:
    """Splits and merges of existing columns; `asking` has the section of each block that may ask for something.

    An expression that is missing, or reads something else, is a problem: values are never guessed.
    """
    found = Reshaped()
    for number, block in enumerate(blocks):
        section = asking[number]
        if section is None or number in found.taken or not isinstance(block, Paragraph | Bullet):
            continue
        sentence = whole(text, block.span)
        inner = replace(context, block=context.block + number, subject=section.subject)
        moves = [(item, part) for part in sentences(text, block.span) if (item := moved(part, inner)) is not None]
        if moves:
            found.items += [item for item, _ in moves]
            if sentence.text.count("`") == sum(part.text.count("`") for _, part in moves):
                found.taken.add(number)
            continue
        wish = _wish(sentence.text, inner)
        if wish is None:
            continue
        wanted = {*wish.news, *(column.name for column in wish.olds)}
        values, last = _values(blocks, number, text, wanted)
        if not values and not wish.always:
            continue
        found.taken.update(range(number, last + 1))
        found.items.append(_item(wish, values, inner.said(sentence, Grade.DECLARED)))
    return found


def _wish(words: str, context: Context) -> _Wish | None:
    if len(words) > _LONGEST or stores_nothing(words):
        return None
    match = next((match for form in _FORMS if (match := form.match(words))), None)
    if match is None:
        return None
    olds, news = _names(match["olds"]), _names(match["news"])
    table = _table_of(olds, news, match["table"], context)
    if table is None:
        return None
    columns = [column for name in olds if (column := table.column(name.rpartition(".")[2]))]
    names = {name.rpartition(".")[2]: said for name, said in news.items()}
    plural = (len(olds) > 1) is not (len(news) > 1) and (len(news) > 1) is match["verb"].lower().startswith("split")
    replaces = match["verb"].lower().startswith("replace")
    if len(columns) < len(olds) or names.keys() & {column.name for column in columns} or not (plural or replaces):
        return None
    return _Wish(table, tuple(columns), names, plural and not replaces)


def _names(words: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ONE.finditer(words):
        name = match["code"] or match["word"]
        if match["word"] and not re.search(r"[_.]", name):
            if name.lower() == "and":
                continue
            return {}
        found[name] = (match["inside"] or match["after"] or match["of"] or "").strip("` ")
    return found


def _table_of(olds: Mapping[str, str], news: Mapping[str, str], said: str | None, context: Context) -> Table | None:
    """The one table that all names belong to: by their dots, by the words, by the section, or as the only one."""
    if not olds or not news:
        return None
    dotted = {name.rpartition(".")[0] for name in (*olds, *news) if "." in name} | ({said} if said else set())
    tables = {context.tables.find(words) for words in dotted}
    if len(tables) > 1:
        return None
    name = tables.pop() if tables else context.subject or _only_table(olds, context)
    return context.tables.table(name) if name else None


def _only_table(olds: Mapping[str, str], context: Context) -> Name | None:
    having = [table.name for table in context.tables.schema.tables.values() if all(table.column(old) for old in olds)]
    return having[0] if len(having) == 1 else None


def _values(blocks: Sequence[Block], number: int, text: str, wanted: set[str]) -> tuple[dict[str, _Value], int]:
    """The expressions by column, from the line itself and the blocks under it, and the last block that gives one."""
    block = blocks[number]
    found = dict(_of_line(block.span.of(text)))
    depth = block.depth if isinstance(block, Bullet) else -1
    last = number
    for later in range(number + 1, len(blocks)):
        below = blocks[later]
        if isinstance(below, Bullet) and below.depth <= depth:
            break
        own = {name: value for name, value in _of_block(below, text) if name in wanted}
        if not own:
            break
        found = own | found
        last = later
    return {name: value for name, value in found.items() if name in wanted}, last


def _of_block(block: Block, text: str) -> Iterator[tuple[str, _Value]]:
    match block:
        case Bullet():
            yield from _of_line(block.span.of(text))
        case Fence():
            for line in re.split(r"\r\n|\r|\n", block.content.of(text)):
                if match := _GIVEN.match(re.sub(r"\s+--\s.*", "", line[:_LONGEST])):
                    yield match["name"], _Value(match["value"], match["type"] or "")
        case TableBlock():
            yield from _of_rows(block)
        case _:
            return


def _of_line(words: str) -> Iterator[tuple[str, _Value]]:
    if len(words) > _LONGEST:
        return
    line = re.sub(r"\A\s*(?:[-*+]|\d+[.)])\s+", "", words)
    if match := _LISTED.match(line) or _GIVEN.match(line):
        yield match["name"], _Value(match["value"], match["type"] or "")
        return
    for code in _SPAN.findall(words):
        if match := _GIVEN.match(code):
            yield match["name"], _Value(match["value"], match["type"] or "")


def _of_rows(block: TableBlock) -> Iterator[tuple[str, _Value]]:
    header = [cell.text.strip("*`_ ").lower() for cell in block.header]
    name = next((at for at, words in enumerate(header) if _COLUMN_HEAD.match(words)), None)
    value = next((at for at, words in enumerate(header) if _VALUE_HEAD.match(words)), None)
    kind = next((at for at, words in enumerate(header) if words in {"type", "data type"}), None)
    if name is None or value is None:
        return
    for row in block.rows:
        said = row[kind].text.strip("` ") if kind is not None else ""
        yield row[name].text.strip("`* "), _Value(row[value].text.strip("` "), said)


def _item(wish: _Wish, values: Mapping[str, _Value], said: Said) -> Item:
    """The request, or what keeps it from being one."""
    olds = tuple(column.name for column in wish.olds)
    assumptions: list[str] = []
    into: list[Column] = []
    forward: list[Expression] = []
    for name, words in wish.news.items():
        made = _expression(values.get(name), frozenset(olds))
        if made is None:
            return _asks(_no_value(wish, name, values.get(name)), _example(wish, name), said)
        details = words or (values[name].words if name in values else "")
        kind = _type(wish, details)
        if kind is None:
            return _asks(
                f"No type is said for `{wish.table.name}.{name}`, so nothing is planned for it",
                f"Say it with the expression, such as `{name} integer = {made.text}`",
                said,
            )
        if not details:
            assumptions.append(f"`{name}` is `{kind}`, because no type is said")
        required = re.search(r"\bnot null\b", details, re.IGNORECASE) is not None
        into.append(Column(name=name, type=kind, nullable=not required, origin=said.origin))
        forward.append(made)
    backward = [_expression(values.get(name), frozenset(wish.news)) for name in olds]
    wrong = [name for name, made in zip(olds, backward, strict=True) if made is None and name in values]
    if wrong:
        return _asks(_no_value(wish, wrong[0], values[wrong[0]]), "Make it from the new columns alone", said)
    assumptions += [
        f"`{made.text}` brings back every value of `{wish.table.name}.{name}`"
        for name, made in zip(olds, backward, strict=True)
        if made is not None and not made.canonical.isidentifier()
    ]
    change = asked.ReplaceColumns(
        table=wish.table.name, columns=olds, into=tuple(into), forward=tuple(forward), backward=tuple(backward)
    )
    return SaidChange(change=change, said=said, assumption=", and ".join(assumptions) or None)


def _expression(value: _Value | None, readable: frozenset[str]) -> Expression | None:
    from migration_ls.sources.sql.expressions import read_expression

    made = read_expression(value.text) if value else None
    return made if made is not None and made.columns and made.columns <= readable else None


def _type(wish: _Wish, words: str) -> ColumnType | None:
    if words:
        read = type_of(re.sub(r",?\s*\bnot null\b", "", words, flags=re.IGNORECASE).strip())
        return read.type if read else None
    if any(column.type.name not in _TEXTS or column.type.is_array for column in wish.olds):
        return None
    return wish.olds[0].type if len(wish.olds) == 1 else ColumnType("text")


def _no_value(wish: _Wish, name: str, value: _Value | None) -> str:
    others = (
        " and ".join(f"`{wish.table.name}.{column.name}`" for column in wish.olds)
        if name in wish.news
        else " and ".join(f"`{new}`" for new in wish.news)
    )
    if value is None:
        return f"Nothing says how `{wish.table.name}.{name}` is made from {others}, so nothing is planned for it"
    return f"What is said of `{wish.table.name}.{name}` is no expression over {others}, so nothing is planned for it"


def _example(wish: _Wish, name: str) -> str:
    olds = [column.name for column in wish.olds]
    number = list(wish.news).index(name) + 1
    value = f"split_part({olds[0]}, ' ', {number})" if len(olds) == 1 else f"concat_ws(' ', {', '.join(olds)})"
    return f"Give the expression of each new column under it, such as `{name} = {value}`"


def _asks(message: str, way_out: str, said: Said) -> SaidProblem:
    problem = Problem(code="ambiguous-request", message=message, help=way_out, span=said.origin.span, serious=False)
    return SaidProblem(problem=problem, said=said)
