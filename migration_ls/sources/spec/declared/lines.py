"""A change in one line: what it is about, then what shall become of it: `books.shelf: rename to shelf_mark`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from migration_ls.postgres.types import ColumnType
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Check, Column, Index, IndexPart, Unique
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.columns import column_bullet
from migration_ls.sources.spec.declared.transitions import transition
from migration_ls.sources.spec.details import default_sql
from migration_ls.sources.spec.items import Item, Said, SaidChange, SaidColumn, SaidConstraint, SaidIndex, SaidUnique
from migration_ls.sources.spec.types import type_of

_ID = r"[^\W\d]\w*"
_COLUMN_WORD = r"(?:(?:column|field|spalte|feld|columna|campo|colonne|champ)\s+)?"
_FIRST = re.compile(
    r"(?:deprecate\s+and\s+)?(?P<verb>drop|remove|delete|get\s+rid\s+of|rename|change|alter|widen|extend"
    r"|convert|make|set|"
    rf"entfern\w*|lösche\w*|elimina\w*|"
    rf"renombra\w*|supprim\w*|renomm\w*|add)\s+(?:the\s+)?(?:type\s+of\s+)?{_COLUMN_WORD}"
    r"(?P<what>`[^`]+`)\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
"""The verb before what it is about."""
_FIRST_BARE = re.compile(
    r"(?P<verb>drop|remove|delete|rename|change|alter|widen|extend|convert|make"
    rf"|add)\s+{_COLUMN_WORD}(?P<what>{_ID})\b\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
"""As `_FIRST`, where the table is known and the column stands without marks."""
_WITH = re.compile(r"\A(?:with|and|plus|mit|con)\s+(?=`?(?:unique|index|check)\b)", re.IGNORECASE)
_LISTED = re.compile(
    r"(?:removed?|dropped|deleted|drops?|entfällt|entfallen|eliminad[oa]s?)\b[^:`]*:\s*(?P<what>`[^`]+`"
    r"(?:\s*,\s*`[^`]+`)*)"
    r"\s*(?:\(.*\))?",
    re.IGNORECASE | re.DOTALL,
)
_LISTED_PLAIN = re.compile(
    r"(?:removed?|dropped|deleted|drops?)(?:\s+(?:attributes?|columns?"
    rf"|fields?))?\s*:\s*(?P<what>{_ID}(?:\s*,\s*{_ID})*)",
    re.IGNORECASE,
)
_RENAMES = re.compile(
    rf"renamed?(?:\s+(?:attributes?|columns?|fields?))?\s*:\s*`?(?P<what>{_ID})`?\s*(?:→|->|=>|to)\s*`?(?P<to>{_ID})`?",
    re.IGNORECASE,
)
_CHAIN = re.compile(
    rf"(?:(?:table|tabelle|tabla)\s+)?`?(?P<table>{_ID}(?:\.{_ID})?)`?\s*(?::|[-\u2013—](?=\s))\s*(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
"""`Table tasks: add priority (smallint); drop color`."""
_EXTENDED = re.compile(
    r"(?:we\s+)?(?:extend|enlarge|complement|erweiter\w*"
    rf"|amplia\w*)\s+(?:the\s+)?(?:table\s+)?`?(?P<table>{_ID}(?:\.{_ID})?)`?(?:\s+table)?"
    rf"\s+(?:by|with|um|con)\s+(?P<list>`{_ID}\s+[^`]+`.*)",
    re.IGNORECASE | re.DOTALL,
)
_SIGNED = re.compile(r"(?P<sign>[-+~\u2795\u2796\u2212])\s+(?P<rest>\S.*)", re.DOTALL)
_LINE = re.compile(
    rf"{_COLUMN_WORD}(?:enum\s+|type\s+)?(?P<what>`[^`]+`|{_ID}\.{_ID})\s*(?P<gap>:|[-\u2013—](?=\s)|,"
    r"|(?=\s))\s*(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_BARE = re.compile(
    rf"(?:add\s+)?(?:an?\s+)?(?P<kind>unique|index|check|índice)(?:\s+(?:constraint|key|index))?\s*"
    rf"(?:(?:on|over|auf|über|sobre|sur)\s+(?P<table>`?{_ID}(?:\.{_ID})?`?)?\s*)?(?:(?:over|:|auf"
    r"|über)\s*)?(?P<rest>[(`].*)",
    re.IGNORECASE | re.DOTALL,
)
"""`INDEX ON (a, b)`, `CHECK on passes: ...`, `a unique constraint on slots over a and b`."""

_NOTHING = re.compile(
    r"(?:none|nothing|(?:stays?\s+)?unchanged|no\s+changes?|keep|keeps|kept|stays?|remains?|as\s+is"
    r"|existing|unverändert|bleibt|"
    r"sin\s+cambios?|inchangée?)\b",
    re.IGNORECASE,
)
_RENAME = re.compile(
    r"(?:.*[:;,]\s*)?(?:(?:is|gets|to\s+be|shall\s+be|wird|se)\s+)?(?:renamed?|umbenennen|umbenannt"
    r"|renombra\w*|renomm\w*|heißt|called)\b"
    rf"(?:\s+it)?(?:\s+künftig)?\s*(?:to|as|into|in|nach|a|en|→|->|:)?\s*`?(?:{_ID}\.)?(?P<to>{_ID})`?",
    re.IGNORECASE | re.DOTALL,
)
_RENAMED_TO = re.compile(
    rf"wird\s+(?:in|zu)\s+`?(?P<to>{_ID})`?\s+umbenannt"
    rf"|(?:becomes|→|->)\s*`?(?:{_ID}\.)?(?P<other>{_ID})`?\s*\((?:a\s+)?renam\w*[^()]*\)",
    re.IGNORECASE,
)
_DROP = re.compile(
    r"(?:(?:is|are|gets|to\s+be|will\s+be|shall\s+be|wird|se)\s+)?(?:drop(?:ped)?|removed?|deleted?"
    r"|entfällt|entfernt|entfernen|"
    r"gelöscht|löschen|elimina\w*|supprim\w*|goes\s+away|goes|gone)\b(?!\s+(?:not\s+null|default|the\s+default))",
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
    r"increased?)\s*)?(?:(?:its\s+|the\s+)?(?:data\s*)?type\b\s*)?(?:from\s+.+?\s+)?"
    r"(?:to\b|into\b|(?:must|has\s+to)\s+be(?=\s+[A-Z]{3})|becomes?\b|wird(?:\s+zu)?\b|auf\b"
    r"|pasa\s+a(?:\s+ser)?\b|devient\b|is\s+now\b|now\b|:|="
    r"|(?<=type\s))\s*(?:an?\s+)?(?P<type>.+)",
    re.IGNORECASE | re.DOTALL,
)
_TYPED = re.compile(
    r"(?P<type>[^\W\d][\w ]*?(?:\s*\(\s*\d+(?:\s*,\s*\d+)?\s*\))?(?:\[\])?)\s*(?:\Z|[,;:(.]|\bso\b|\bas\b"
    r"|\bsince\b|\bbecause\b)"
)
_IS = r"(?:(?:is|are|becomes?|gets|make|made|must\s+be|set|to\s+be|wird|es|devient|from\s+now\s+on)\s+)?(?:now\s+)?"
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
_UNIQUE = re.compile(
    rf"(?:add\s+|must\s+be\s+|has\s+to\s+be\s+)?{_IS}(?:an?\s+)?(?:unique|eindeutig"
    r"|[uú]nic[oa])\b(?:\s+(?:constraint|key|index))?",
    re.IGNORECASE,
)
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
_VALUE = re.compile(
    r"(?:(?:gains?|gets?|adds?|added|has)\s+)?(?:the\s+|an?\s+)?(?:(?:new|additional|neuer|neue|nuevo|nouvelle)\s+)?"
    r"(?:(?:value|label|member|state|status|option|wert|valor|valeur)\s+)?[`'\"]?(?P<value>[\w-]+)[`'\"]?"
    r"(?:,?\s*\(?\s*(?P<where>after|before|nach|vor|después\s+de|antes\s+de|après"
    r"|avant)\s+[`'\"]?(?P<near>[\w-]+)[`'\"]?\)?)?\s*\Z",
    re.IGNORECASE,
)
_VALUES = re.compile(
    r"(?:(?:gains?|gets?|adds?|added|has|receives?)\s+)?(?:the\s+)?(?:(?:two|three|new"
    r"|additional)\s+)*(?:values|labels|states|options|members)\b\s*:?\s*(?P<values>.+)",
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
_TYPED_FIRST = re.compile(
    r"(?:(?:new|add(?:ed)?|neu|nuev[oa])\s+(?:(?:an?|the)\s+)?(?:new\s+)?(?:(?:column|field|spalte|columna"
    r"|campo)\s*:?\s+)?)?"
    rf"`(?P<table>{_ID}(?:\.{_ID})?)\.(?P<column>{_ID})`\s*\((?P<details>[^()]*(?:\([^()]*\)[^()]*)*)\)\s*(?P<more>.*)",
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(?:`(?P<code>[^`]+)`|\((?P<inner>.+)\))\s*\.?\Z", re.DOTALL)
_BEFORE = frozenset({"before", "vor", "antes de", "avant"})


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a line is about: columns of a table, one or a list in brackets."""

    table: Name
    columns: tuple[str, ...]
    is_list: bool = False


