"""What a document says about a column: `varchar(60), not null, one of a, b; default 'a'`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from migration_ls.postgres.quoting import literal
from migration_ls.postgres.types import ColumnType
from migration_ls.schema.tables import FkAction
from migration_ls.sources.spec.types import type_of
from migration_ls.sources.spec.words import list_of

State = Literal["new", "existing", "changed", "removed", "computed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The other side of a foreign key, as named; an empty `column` means its key."""

    table: str
    column: str = ""
    on_delete: FkAction = "NO ACTION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything known about one column; None and empty mean that nothing is said.

    `checks` are conditions with `{}` for the column's name. `low` and `high` are bounds, as SQL numbers.
    """

    type: ColumnType | None = None
    nullable: bool | None = None
    default: str | None = None
    primary_key: bool = False
    unique: bool = False
    index: str | None = None
    references: Reference | None = None
    on_delete: FkAction | None = None
    values: tuple[str, ...] = ()
    length: int | None = None
    low: str | None = None
    high: str | None = None
    checks: tuple[str, ...] = ()
    autoincrement: bool = False
    identity: Literal["always", "by default"] | None = None
    generated: str | None = None
    state: State | None = None
    unread: tuple[str, ...] = field(default=())

    @property
    def is_typed(self) -> bool:
        """Whether the words name a type or something that settles it."""
        return bool(self.type or self.references or self.values or self.length or self.low or self.autoincrement)

    def under(self, other: "Details") -> "Details":
        """These, completed by what `other` says and these leave open."""
        empty = Details()
        changes = {
            part.name: getattr(other, part.name)
            for part in fields(self)
            if getattr(self, part.name) == getattr(empty, part.name)
            and getattr(other, part.name) != getattr(empty, part.name)
        }
        return replace(self, **changes) if changes else self


_Reader = Callable[[Details, "re.Match[str]"], Details]

_NAME = r"[`\"\[]?(?P<{0}>[^\W\d][\w]*(?:\.[^\W\d]\w*){{0,2}})[`\"\]]?"
_TARGET = (
    r"(?:table\s+|tabla\s+)?"
    + _NAME.format("target")
    + r"\s*(?:\(\s*[`\"]?(?!cascade\b|restrict\b|set\b|on\b|no\b|optional\b|nullable\b|"
    r"required\b)(?P<column>\w+)[`\"]?\s*\))?" + r"(?P<rest>.*)"
)
_NUMBER = r"-?\d[\d_]*(?:\.\d+)?"


def _set(**changes: object) -> _Reader:
    return lambda details, _: replace(details, **changes)  # type: ignore[arg-type]


def _default(details: Details, match: "re.Match[str]") -> Details:
    return _with_default(details, match["value"])


_VALUE_AND_MORE = re.compile(r"(?P<value>[\w.+-]+|'[^']*'|`[^`]+`)\s+\((?P<more>[^()]+)\)\s*\Z")


def _with_default(details: Details, words: str) -> Details:
    if match := _VALUE_AND_MORE.match(words.strip()):
        return _with_default(read_details(match["more"], details), match["value"])
    value = words.strip().strip("`“”").strip()
    if value.lower() in {"-", "\u2013", "—", "", "none.", "n/a", "auto", "nothing"}:
        return details
    return replace(details, default=default_sql(value))


def _action(words: str) -> FkAction | None:
    lowered = words.lower()
    if "cascad" in lowered or "kaskad" in lowered:
        return "CASCADE"
    if "set null" in lowered:
        return "SET NULL"
    if "set default" in lowered:
        return "SET DEFAULT"
    return "RESTRICT" if "restrict" in lowered else None


def _reference(details: Details, match: "re.Match[str]") -> Details:
    column = match["column"] or ""
    table = match["target"]
    if not column and table.count(".") and re.search(r"\.(?:id|uuid|key|code|slug|\w+_id)$", table, re.IGNORECASE):
        table, _, column = table.rpartition(".")
    action = _action(match["rest"]) or details.on_delete
    return replace(details, references=Reference(table=table, column=column, on_delete=action or "NO ACTION"))


def _on_delete(details: Details, match: "re.Match[str]") -> Details:
    action = _action(match[0])
    if details.references and action:
        return replace(details, references=replace(details.references, on_delete=action))
    return replace(details, on_delete=action)


def _length(details: Details, match: "re.Match[str]") -> Details:
    return replace(details, length=int(match["length"].replace(",", "").replace("_", "")))


def _range(details: Details, match: "re.Match[str]") -> Details:
    return replace(details, low=match["low"], high=match["high"])


def _low(details: Details, match: "re.Match[str]") -> Details:
    return replace(details, low=match["low"])


def _high(details: Details, match: "re.Match[str]") -> Details:
    return replace(details, high=match["high"])


def _values(details: Details, match: "re.Match[str]") -> Details:
    values = tuple(value.strip("()[]{} ") for value in list_of(match["values"]))
    return replace(details, values=values) if len(values) > 1 and all(len(item) <= 40 for item in values) else details


def _generated(details: Details, match: "re.Match[str]") -> Details:
    return replace(details, generated=match["generated"])


def _check(details: Details, match: "re.Match[str]") -> Details:
    from migration_ls.sources.sql.expressions import expression

    read = expression(match["check"])
    if read.allowed_values:
        return replace(details, values=read.allowed_values)
    return replace(details, checks=(*details.checks, match["check"].replace("{", "{{").replace("}", "}}")))


_ITEMS: tuple[tuple[str, _Reader], ...] = (
    ((r"not[\s_-]*null(?:able)?|required|mandatory|nicht null|pflicht(?:feld)?|obligatoire|obrigatóri[oa]"
      r"|non nul|obligatori[oa]|requerid[oa]|non-?null(?:able)?|never null"),
     _set(nullable=False)),
    ((r"null(?:able)?|optional(?:e)?|darf leer sein|facultati(?:f|ve)|may be (?:null|empty)|can be null"
      r"|null allowed|opcional|nulo|none allowed"),
     _set(nullable=True)),
    (r"null (?:for|unless|until|when|if|while)\b.*|(?:empty|nothing) (?:until|unless|for)\b.*", _set(nullable=True)),
    (
        (r"(?:is )?(?:the |a )?(?:pk|key|primary[\s_-]*key|clave primaria|primärschlüssel|clé primaire"
        r"|chave primária|part of the (?:primary )?key)"),
        _set(primary_key=True),
    ),
    (r"part of (?:the )?(?:composite )?(?:primary key|pk)|composite (?:pk|primary key)", _set(primary_key=True)),
    (r"auto[\s_-]*increment(?:ed|ing|s|al)?|auto(?:matic)?|autoinkrement", _set(autoincrement=True)),
    (r"identity,? always|generated always as identity|always identity", _set(identity="always")),
    (r"identity(?: by default)?|generated by default as identity", _set(identity="by default")),
    (r"(?:generated(?:\s+always)?(?:\s+as)?|computed as|berechnet als)\s*\((?P<generated>.+)\)(?:\s+stored)?",
     _generated),
    (r"unique|uniq|must be unique|globally unique|eindeutig|[uú]nic[oa]|unique constraint", _set(unique=True)),
    (r"(?:unique|uq|unique constraint) ?index", _set(unique=True)),
    (r"(?:gin)(?: index(?:ed)?)?", _set(index="gin")),
    (r"index(?:ed)?|(?:b-?tree )index(?:ed)?|indexad[oa]|with (?:an )?index", _set(index="btree")),
    (r"default(?:s to|s)?(?: is| to| value)?\s*[:=]?\s*(?P<value>.+)", _default),
    ((r"(?:por defecto|por omisi[oó]n|predeterminado|vorgabe|standard(?:wert)?|par défaut"
      r"|padrão)\s*:?\s*(?P<value>.+)"), _default),
    ((r"(?P<value>\S+)\s+(?:by default|(?:unless|if not) (?:otherwise )?(?:given|stated|said|set|chosen|specified)"
     r"(?: otherwise)?|unless (?:\w+ ){1,3}(?:says?|states?|chooses?|decides?|specif(?:y|ies)|sets?) (?:otherwise|it|"
     r"something else|another)|(?:if|when) nothing (?:else )?is (?:said|given|chosen|set|stated))"), _default),
    (r"(?P<value>\S+)\s+por defecto", _default),
    (r"(?:EUR|USD|GBP|CHF|euros?|dollars?|(?:with )?two decimals(?: places)?|2 decimals)",
     lambda details, _: details if details.type else replace(details, type=ColumnType("numeric", ("10", "2")))),
    (r"(?:fk|foreign[\s_-]*key|references?|referencing|clave for[aá]nea|fremdschlüssel(?: auf)?|verweist auf"
    r"|clé étrangère(?: vers)?|chave estrangeira|refers? to|points? (?:to|at))"
     r"\s*(?:(?:to|of|into|a|→|->|=>|:|\()\s*)*" + _TARGET, _reference),
    (r"(?:→|->|=>)\s*" + _TARGET, _reference),
    ((r"(?:on delete )?(?:cascade|set null|set default|restrict|no action)|en cascada|cascades?(?: on delete)?|"
     r"(?:bei löschen |beim löschen )?kaskadier(?:en|t)|en cascade|"
     r"(?:al borrar|on delete:?|à la suppression)\s+(?:en\s+)?cascad[ae]|"
     r"delete[sd]? with (?:it|its \w+|the \w+)|on delete:? (?:cascade|set null|restrict)"), _on_delete),
    ((r"(?:max(?:imum|\.)?(?: length)?(?: of)?|up to|at most|no more than|m[aá]x(?:imo)?|hasta|length|len|≤|<=|not "
     r"longer than)"
     r"\s*:?\s*\(?(?P<length>\d[\d,_]*)\)?\s*(?:characters?|chars?|letters|caracteres)?(?: long)?"), _length),
    (r"(?P<length>\d[\d,]*)\s*(?:characters?|chars?|caracteres)(?: max(?:imum)?| at most)?", _length),
    (r"\d+\s*(?:-|\u2013|to|\.\.)\s*(?P<length>\d[\d,]*)\s*(?:characters?|chars?|caracteres)", _length),
    ((rf"(?:check:? )?(?:from |between |range:? |de |entre |zwischen )?"
     rf"\(?(?P<low>{_NUMBER})\s*(?:-|\u2013|—|to|and|\.\.+|a|y|through)\s*"
     rf"(?P<high>{_NUMBER})\)?(?: stars| points| inclusive)?"), _range),
    (r"(?:must be |is )?(?:positive|greater than (?:0|zero)|> ?0|above zero|positiv[oa])", _set(checks=("{} > 0",))),
    ((r"(?:must be |is )?(?:never negative|not negative|non-?negative|>= ?0|≥ ?0|at least 0|zero or more|no "
     r"negativ[oa])"),
     _set(low="0")),
    (rf"(?:min(?:imum)?|at least|>=|≥|m[ií]nimo)\s*:?\s*(?P<low>{_NUMBER})", _low),
    (rf"(?:max(?:imum)?|at most|<=|≤)\s*:?\s*(?P<high>{_NUMBER})(?![\d,]*\s*char)", _high),
    ((r"(?:one of|must be one of|(?:valid |allowed |possible )?values?|allowed|enum(?: of)?|string enum|either|"
     r"choices|options"
     r"|uno de|una de|valores)\s*[:=]?\s*[(\[{]?(?P<values>[^()\[\]{}]+)[)\]}]?"), _values),
    (r"(?:check )?in\s*\((?P<values>[^()]+)\)", _values),
    (r"check\s*:?\s*\((?P<check>.+)\)", _check),
    (r"new|added|neu|nuev[oa]|nouve(?:au|lle)|to add|to be added|✅ new|new (?:column|field)", _set(state="new")),
    ((r"existing|exists|as before|stays(?: as (?:it )?is)?|as it is|unchanged|no changes?|already (?:there"
        r"|exists|present)|existente|sin cambios?|as is|current|"
     r"referenced only|(?:already )?in place|kept"), _set(state="existing")),
    (r"changed|modified|updated|altered|widened|cambiad[oa]", _set(state="changed")),
    ((r"removed|entfällt|dropped|deleted|deprecated|to (?:be )?(?:removed?|dropped)"
      r"|eliminad[oa]"), _set(state="removed")),
    ((r"computed|derived|calculated|virtual|transient|not (?:stored|persisted|saved|in (?:the )?db)|in memory(?: "
      r"only)?|"
     r"calculad[oa]|computed (?:field|property|on read|when read)|not a column|api only|response only|frontend only"),
     _set(state="computed")),
)  # fmt: skip
"""What an item may say, and what follows; an item must be all of it. The first that fits wins."""

_PARSERS = tuple((re.compile(pattern, re.IGNORECASE), reader) for pattern, reader in _ITEMS)
_TYPE_AND_VALUES = re.compile(r"(?P<type>[A-Za-z][\w ]*(?:\(\d+\))?)\s*:\s+(?P<values>[^():]+)\Z")
_CONTINUES = re.compile(r"(?:one of|enum(?: of)?|values?|either|choices|uno de|una de)\b", re.IGNORECASE)
_SQL_WORDS = re.compile(
    r"(?<!\bnot)(?<!\bset)\s+(?=(?:not\s+null|null\b(?!\s+(?:for|unless|until|when|if|while))|nullable"
    r"|primary\s+key|unique\b|default\b|"
    r"references\b|check\s*\(|generated\b|auto_?increment|index\b))",
    re.IGNORECASE,
)
_PAREN_ITEM = re.compile(r"\A(?P<before>[^()]*?)\s*\((?P<inside>.*)\)\s*\Z", re.DOTALL)
_EMPTY = frozenset({"", "-", "\u2013", "—", "n/a", "none", "yes", "no", "/"})
_OPENING, _CLOSING = "([{", ")]}"


_DIGITS = re.compile(r"\b(?P<name>numeric|decimal|dec)\s+(?P<digits>\d+)\s*,\s*(?P<places>\d+)\b", re.IGNORECASE)
"""A precision without brackets, whose comma ends no item."""


def read_details(text: str, known: Details | None = None) -> Details:
    """What the words say; `unread` are the items that say nothing we know."""
    details = known or Details()
    items = items_of(_DIGITS.sub(r"\g<name>(\g<digits>,\g<places>)", text))
    position = 0
    while position < len(items):
        item = items[position]
        position += 1
        if (match := _TYPE_AND_VALUES.match(item)) and type_of(match["type"]):
            details = _read_item(details, match["type"])
            item = f"one of {match['values']}"
        if _CONTINUES.match(item) and "(" not in item:
            while position < len(items) and not _is_item(items[position]) and len(items[position]) <= 30:
                item += ", " + items[position]
                position += 1
        details = _read_item(details, item)
    return details


def _read_item(details: Details, item: str) -> Details:
    words = item.strip().rstrip(".").strip()
    if words.lower() in _EMPTY:
        return details
    bare = words.strip("`*_").strip()
    for pattern, reader in _PARSERS:
        if match := pattern.fullmatch(bare):
            return reader(details, match)
    if read := type_of(bare):
        return replace(
            details,
            type=details.type or read.type,
            nullable=details.nullable if read.nullable is None else read.nullable,
            values=details.values or read.values,
            autoincrement=details.autoincrement or read.autoincrement,
        )
    parts = _SQL_WORDS.split(words)
    if len(parts) > 1:
        for part in parts:
            details = _read_item(details, part)
        return details
    if (match := _PAREN_ITEM.match(words)) and match["inside"]:
        before = match["before"].strip()
        inner = read_details(match["inside"], details)
        return _read_item(inner, before) if before else inner
    return replace(details, unread=(*details.unread, bare))


def _is_item(words: str) -> bool:
    """Whether the words end a list of values; values are often called as types are (`text, number, date`)."""
    bare = words.strip().strip("`*_").strip()
    return any(pattern.fullmatch(bare) for pattern, _ in _PARSERS) or "(" in bare


def items_of(text: str) -> list[str]:
    """The items between commas and semicolons that stand outside brackets and quotes."""
    items: list[str] = []
    depth, start, quote = 0, 0, ""
    for offset, character in enumerate(text):
        if quote:
            if character == quote:
                quote = ""
        elif character in '"`' or (character == "'" and (offset == 0 or not text[offset - 1].isalnum())):
            quote = character if text.find(character, offset + 1) > 0 else ""
        elif character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
        elif character in ",;" and depth == 0 and not text[offset + 1 : offset + 2].isdigit():
            items.append(text[start:offset].strip())
            start = offset + 1
    items.append(text[start:].strip())
    return [item for item in items if item]


_SQL_DEFAULTS = {
    "now": "now()", "current timestamp": "now()", "current time": "now()", "current_timestamp": "CURRENT_TIMESTAMP",
    "now()": "now()", "current_date": "CURRENT_DATE", "current date": "CURRENT_DATE", "today": "CURRENT_DATE",
    "true": "true", "false": "false",
    "null": "NULL", "none": "'none'", "empty array": "'{}'", "empty list": "'{}'", "[]": "'{}'", "{}": "'{}'",
    "empty object": "'{}'", "empty string": "''", "empty": "''", "zero": "0", "yes": "true", "on": "true",
    "off": "false", "random uuid": "gen_random_uuid()", "uuid": "gen_random_uuid()", "utcnow": "now()",
    "datetime.utcnow": "now()", "creation time": "now()",
}  # fmt: skip
_PLAIN_VALUE = re.compile(r"[^\W\d][\w\- ]*\Z")
_NUMERIC = re.compile(rf"{_NUMBER}\Z")


def default_sql(words: str) -> str:
    """The SQL of a default as documents write it: `medium`, `"en"`, `now`, `10`, `gen_random_uuid()`."""
    value = words.strip().rstrip(".;").strip()
    for opening, closing in (('"', '"'), ("“", "”"), ("«", "»")):
        if len(value) > 1 and value.startswith(opening) and value.endswith(closing):
            return literal(value[1:-1])
    if known := _SQL_DEFAULTS.get(value.lower()):
        return known
    if _NUMERIC.match(value):
        return value.replace("_", "")
    if len(value) > 1 and value.startswith("'") and value.endswith("'"):
        return literal(value[1:-1].replace("''", "'"))
    return literal(value) if _PLAIN_VALUE.match(value) and len(value.split()) <= 4 else value
