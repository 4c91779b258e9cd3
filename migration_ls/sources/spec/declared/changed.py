"""What shall become of columns, by the words after them: `rename to shelf_mark`, `now required, default 'open'`."""

import re
from collections.abc import Iterator
from dataclasses import replace

from migration_ls.postgres.types import ColumnType
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Column
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.columns import column_bullet
from migration_ls.sources.spec.declared.subjects import ID, Subject, keyed
from migration_ls.sources.spec.declared.transitions import transition
from migration_ls.sources.spec.details import Details, default_sql, items_of
from migration_ls.sources.spec.items import Item, Said, SaidChange, SaidColumn, SaidUnique
from migration_ls.sources.spec.types import type_of
from migration_ls.sources.spec.words import values_of

NOTHING = re.compile(
    r"(?:none|nothing|(?:stays?\s+)?unchanged|no\s+changes?|keep|keeps|kept|stays?|remains?|as\s+is"
    r"|existing|unverändert|bleibt|"
    r"sin\s+cambios?|inchangée?)\b",
    re.IGNORECASE,
)
_RENAME = re.compile(
    r"(?:.*[:;,]\s*)?(?:(?:is|gets|to\s+be|shall\s+be|wird|se)\s+)?(?:renamed?|umbenennen|umbenannt"
    r"|renombra\w*|renomm\w*|heißt|called)\b"
    rf"(?:\s+it)?(?:\s+künftig)?\s*(?:to|as|into|in|nach|a|en|→|->|:)?\s*`?(?:{ID}\.)?(?P<to>{ID})`?",
    re.IGNORECASE | re.DOTALL,
)
_RENAMED_TO = re.compile(
    rf"wird\s+(?:in|zu)\s+`?(?P<to>{ID})`?\s+umbenannt"
    rf"|(?:becomes|→|->)\s*`?(?:{ID}\.)?(?P<other>{ID})`?\s*\((?:a\s+)?renam\w*[^()]*\)",
    re.IGNORECASE,
)
_NAMED = (
    r"(?=\s+(?:(?:the|die|der|das|la|el|le)\s+)?(?:new\s+|neue\s+)?(?:columns?\s+|fields?\s+|spalte\s+|columna\s+)?"
    r"(?-i:[a-z_])[\w.]*\s*(?:\Z|[.,;:(]|and\b|und\b|y\b|et\b))"
)
"""That the name of a column follows, and not just any words."""
_DROP = re.compile(
    rf"(?:(?:is|are|gets|to\s+be|will\s+be|shall\s+be|wird|se)\s+)?(?:drop(?:ped)?|removed?|deleted?"
    rf"|entfällt|entfernt|entfernen|"
    rf"gelöscht|löschen|elimina\w*|supprim\w*|goes\s+away|goes|gone|(?:replaced|superseded)\s+(?:by|with){_NAMED}|no\s+longer\s+needed"
    rf"|ersetzt\s+durch{_NAMED}|durch\s.+\sersetzt|(?:reemplazad|sustituid)[oa]\s+por{_NAMED}|remplacée?\s+par{_NAMED})(?!\w)"
    rf"(?!\s+(?:not\s+null|default|the\s+default))",
    re.IGNORECASE,
)
_NULLS = re.compile(
    r"(?:not\s+null|null|nullable|optional|required|mandatory|no\s+default|default\b.*|unique|not\s+unique)\Z",
    re.IGNORECASE,
)
_OF_TYPE = re.compile(
    r"\A(?:chang(?:e[sd]?|ing)|alter(?:ed)?|widen(?:ed)?|convert(?:ed)?|retyped?"
    r"|type)\b(?:\s+(?:the\s+)?(?:data\s*)?type)?(?:\s+from)?\s*[:,]?\s*",
    re.IGNORECASE,
)
_ARROW = re.compile(r"(?P<old>[^→>]*?)\s*(?:→|->|=>)\s*(?P<type>.+)", re.DOTALL)
_TYPE = re.compile(
    r"(?:(?:is|gets|to\s+be|shall\s+be)\s+)?(?:(?:chang(?:e[sd]?|ing)|alter(?:ed)?|widen(?:ed)?"
    r"|extend(?:ed)?|convert(?:ed)?|grows?|"
    r"increased?|wird|pasa|passe|cambia|change)\s*)?(?:(?:its\s+|the\s+)?(?:data\s*)?type\b\s*)?(?:(?:from|von|de)\s+.+?\s+)?"
    r"(?:to\b|into\b|(?:must|has\s+to)\s+be(?=\s+[A-Z]{3})|becomes?\b|wird(?:\s+zu)?\b|auf\b|zu\b|nach\b|à\b|a(?:\s+ser)?\b"
    r"|pasa\s+a(?:\s+ser)?\b|devient\b|is\s+now\b|now\b|:|="
    r"|(?<=type\s))\s*(?:an?\s+)?(?P<type>.+)",
    re.IGNORECASE | re.DOTALL,
)
_TYPED = re.compile(
    r"(?P<type>[^\W\d][\w ]*?(?:\s*\(\s*\d+(?:\s*,\s*\d+)?\s*\))?(?:\[\])?)\s*(?:\Z|[,;:(.]|\bso\b|\bas\b"
    r"|\bsince\b|\bbecause\b|\band\b|\bund\b|\bwith\b|\bumgestellt\b|\bgeändert\b|\berweitert\b|\bumgewandelt\b)"
)
_IS = (
    r"(?:(?:is|are|becomes?|gets|make|made|must\s+be|set|to\s+be|wird|ist|es|pasa\s+a\s+ser|será|devient|from\s+now\s+on)\s+)?"
    r"(?:(?:now|zum|zur|nun|jetzt|künftig|ab\s+sofort|ahora|désormais)\s+)*"
)
_NOT_NULL = re.compile(
    rf"{_IS}(?:not[\s_-]null|mandatory|required|non-?null(?:able)?|pflicht(?:feld)?|obligatori[oa]"
    r"|obligatoire)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NULLABLE = re.compile(
    rf"(?:{_IS}(?:nullable|optional|opcional|facultatif)|(?:may|can|darf|puede|peut)\s+(?:now\s+"
    r"|also\s+)?(?:be\s+)?(?:empty|null|missing|"
    r"left\s+out|leer(?:\s+sein|\s+bleiben)?|vací[oa]|vide)|drop\s+not\s+null|no\s+longer\s+(?:required"
    r"|mandatory|not\s+null))\b",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    r"(?:(?:set|gets?|new|change|has)\s+)?(?:the\s+|an?\s+)?(?:default|vorgabe|standardwert"
    r"|valor\s+por\s+defecto|défaut)(?:\s+value)?"
    r"\s*(?:is|to|of|:|=|becomes|wird)?\s*`?(?P<value>'[^']*'|[\w.()-]+)`?",
    re.IGNORECASE,
)
_NO_DEFAULT = re.compile(
    r"(?:(?:drop|remove|without|no|loses?)\s+(?:the\s+|its\s+|an?\s+|longer\s+an?\s+)?default|ohne\s+vorgabe|sin\s+valor\s+por\s+defecto)\b",
    re.IGNORECASE,
)
_VALUES = re.compile(
    r"(?:(?:the\s+)?(?:allowed|valid|possible|permitted)\s+values?\s*(?:are|is|:|=)?|(?:must\s+be\s+|is\s+|now\s+)*one\s+of|erlaubte\s+werte\s*(?:sind|:)?"
    r"|valores\s+(?:permitidos|válidos)\s*(?:son|:)?|valeurs\s+(?:permises|autorisées)\s*:?)\s*:?\s*(?P<values>.+)",
    re.IGNORECASE | re.DOTALL,
)
_AND = re.compile(
    r"(?<=\bnull)\s+(?=default\s)|(?<=\brequired)\s+(?=default\s)|\s*\((?=default\s[^()]*\))|"
    r"\s+(?:and|with|und|mit|y|con|et|avec)\s+(?:an?\s+|the\s+)?(?=(?:default|vorgabe|not[\s_-]null|required|mandatory|nullable|unique|indexed|pflicht)\w*\b)",
    re.IGNORECASE,
)
_ASPECT = re.compile(
    rf"{_IS}(?:not[\s_-]null|mandatory|required|nullable|optional|unique|indexed|pflicht(?:feld)?|obligatori[oa]|obligatoire"
    r"|(?:(?:drop|remove|without|no)\s+(?:the\s+|its\s+)?)?default|eindeutig|[uú]nic[oa]"
    r"|(?:set\s+|new\s+)?(?:the\s+|an?\s+)?(?:default|vorgabe|standardwert|valor\s+por\s+defecto|défaut)(?:\s+value)?\s*(?:is|to|of|:|=)?\s*(?:'[^']*'|[\w.()-]+))",
    re.IGNORECASE,
)
"""What an item says of a column besides the first."""
_UNIQUE = re.compile(
    rf"(?:add\s+|must\s+be\s+|has\s+to\s+be\s+)?{_IS}(?:an?\s+)?(?:unique|eindeutig"
    r"|[uú]nic[oa])\b(?:\s+(?:constraint|key|index))?",
    re.IGNORECASE,
)
_SAID_UNIQUE = re.compile(
    r"(?:is|are|must\s+be|has\s+to\s+be|shall\s+be|es|debe\s+ser|ist|muss|est|doit\s+être)\s+(?:unique|[uú]nic[oa]|eindeutig)(?:\s+sein)?",
    re.IGNORECASE,
)
"""A sentence about a column of a new table, which no line of a list would be."""
_WITHIN = re.compile(
    r"\b(?:per|within|for\s+(?:each|every)|in\s+(?:each|every)|je|pro|por|par)\s+(?:an?\s+|the\s+)?(?P<what>\w+)",
    re.IGNORECASE,
)
"""That values are unique among some rows only: `unique per tenant`."""
_INDEX = re.compile(
    r"(?:(?:add|gets?|create|new|needs)\s+)?(?:an?\s+)?(?:(?P<using>gin|gist|brin|btree|hash)\s+)?(?:index"
    r"|indexed|índice)\b",
    re.IGNORECASE,
)
_ADD = re.compile(
    r"(?:add(?:ed)?(?:\s+(?:an?\s+)?(?:new\s+)?(?:column|field))?|new(?:\s+column|\s+field)?"
    r"|neu(?:e\s+spalte)?|nueva?(?:\s+columna)?|"
    r"create)\b\s*[:,\u2013—-]?\s*(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_FILL = re.compile(
    r"\b(?:counts?\s+as|(?:is|are)\s+treated\s+as|gets?|fill(?:ed)?\s+(?:it\s+)?with|set\s+to|becomes?"
    r"|defaults?\s+to|auffüllen\s+mit|mit)\s+[`']?(?P<fill>[^`'\s;,)]+)",
    re.IGNORECASE,
)