def change_line(text: str, said: Said, context: Context) -> list[Item] | None:
    """What a line asks for; empty when it says that nothing changes, None when it is no such line.

    The section's table is the one of columns without a table. Changes of columns that are not there are none.
    """
    text = _WITH.sub("", " ".join(text.split()).rstrip(" ."))
    text = re.sub(r"\s*\((?:\*\*)?(?:new|neu|nuev[oa]|added)(?:\*\*)?\)\Z", "", text, flags=re.IGNORECASE)
    text = text[1:-1] if re.fullmatch(r"`[^`]+`", text) else text
    if listed := _LISTED.fullmatch(text):
        found = [_drop(_subject(what, context), said, context) for what in re.findall(r"`[^`]+`", listed["what"])]
        return [item for item in found if item is not None] or None
    if context.subject and (listing := _plain_lists(text, said, context)):
        return listing
    if match := _EXTENDED.fullmatch(text):
        return _extended(match, said, context)
    if match := _FIRST.fullmatch(text):
        return _verb_first(match, said, context)
    if context.subject and (match := _FIRST_BARE.fullmatch(text)) and (verbal := _verb_first(match, said, context)):
        return verbal
    if (match := _CHAIN.fullmatch(text)) and (table := context.tables.find(match["table"])) and ";" in match["rest"]:
        return _chain(match["rest"], said, replace(context, subject=table))
    if (match := _BARE.fullmatch(text)) and (items := _bare(match, said, context)) is not None:
        return items
    if (match := _TYPED_FIRST.fullmatch(text)) and (made := _typed_column(match, said, context)):
        return made
    match = _LINE.fullmatch(text)
    if match is None:
        return None
    if values := _labels(match["what"], match["rest"], said, context):
        return values
    subject = _subject(match["what"], context)
    return _become(subject, match["rest"], said, context) if subject else None


