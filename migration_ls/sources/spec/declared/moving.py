"""Columns that move to another table: `Move orders.note to shipments`, splits of tables, link tables."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Grade
from migration_ls.schema.tables import Column, ForeignKey, Index, IndexPart, PrimaryKey, Table
from migration_ls.sources.problem import Problem
from migration_ls.sources.spec.clauses import stores_nothing
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.items import Item, Said, SaidChange, SaidProblem
from migration_ls.sources.spec.nouns import key_to
from migration_ls.sources.spec.sentences import Sentence
from migration_ls.sources.spec.words import singular

_NAME = r"(?:`[\w.]+`|\w+\.\w+|\w+_\w+)"
_NAMES = rf"{_NAME}(?:(?:,\s(?:and\s)?|\sand\s|\s[&+]\s){_NAME})*"
_OLDS = rf"(?:the\s)?(?:columns?\s|fields?\s)?(?P<olds>{_NAMES})(?:\scolumns?|\sfields?)?"
_FROM = r"(?:\s(?:from|of|in|on|off|out\sof)\s(?:the\s)?(?:table\s)?(?P<table>`[\w.]+`|[\w.]+)(?:\stable)?)"
_NEW = r"(?P<new>(?:(?:a|its|their)\s)?(?:new|separate|own|one-to-one)\s(?:(?:separate|one-to-one)\s)?(?:table\s)?)"
_TO = (
    rf"\s(?:in)?(?:to|onto)\s(?:{_NEW}|(?:the\s|an?\s)?(?P<plain>table\s)?)(?:(?:called|named)\s)?"
    rf"(?P<to>`[\w.]+`|[\w.]+)(?:\stable)?(?:,?\s(?:as|under\sthe\snames?(?:\sof)?)\s(?P<news>{_NAMES}))?(?P<rest>\W.*)?\Z"
)
_BE = r"(?:(?:must|shall|should|will|has\sto|have\sto)\s)?(?:be\s|is\s|are\s|get\s|gets\s)?"
_GO = r"(?:moves?|moved|go|goes|relocated|extracted|split\s(?:off|out)|separated)"
_SPLIT = r"(?:move|relocate|extract|split|pull|separate|migrate)s?"
_MOVED = tuple(
    re.compile(form, re.IGNORECASE | re.DOTALL)
    for form in (
        rf"(?:we\s)?{_SPLIT}\s{_OLDS}{_FROM}?(?:\s(?:out|off))?{_TO}",
        rf"{_OLDS}{_FROM}?\s{_BE}{_GO}{_FROM.replace('<table>', '<off>')}?{_TO}",
        (
            r"(?:we\s)?split\s(?:the\s)?(?:table\s)?(?P<table>`[\w.]+`|[\w.]+)(?:\stable)?:\s"
            rf"{_OLDS}\s{_BE}{_GO}{_TO}"
        ),
    )
)
_PARTS = r"(?:\s?\([^()`]*\))?"
_LINK = (
    r"(?:an?\s)?(?:new\s)?(?:link|linking|join|joining|association|junction|pivot|bridge|many-to-many)"
    rf"\s(?:table|relation(?:ship)?)(?:\s(?:called|named))?\s?(?P<link>`\w+{_PARTS}`{_PARTS})?"
)
_MANY = r"(?:an?\s)?many[- ]to[- ]many(?:\s(?:relation(?:ship)?|link|reference))?"
_MANY_BY = rf"{_MANY}(?:,?\s(?:through|via|using|by|with|in)\s{_LINK})?"
_LEAD = r"(?:[^`]{1,200}?[:;,]\s)?(?:so\s)?"
_KEY = r"(?:the\s)?(?:column\s|field\s|foreign\skey\s)?(?P<old>`[\w.]+`|\w+\.\w+)"
_REST = r"(?P<rest>\W.*)?\Z"
_LINKED = tuple(
    re.compile(form, re.IGNORECASE | re.DOTALL)
    for form in (
        (
            rf"{_LEAD}{_KEY}\s(?:(?:must|shall|should|will)\s)?(?:becomes?|turns?\sinto|changes?\s(?:in)?to|is\snow)\s"
            rf"(?:{_MANY_BY}|{_LINK.replace('<link>', '<other>')}){_REST}"
        ),
        rf"{_LEAD}{_KEY}\s(?:is|are|(?:must|shall|should|will)\sbe)\sreplaced\s(?:by|with)\s{_LINK}{_REST}",
        rf"(?:we\s)?(?:replace|turn|make|change)s?\s{_KEY}\s(?:(?:by|with|into|to|in)\s)?{_LINK}{_REST}",
        rf"(?:we\s)?(?:turn|make|change)s?\s{_KEY}\s(?:(?:into|to)\s)?{_MANY_BY}{_REST}",
    )
)
_CODE = re.compile(r"`([^`]+)`|([\w.]+)")
_LINK_PARTS = re.compile(r"`?(\w+)`?\s?(?:\(([^()]*)\))?")
_LONGEST = 600
_NO = re.compile(r"\b(?:no|not|never|don't|doesn't|cannot)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Wish:
    source: Table
    olds: tuple[Column, ...]
    to: Name
    news: tuple[str, ...]
    is_new: bool


def moved(sentence: Sentence, context: Context) -> Item | None:
    """The move that a sentence asks for, or what keeps it from being a request; None where it asks for none."""
    words = sentence.text.rstrip(" .")
    if len(words) > _LONGEST or stores_nothing(words) or _NO.search(words.split("`")[0]):
        return None
    said = context.said(sentence, Grade.DECLARED)
    for form in _LINKED:
        if match := form.match(words):
            return _linked(match.groupdict(), context, said)
    for form in _MOVED:
        match = form.match(words)
        wish = _wish(match.groupdict(), context) if match else None
        if wish is not None:
            return _parted(wish, said) if wish.is_new else _placed(wish, context, said)
    return None


def _wish(parts: Mapping[str, str | None], context: Context) -> _Wish | None:
    olds = _names(parts["olds"])
    to = _bare(parts["to"])
    dotted = {name.rpartition(".")[0] for name in olds if "." in name}
    given = dotted | {_bare(words) for words in (parts.get("table"), parts.get("off")) if words}
    tables = {context.tables.find(words) for words in given}
    if len(tables) > 1:
        return None
    names = [name.rpartition(".")[2] for name in olds]
    name = tables.pop() if tables else context.subject or _only_table(names, context)
    source = context.tables.table(name) if name else None
    columns = tuple(column for item in names if source and (column := source.column(item)))
    if source is None or source.external or len(columns) < len(names) or not names:
        return None
    head, _, last = to.rpartition(".")
    target = context.tables.find(to)
    news = [item.rpartition(".")[2] for item in _names(parts["news"])]
    if target is None and head and (target := context.tables.find(head)):
        news = news or [last]
    news = news or names
    known = context.tables.table(target) if target else None
    if target == source.name or len(news) != len(names) or (known is not None and known.external):
        return None
    if known is not None:
        return _Wish(source, columns, known.name, tuple(news), is_new=False)
    if not (parts["new"] or parts["plain"]) or not re.fullmatch(r"\w+", last):
        return None
    return _Wish(source, columns, Name(last, head or source.name.namespace), tuple(news), is_new=True)


def _only_table(names: list[str], context: Context) -> Name | None:
    having = [table.name for table in context.tables.schema.tables.values() if all(map(table.column, names))]
    return having[0] if len(having) == 1 else None


def _placed(wish: _Wish, context: Context, said: Said) -> Item | None:
    """Columns for a table that is there already: its foreign key says which rows belong together."""
    target = context.tables.table(wish.to)
    if target is None:
        return None
    title = ", ".join(f"`{wish.source.name}.{column.name}`" for column in wish.olds)
    if there := [name for name in wish.news if target.column(name)]:
        message = f"`{wish.to}` has a column `{there[0]}` already, so nothing is planned for {title}"
        return _asks(message, f"Say another name for it, such as `as {there[0]}_2`", said)
    keys = [key for key in target.foreign_keys if key.ref_table == wish.source.name]
    if len(keys) != 1:
        which = "No foreign key" if not keys else "More than one foreign key"
        message = f"{which} of `{wish.to}` refers to `{wish.source.name}`, so nothing says where {title} belongs"
        return _asks(message, f"Add the reference from `{wish.to}` first, or write the migration by hand", said)
    into = tuple(
        Column(name=name, type=old.type, nullable=True, collation=old.collation, origin=said.origin)
        for name, old in zip(wish.news, wish.olds, strict=True)
    )
    return SaidChange(change=_change(wish, into), said=said, assumption=_none_at(wish))


def _none_at(wish: _Wish) -> str:
    names = ", ".join(f"`{column.name}`" for column in wish.olds)
    return f"{names} of a row of `{wish.source.name}` that no row of `{wish.to}` refers to is not kept"


def _parted(wish: _Wish, said: Said) -> Item:
    """A table split in two: the new one has at most one row for each row of the old one."""
    key = _key_column(wish.source)
    if key is None:
        return _no_key(wish.source, said)
    own = Column(name=key_to(wish.source.name), type=key.type, nullable=False, origin=said.origin)
    if own.name in wish.news:
        own = Column(name=f"{singular(wish.source.name.name)}_key", type=key.type, nullable=False, origin=said.origin)
    into = tuple(
        Column(name=name, type=old.type, nullable=old.nullable, collation=old.collation, origin=said.origin)
        for name, old in zip(wish.news, wish.olds, strict=True)
    )
    names = tuple(column.name for column in wish.olds)
    table = Table(
        name=wish.to,
        columns=(own, *into),
        primary_key=PrimaryKey(name=None, columns=(own.name,), origin=said.origin),
        foreign_keys=(_reference(own.name, wish.source.name, key.name, said), *_kept_keys(wish, names, said)),
        indexes=tuple(_kept_indexes(wish, names, said)),
        origin=said.origin,
    )
    assumption = f"`{wish.to}` has a row for each row of `{wish.source.name}` with a value in what moves, and no other"
    return SaidChange(change=_change(wish, into, table), said=said, assumption=assumption)


def _kept_keys(wish: _Wish, names: tuple[str, ...], said: Said) -> tuple[ForeignKey, ...]:
    """What the columns referred to, they refer to where they are."""
    renamed = dict(zip(names, wish.news, strict=True))
    return tuple(
        ForeignKey(
            name=None,
            columns=tuple(renamed[name] for name in key.columns),
            ref_table=key.ref_table,
            ref_columns=key.ref_columns,
            on_delete=key.on_delete,
            on_update=key.on_update,
            origin=said.origin,
        )
        for key in wish.source.foreign_keys
        if set(key.columns) <= set(names)
    )


def _kept_indexes(wish: _Wish, names: tuple[str, ...], said: Said) -> Iterator[Index]:
    """Plain indexes of the columns alone go with them: the queries that use them do."""
    renamed = dict(zip(names, wish.news, strict=True))
    for index in wish.source.indexes:
        plain = not (index.where or index.include or any(part.is_expression for part in index.parts))
        if plain and not index.unique and index.columns and set(index.columns) <= set(names):
            parts = tuple(replace(part, text=renamed[part.text]) for part in index.parts)
            yield replace(index, name=None, parts=parts, origin=said.origin)


def _linked(parts: Mapping[str, str | None], context: Context, said: Said) -> Item | None:
    """A reference that becomes a table of links."""
    table_name, _, name = _bare(parts["old"]).rpartition(".")
    found = context.tables.find(table_name) if table_name else context.subject or _only_table([name], context)
    source = context.tables.table(found) if found else None
    column = source.column(name) if source else None
    if source is None or column is None or source.external:
        return None
    keys = [key for key in source.foreign_keys if key.columns == (name,)]
    if len(keys) != 1:
        message = f"`{source.name}.{name}` has no foreign key, so nothing says what it shall be linked with"
        return _asks(message, "Add the foreign key first, or say the link table whole", said)
    key, reference = _key_column(source), keys[0]
    if key is None:
        return _no_key(source, said)
    link, columns = _link(parts.get("link") or parts.get("other"))
    other = reference.ref_table.name.split("_")
    called = link or f"{singular(source.name.name)}_{'_'.join(other)}"
    if context.tables.schema.kind(Name(called, source.name.namespace)):
        return _asks(f"There is a table `{called}` already", "Say another name for the link table", said)
    own, value = key_to(source.name), name
    if len(columns) == 2:
        own, value = columns if own != columns[1] and name != columns[0] else (columns[1], columns[0])
    if own == value:
        own = f"{singular(source.name.name)}_key"
    into = Column(name=value, type=column.type, nullable=False, origin=said.origin)
    table = Table(
        name=Name(called, source.name.namespace),
        columns=(Column(name=own, type=key.type, nullable=False, origin=said.origin), into),
        primary_key=PrimaryKey(name=None, columns=(own, value), origin=said.origin),
        foreign_keys=(
            _reference(own, source.name, key.name, said),
            ForeignKey(
                name=None,
                columns=(value,),
                ref_table=reference.ref_table,
                ref_columns=reference.ref_columns,
                on_delete="CASCADE" if reference.on_delete in {"SET NULL", "SET DEFAULT"} else reference.on_delete,
                origin=said.origin,
            ),
        ),
        indexes=(Index(name=None, parts=(IndexPart(text=value),), origin=said.origin),),
        origin=said.origin,
    )
    change = asked.MoveColumns(table=source.name, columns=(name,), to=table.name, into=(into,), new=table)
    assumption = None if link else f"The link table is called `{called}`, because no name is said"
    return SaidChange(change=change, said=said, assumption=assumption)


def _link(words: str | None) -> tuple[str | None, tuple[str, ...]]:
    match = _LINK_PARTS.match(words.replace("`", "")) if words else None
    if match is None:
        return None, ()
    names = re.findall(r"\b(\w+)\b(?=\s*(?:,|\Z|\s\w+\s*(?:,|\Z)))", match[2] or "")
    return match[1], tuple(names) if len(names) == 2 else ()


def _reference(column: str, table: Name, key: str, said: Said) -> ForeignKey:
    return ForeignKey(
        name=None, columns=(column,), ref_table=table, ref_columns=(key,), on_delete="CASCADE", origin=said.origin
    )


def _key_column(table: Table) -> Column | None:
    key = table.primary_key
    return table.column(key.columns[0]) if key and len(key.columns) == 1 else None


def _change(wish: _Wish, into: tuple[Column, ...], new: Table | None = None) -> asked.MoveColumns:
    names = tuple(column.name for column in wish.olds)
    return asked.MoveColumns(table=wish.source.name, columns=names, to=wish.to, into=into, new=new)


def _names(words: str | None) -> list[str]:
    if not words:
        return []
    found = [match[1] or match[2] for match in _CODE.finditer(words)]
    return [name for name in found if name.lower() != "and"]


def _bare(words: str | None) -> str:
    return (words or "").strip("`. ")


def _no_key(table: Table, said: Said) -> SaidProblem:
    message = f"`{table.name}` has no primary key of one column that another table could refer to"
    return _asks(message, "Say the new table whole, with its foreign key", said)


def _asks(message: str, way_out: str, said: Said) -> SaidProblem:
    problem = Problem(code="ambiguous-request", message=message, help=way_out, span=said.origin.span, serious=False)
    return SaidProblem(problem=problem, said=said)