def become(subject: Subject, words: str, said: Said, context: Context) -> list[Item] | None:
    """What shall become of the columns."""
    bare = words.replace("`", "")
    if subject.is_list:
        if _UNIQUE.match(bare):
            return [keyed(subject, said, unique=True)]
        return [keyed(subject, said, unique=False, using=using)] if (using := index_method(bare)) else None
    if NOTHING.match(bare):
        return []
    name = subject.columns[0]
    column = context.tables.column(subject.table, name)
    if (pair := transition(subject.table, name, column, words, said)) is not None:
        return pair
    if column is not None and (changed := _changed(subject, column, words, said)) is not None:
        return changed
    if context.tables.table(subject.table) is None and _SAID_UNIQUE.fullmatch(bare):
        return [keyed(subject, said, unique=True)]
    if context.tables.table(subject.table) is None:
        # lines of a new table are its columns, and say that there is one
        return None
    added = _ADD.fullmatch(bare)
    read = column_bullet(f"`{name}`: {added['rest'] if added else bare}") if column is None else None
    if read is None or not read[1].is_typed or read[1].state in {"existing", "computed"}:
        return None
    return [SaidColumn(table=subject.table, name=name, details=replace(read[1], state="new"), said=said)]


def _changed(subject: Subject, column: Column, words: str, said: Said) -> list[Item] | None:
    """What shall become of a column that is there."""
    bare = words.replace("`", "")
    if (arrow := _ARROW.fullmatch(_OF_TYPE.sub("", bare))) and type_of(arrow["type"].strip()) is None:
        # `nullable → not null`; `name → full_name`
        old, new = arrow["old"].strip(" ,:"), arrow["type"].strip()
        if re.fullmatch(ID, new) and old in {"", subject.columns[0]} and not _NOT_NULL.match(new):
            return [SaidChange(change=asked.RenameColumn(table=subject.table, column=column.name, to=new), said=said)]
        if old and _NULLS.match(old):
            bare = new
    if (gone := _gone(subject.table, column, bare, said)) is not None:
        return gone
    if values := _VALUES.fullmatch(bare):
        details = Details(values=values_of(values["values"]))
        if details.values:
            return [SaidColumn(table=subject.table, name=column.name, details=details, said=said, is_detail=True)]
    first = _otherwise(subject, column, bare, said)
    return None if first is None else _filled([first, *_further(subject, column, bare, first, said)])