def _typed_column(match: "re.Match[str]", said: Said, context: Context) -> list[Item]:
    """A column that is named in full with its type: ``samples.freezer_id` (integer) points at `freezers.id` ``."""
    table = context.tables.find(match["table"])
    if table is None or context.tables.column(table, match["column"]) is not None:
        return []
    more = match["more"].replace(";", ",").strip(" ,.")
    read = column_bullet(f"`{match['column']}`: {match['details']}" + (f", {more}" if more else ""))
    if read is None or read[1].type is None or read[1].state in {"existing", "computed", "removed"}:
        return []
    return [SaidColumn(table=table, name=match["column"], details=read[1], said=said)]


def change_cells(what: str, words: str, said: Said, context: Context) -> list[Item] | None:
    """As `change_line`, from the cells of a table's row."""
    subject = _subject(what, context)
    if subject is None:
        return None
    values = _labels(what, words, said, context)
    return values or _become(subject, " ".join(words.split()).rstrip(" ."), said, context)


def _subject(what: str, context: Context) -> _Subject | None:
    words = what.replace("`", "").strip()
    listed = re.fullmatch(rf"(?P<table>{_ID}(?:\.{_ID})?)?\s*\((?P<columns>[\w\s,]+)\)", words)
    if listed:
        table = context.tables.find(listed["table"]) if listed["table"] else context.subject
        columns = tuple(re.findall(r"\w+", listed["columns"]))
        return _Subject(table, columns, is_list=True) if table and columns else None
    if not re.fullmatch(rf"{_ID}(?:\.{_ID}){{0,2}}", words):
        return None
    owner, dot, column = words.rpartition(".")
    table = context.tables.find(owner) if dot else context.subject
    return _Subject(table, (column,)) if table else None


