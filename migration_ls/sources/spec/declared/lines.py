"""A change in one line: what it is about, then what shall become of it: `books.shelf: rename to shelf_mark`."""

import re
from dataclasses import replace

from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.changed import become
from migration_ls.sources.spec.declared.columns import column_bullet
from migration_ls.sources.spec.declared.labels import labels
from migration_ls.sources.spec.declared.subjects import ID, Subject, keyed, subject_of
from migration_ls.sources.spec.declared.wording import ARTICLE, COLUMN_WORD, by_status, owned
from migration_ls.sources.spec.items import Item, Said, SaidChange, SaidColumn

_COLUMN_WORD = rf"(?:{COLUMN_WORD}\s+)?"
_FIRST = re.compile(
    r"(?:deprecate\s+and\s+|we\s+|se\s+|on\s+)?(?P<verb>drop|remove|delete|get\s+rid\s+of|rename|change|alter|widen|extend"
    r"|convert|make|set|"
    rf"entfern\w*|lösche\w*|elimina\w*|"
    rf"renombra\w*|supprim\w*|renomm\w*|add)\s+{ARTICLE}(?:type\s+of\s+)?{_COLUMN_WORD}"
    r"(?P<what>`[^`]+`)\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
"""The verb before what it is about."""
_FIRST_BARE = re.compile(
    r"(?P<verb>drop|remove|delete|rename|change|alter|widen|extend|convert|make"
    rf"|add)\s+{_COLUMN_WORD}(?P<what>{ID})\b\s*(?P<rest>.*)",
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
    rf"|fields?))?\s*:\s*(?P<what>{ID}(?:\s*,\s*{ID})*)",
    re.IGNORECASE,
)
_RENAMES = re.compile(
    rf"renamed?(?:\s+(?:attributes?|columns?|fields?))?\s*:\s*`?(?P<what>{ID})`?\s*(?:→|->|=>|to)\s*`?(?P<to>{ID})`?",
    re.IGNORECASE,
)
_CHAIN = re.compile(
    rf"(?:(?:table|tabelle|tabla)\s+)?`?(?P<table>{ID}(?:\.{ID})?)`?\s*(?::|[-\u2013—](?=\s))\s*(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
"""`Table tasks: add priority (smallint); drop color`."""
_EXTENDED = re.compile(
    r"(?:we\s+)?(?:extend|enlarge|complement|erweiter\w*"
    rf"|amplia\w*)\s+(?:the\s+)?(?:table\s+)?`?(?P<table>{ID}(?:\.{ID})?)`?(?:\s+table)?"
    rf"\s+(?:by|with|um|con)\s+(?P<list>`{ID}\s+[^`]+`.*)",
    re.IGNORECASE | re.DOTALL,
)
_SIGNED = re.compile(r"(?P<sign>[-+~\u2795\u2796\u2212])\s+(?P<rest>\S.*)", re.DOTALL)
_LINE = re.compile(
    rf"{_COLUMN_WORD}(?:enum\s+|type\s+)?(?P<what>`[^`]+`|{ID}\.{ID})\s*(?P<gap>:|[-\u2013—](?=\s)|,"
    r"|(?=\s))\s*(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_BARE = re.compile(
    rf"(?:add\s+)?(?:an?\s+)?(?P<kind>unique|index|índice)(?:\s+(?:constraint|key|index))?\s*"
    rf"(?:(?:on|over|auf|über|sobre|sur)\s+(?P<table>`?{ID}(?:\.{ID})?`?)?\s*)?(?:(?:over|:|auf"
    r"|über)\s*)?(?P<rest>[(`].*)",
    re.IGNORECASE | re.DOTALL,
)
"""`INDEX ON (a, b)`, `a unique constraint on slots over a and b`."""
_TYPED_FIRST = re.compile(
    r"(?:(?:new|add(?:ed)?|neu|nuev[oa])\s+(?:(?:an?|the)\s+)?(?:new\s+)?(?:(?:column|field|spalte|columna"
    r"|campo)\s*:?\s+)?)?"
    rf"`(?P<table>{ID}(?:\.{ID})?)\.(?P<column>{ID})`\s*\((?P<details>[^()]*(?:\([^()]*\)[^()]*)*)\)\s*(?P<more>.*)",
    re.DOTALL | re.IGNORECASE,
)


def change_line(text: str, said: Said, context: Context) -> list[Item] | None:
    """What a line asks for; empty when it says that nothing changes, None when it is no such line.

    The section's table is the one of columns without a table. Changes of columns that are not there are none.
    """
    text = _WITH.sub("", " ".join(text.split()).rstrip(" ."))
    text = re.sub(r"\s*\((?:\*\*)?(?:new|neu|nuev[oa]|added)(?:\*\*)?\)\Z", "", text, flags=re.IGNORECASE)
    text = text[1:-1] if re.fullmatch(r"`[^`]+`", text) else text
    text = owned(text, context)
    if listed := _LISTED.fullmatch(text):
        found = [_drop(subject_of(what, context), said, context) for what in re.findall(r"`[^`]+`", listed["what"])]
        return [item for item in found if item is not None] or None
    if said_first := by_status(text):
        read = [item for line in said_first for item in change_line(line, said, context) or ()]
        return read or None
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
    if values := labels(match["what"], match["rest"], said, context):
        return values
    subject = subject_of(match["what"], context)
    return become(subject, match["rest"], said, context) if subject else None


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
    subject = subject_of(what, context)
    if subject is None:
        return None
    values = labels(what, words, said, context)
    words = " ".join(words.split()).rstrip(" .")
    return values or become(subject, words, said, context) or _defined(subject, words, said, context)


def _defined(subject: Subject, words: str, said: Said, context: Context) -> list[Item] | None:
    """The definition that a column that is there gets."""
    read = column_bullet(f"`{subject.columns[0]}`: {words}") if not subject.is_list else None
    if read is None or read[1].type is None or read[1].state not in {None, "changed"}:
        return None
    if context.tables.column(subject.table, subject.columns[0]) is None:
        return None
    details = replace(read[1], state="changed")
    return [SaidColumn(table=subject.table, name=subject.columns[0], details=details, said=said)]


def _verb_first(match: "re.Match[str]", said: Said, context: Context) -> list[Item] | None:
    verb, rest = match["verb"].lower(), match["rest"]
    subject = subject_of(match["what"], context)
    if subject is None or subject.is_list:
        return None
    if verb.startswith(("drop", "get", "remove", "delete", "entfern", "lösch", "elimina", "supprim")):
        # `remove the value x from ...` and `drop x to y` are something else
        gone = _drop(subject, said, context) if not re.match(r"(?:from|to|in|of)\b", rest) else None
        return [gone] if gone else None
    if verb.startswith(("rename", "renombra", "renomm")):
        return become(subject, f"rename {rest}", said, context)
    if verb == "add":
        return become(subject, f"add {_unwrapped(rest)}", said, context)
    return become(subject, rest, said, context)


def _unwrapped(words: str) -> str:
    words = words.strip().lstrip(":, ")
    return words[1:-1] if words.startswith("(") and words.endswith(")") else words


def _plain_lists(text: str, said: Said, context: Context) -> list[Item]:
    """`Dropped attributes: color`, `Renamed: notes → remarks`, in a part about a table."""
    if match := _RENAMES.fullmatch(text):
        return _column_of(f"{match['what']} rename to {match['to']}", said, context)
    if match := _LISTED_PLAIN.fullmatch(text):
        found = (_drop(subject_of(what, context), said, context) for what in match["what"].split(","))
        return [item for item in found if item is not None]
    if (match := _SIGNED.fullmatch(text)) and (line := _SIGNED_COLUMN.fullmatch(match["rest"])):
        words = (
            f"add {line['rest']}" if match["sign"] in "+\u2795" else line["rest"] if match["sign"] == "~" else "drop"
        )
        return _column_of(f"{line['what']} {words}", said, context)
    return []


_SIGNED_COLUMN = re.compile(rf"`?(?P<what>{ID}(?:\.{ID})?)`?\s*:?\s*(?P<rest>.*)", re.DOTALL)


def _chain(text: str, said: Said, context: Context) -> list[Item] | None:
    """Several changes of one table, between semicolons."""
    found: list[Item] = []
    for piece in text.split(";"):
        found += change_line(piece.strip(), said, context) or _column_of(piece.strip(), said, context)
    return found or None


def _column_of(text: str, said: Said, context: Context) -> list[Item]:
    """`title becomes varchar(200)`, `priority smallint not null`."""
    line = _SIGNED_COLUMN.fullmatch(text)
    subject = subject_of(line["what"], context) if line else None
    found = become(subject, line["rest"], said, context) if line and subject else None
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
    if not re.fullmatch(r"[`\w\s,().&]+(?:\s+and\s+`\w+`)?", rest.partition(")")[0] + ")"):
        return None
    columns = re.findall(r"`(\w+)`", rest) if rest.startswith("`") else re.findall(r"\w+", rest.partition(")")[0])
    if not columns or not all(_is_column(table, column, context) for column in columns):
        return None
    return [keyed(Subject(table, tuple(columns), is_list=True), said, unique=match["kind"].lower() == "unique")]


def _is_column(table: Name, column: str, context: Context) -> bool:
    """Whether the table has the column, or is new, or may get it."""
    return context.tables.table(table) is None or column.islower()


def _drop(subject: Subject | None, said: Said, context: Context) -> Item | None:
    if subject is None or subject.is_list or context.tables.column(subject.table, subject.columns[0]) is None:
        return None
    return SaidChange(change=asked.DropColumn(table=subject.table, column=subject.columns[0]), said=said)