def _gone(table: Name, column: Column, bare: str, said: Said) -> list[Item] | None:
    """That the column is called otherwise, or is there no more."""
    if match := _RENAMED_TO.match(bare) or _RENAME.match(bare):
        to = match["to"] or match.groupdict().get("other") or ""
        return [SaidChange(change=asked.RenameColumn(table=table, column=column.name, to=to), said=said)]
    if _DROP.match(bare):
        return [SaidChange(change=asked.DropColumn(table=table, column=column.name), said=said)]
    return None


def _otherwise(subject: Subject, column: Column, bare: str, said: Said) -> Item | None:
    """What the words begin with: how the column shall be."""
    from migration_ls.sources.sql.expressions import expression

    table, name = subject.table, column.name
    if _NULLABLE.match(bare):
        return SaidChange(change=asked.ChangeNullable(table=table, column=name, nullable=True), said=said)
    if match := _NOT_NULL.match(bare):
        return SaidChange(change=_mandatory(table, column, match["rest"]), said=said)
    if _UNIQUE.match(bare):
        if within := _WITHIN.search(bare):
            return SaidUnique(table=table, phrases=(name, within["what"]), said=said)
        return keyed(subject, said, unique=True)
    if using := index_method(bare):
        return keyed(subject, said, unique=False, using=using)
    if _NO_DEFAULT.match(bare):
        return SaidChange(change=asked.ChangeDefault(table=table, column=name, default=None), said=said)
    if match := _DEFAULT.match(bare):
        default = expression(default_sql(match["value"]))
        return SaidChange(change=asked.ChangeDefault(table=table, column=name, default=default), said=said)
    if (type_ := _type(bare)) and type_ != column.type:
        return SaidChange(change=asked.ChangeType(table=table, column=name, type=type_), said=said)
    return None