def _verb_first(match: "re.Match[str]", said: Said, context: Context) -> list[Item] | None:
    verb, rest = match["verb"].lower(), match["rest"]
    subject = _subject(match["what"], context)
    if subject is None or subject.is_list:
        return None
    if verb.startswith(("drop", "get", "remove", "delete", "entfern", "lösch", "elimina", "supprim")):
        # `remove the value x from ...` and `drop x to y` are something else
        gone = _drop(subject, said, context) if not re.match(r"(?:from|to|in|of)\b", rest) else None
        return [gone] if gone else None
    if verb.startswith(("rename", "renombra", "renomm")):
        return _become(subject, f"rename {rest}", said, context)
    if verb == "add":
        return _become(subject, f"add {_unwrapped(rest)}", said, context)
    return _become(subject, rest, said, context)


def _unwrapped(words: str) -> str:
    words = words.strip().lstrip(":, ")
    return words[1:-1] if words.startswith("(") and words.endswith(")") else words


def _plain_lists(text: str, said: Said, context: Context) -> list[Item]:
    """`Dropped attributes: color`, `Renamed: notes → remarks`, in a part about a table."""
    if match := _RENAMES.fullmatch(text):
        return _column_of(f"{match['what']} rename to {match['to']}", said, context)
    if match := _LISTED_PLAIN.fullmatch(text):
        found = (_drop(_subject(what, context), said, context) for what in match["what"].split(","))
        return [item for item in found if item is not None]
    if (match := _SIGNED.fullmatch(text)) and (line := _SIGNED_COLUMN.fullmatch(match["rest"])):
        words = (
            f"add {line['rest']}" if match["sign"] in "+\u2795" else line["rest"] if match["sign"] == "~" else "drop"
        )
        return _column_of(f"{line['what']} {words}", said, context)
    return []


_SIGNED_COLUMN = re.compile(rf"`?(?P<what>{_ID}(?:\.{_ID})?)`?\s*:?\s*(?P<rest>.*)", re.DOTALL)


def _chain(text: str, said: Said, context: Context) -> list[Item] | None:
    """Several changes of one table, between semicolons."""
    found: list[Item] = []
    for piece in text.split(";"):
        found += change_line(piece.strip(), said, context) or _column_of(piece.strip(), said, context)
    return found or None


def _column_of(text: str, said: Said, context: Context) -> list[Item]:
    """`title becomes varchar(200)`, `priority smallint not null`."""
    line = _SIGNED_COLUMN.fullmatch(text)
    subject = _subject(line["what"], context) if line else None
    found = _become(subject, line["rest"], said, context) if line and subject else None
    return found or []


def _extended(match: "re.Match[str]", said: Said, context: Context) -> list[Item] | None:
    """`Extend `tasks` by `priority smallint` and `archived_at timestamptz`."""
    table = context.tables.find(match["table"])
    found: list[Item] = []
    for code in re.findall(r"`([^`]+)`", match["list"]) if table else ():
        found += _column_of(code, said, replace(context, subject=table))
    return found or None


def _bare(match: "re.Match[str]", said: Said, context: Context) -> list[Item] | None:
    table = context.tables.find(match["table"]) if match["table"] else context.subject
    if table is None:
        return None
    rest = match["rest"].strip()
    if match["kind"].lower() == "check":
        condition = _CONDITION.fullmatch(rest)
        return [_check(table, condition["code"] or condition["inner"], said)] if condition else None
    if not re.fullmatch(r"[`\w\s,().&]+(?:\s+and\s+`\w+`)?", rest.partition(")")[0] + ")"):
        return None
    columns = re.findall(r"`(\w+)`", rest) if rest.startswith("`") else re.findall(r"\w+", rest.partition(")")[0])
    if not columns or not all(_is_column(table, column, context) for column in columns):
        return None
    return [_keyed(_Subject(table, tuple(columns), is_list=True), said, unique=match["kind"].lower() == "unique")]


def _is_column(table: Name, column: str, context: Context) -> bool:
    """Whether the table has the column, or is new, or may get it."""
    return context.tables.table(table) is None or column.islower()


def _become(subject: _Subject, words: str, said: Said, context: Context) -> list[Item] | None:
    """What shall become of the columns."""
    bare = words.replace("`", "")
    if subject.is_list:
        if _UNIQUE.match(bare):
            return [_keyed(subject, said, unique=True)]
        return [_keyed(subject, said, unique=False, using=using)] if (using := _using(bare)) else None
    if _NOTHING.match(bare):
        return []
    name = subject.columns[0]
    column = context.tables.column(subject.table, name)
    if (pair := transition(subject.table, name, column, words, said)) is not None:
        return pair
    if column is not None and (changed := _changed(subject, column, words, said)) is not None:
        return changed
    if context.tables.table(subject.table) is None:
        # lines of a new table are its columns, and say that there is one
        return None
    added = _ADD.fullmatch(bare)
    read = column_bullet(f"`{name}`: {added['rest'] if added else bare}") if column is None else None
    if read is None or not read[1].is_typed or read[1].state in {"existing", "computed"}:
        return None
    return [SaidColumn(table=subject.table, name=name, details=replace(read[1], state="new"), said=said)]


def _changed(subject: _Subject, column: Column, words: str, said: Said) -> list[Item] | None:
    """What shall become of a column that is there."""
    bare = words.replace("`", "")
    if (arrow := _ARROW.fullmatch(_OF_TYPE.sub("", bare))) and type_of(arrow["type"].strip()) is None:
        # `nullable → not null`; `name → full_name`
        old, new = arrow["old"].strip(" ,:"), arrow["type"].strip()
        if re.fullmatch(_ID, new) and old in {"", subject.columns[0]} and not _NOT_NULL.match(new):
            return [SaidChange(change=asked.RenameColumn(table=subject.table, column=column.name, to=new), said=said)]
        if old and _NULLS.match(old):
            bare = words = new
    table, name = subject.table, column.name
    if match := _RENAMED_TO.match(bare) or _RENAME.match(bare):
        to = match["to"] or match.groupdict().get("other") or ""
        return [SaidChange(change=asked.RenameColumn(table=table, column=name, to=to), said=said)]
    if _DROP.match(bare):
        return [SaidChange(change=asked.DropColumn(table=table, column=name), said=said)]
    if _NULLABLE.match(bare):
        return [SaidChange(change=asked.ChangeNullable(table=table, column=name, nullable=True), said=said)]
    if match := _NOT_NULL.match(bare):
        return [SaidChange(change=_mandatory(table, column, match["rest"]), said=said)]
    if _UNIQUE.match(bare):
        if within := _WITHIN.search(bare):
            return [SaidUnique(table=table, phrases=(name, within["what"]), said=said)]
        return [_keyed(subject, said, unique=True)]
    if using := _using(bare):
        return [_keyed(subject, said, unique=False, using=using)]
    if match := _DEFAULT.match(bare):
        from migration_ls.sources.sql.expressions import expression

        default = expression(default_sql(match["value"]))
        return [SaidChange(change=asked.ChangeDefault(table=table, column=name, default=default), said=said)]
    if (type_ := _type(bare)) and type_ != column.type:
        return [SaidChange(change=asked.ChangeType(table=table, column=name, type=type_), said=said)]
    return None


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


def _drop(subject: _Subject | None, said: Said, context: Context) -> Item | None:
    if subject is None or subject.is_list or context.tables.column(subject.table, subject.columns[0]) is None:
        return None
    return SaidChange(change=asked.DropColumn(table=subject.table, column=subject.columns[0]), said=said)


def _using(words: str) -> str | None:
    match = _INDEX.match(words)
    return (match["using"] or "btree").lower() if match else None


def _keyed(subject: _Subject, said: Said, *, unique: bool, using: str = "btree") -> Item:
    """A unique constraint or an index over the columns."""
    if unique:
        return SaidConstraint(table=subject.table, constraint=Unique(name=None, columns=subject.columns), said=said)
    parts = tuple(IndexPart(text=column) for column in subject.columns)
    return SaidIndex(table=subject.table, index=Index(name=None, parts=parts, using=using), said=said)