def _further(subject: Subject, column: Column, bare: str, first: Item, said: Said) -> Iterator[Item]:
    """What the words say besides, item by item: `now required, default 'open'`; other words give reasons."""
    seen = {_kind(first)}
    for item in items_of(bare):
        for part in _AND.split(item):
            words = part.strip(" .")
            words = words if words.count("(") == words.count(")") else words.rstrip(")")
            found = _otherwise(subject, column, words, said) if _ASPECT.fullmatch(words) else None
            if found is not None and _kind(found) not in seen:
                seen.add(_kind(found))
                yield found


def _kind(item: Item) -> type:
    return type(item.change) if isinstance(item, SaidChange) else type(item)


def _filled(items: list[Item]) -> list[Item]:
    """The changes; rows without a value get the default that the same words give the column."""
    default = next(
        (
            item.change.default
            for item in items
            if isinstance(item, SaidChange) and isinstance(item.change, asked.ChangeDefault)
        ),
        None,
    )
    if default is None:
        return items
    return [
        replace(item, change=replace(item.change, fill=item.change.fill or default))
        if isinstance(item, SaidChange) and isinstance(item.change, asked.ChangeNullable) and not item.change.nullable
        else item
        for item in items
    ]


def _type(words: str) -> ColumnType | None:
    """The type that the words change to: behind an arrow, or behind `to`, `becomes` and the like."""
    match = _ARROW.fullmatch(_OF_TYPE.sub("", words))
    if match and match["old"] and type_of(match["old"].strip(" ,:")) is None:
        return None
    match = match or _TYPE.fullmatch(words)
    spelled = _TYPED.match(match["type"].strip()) if match else None
    read = type_of(spelled["type"]) if spelled else None
    return read.type if read else None


def _mandatory(table: Name, column: Column, rest: str) -> asked.ChangeNullable:
    from migration_ls.sources.sql.expressions import expression

    fill = _FILL.search(rest)
    value = expression(default_sql(fill["fill"])) if fill else column.default
    return asked.ChangeNullable(table=table, column=column.name, nullable=False, fill=value)


def index_method(words: str) -> str | None:
    match = _INDEX.match(words)
    return (match["using"] or "btree").lower() if match else None