def _check(table: Name, condition: str, said: Said) -> Item:
    from migration_ls.sources.sql.expressions import expression

    return SaidConstraint(table=table, constraint=Check(name=None, expression=expression(condition)), said=said)


def _labels(what: str, words: str, said: Said, context: Context) -> list[Item]:
    """New labels of an enum, one or several; empty where the words name none."""
    listed = _VALUES.fullmatch(words.strip().rstrip("."))
    if listed is None:
        one = _label(what, words, said, context)
        return [one] if one else []
    entries = re.split(r"\s*,\s*(?:and\s+|und\s+)?|\s+(?:and|und|y|et)\s+", listed["values"])
    found = [_label(what, entry, said, context) for entry in entries]
    return [item for item in found if item] if all(found) else []


def _label(what: str, words: str, said: Said, context: Context) -> SaidChange | None:
    """A new label of an enum, which is named itself or by a column of it."""
    bare = what.replace("`", "").strip()
    owner, dot, last = bare.rpartition(".")
    enums = context.tables.schema.enums
    found = [name for name in enums if name.name == last and owner in {"", name.namespace}]
    table = context.tables.find(owner) if dot else context.subject
    if not found and table and (column := context.tables.column(table, last)):
        found = [name for name in enums if column.type.element.name in {name.sql, str(name), name.name}]
    match = _VALUE.fullmatch(words.strip().rstrip("."))
    if len(found) != 1 or match is None or match["value"] in enums[found[0]].values or _NOTHING.match(words):
        return None
    values, near = enums[found[0]].values, match["near"]
    if match["where"] and " ".join(match["where"].lower().split()) in _BEFORE and near in values:
        position = values.index(near)
        near = values[position - 1] if position else None
    after = near if near in values else None
    return SaidChange(change=asked.AddEnumValue(enum=found[0], value=match["value"], after=after), said=said)


_OWNERS = frozenset("table tabelle tabla tableau entity model".split())
_WHATS = frozenset("what where column field object item element was spalte feld campo columna colonne qué".split())
_BEFORES = frozenset("before old from current was currently vorher alt bisher antes actual avant".split())
_AFTERS = frozenset("after new to becomes now wanted target nachher neu künftig después nuevo après".split())
_ACTIONS = frozenset(
    """change changes action operation modification änderung aktion cambio acción changement do todo verb
    kind""".split()
)


@dataclass(frozen=True, slots=True)
class ChangeColumns:
    """Where a table of changes says what a row is about, and what was and shall be, if it says so."""

    subject: tuple[int, ...]
    before: int | None = None
    after: int | None = None


def change_columns(header: list[str]) -> ChangeColumns | None:
    """The columns of a table of changes: what they are about, then what shall become of it; None for other tables."""
    plain = [words.strip("*`_ ").lower() for words in header]
    action = next((number for number, words in enumerate(plain) if words in _ACTIONS), None)
    before = next((number for number, words in enumerate(plain) if words in _BEFORES), None)
    after = next((number for number, words in enumerate(plain) if words in _AFTERS), None)
    if action is None and before is not None and after is not None:
        action = before
    else:
        before = after = None
    if action is None or action == 0:
        return None
    if plain[0] in _OWNERS and (action == 1 or plain[1] in _WHATS):
        return ChangeColumns((0, 1) if action > 1 else (0,), before, after)
    return ChangeColumns((0,), before, after) if plain[0] in _WHATS else None


def change_row(cells: list[str], columns: ChangeColumns) -> Iterator[str]:
    """What a row is about, and what it says of it."""
    subject = columns.subject
    yield ".".join(cells[number].replace("`", "").strip() for number in subject if cells[number].strip())
    if columns.before is not None and columns.after is not None:
        yield f"{cells[columns.before].strip()} → {cells[columns.after].strip()}"
        return
    rest = [cell.strip() for number, cell in enumerate(cells) if number not in subject and cell.strip()]
    yield " ".join(rest[:1]) + (" " + ", ".join(rest[1:]) if len(rest) > 1 else "")
