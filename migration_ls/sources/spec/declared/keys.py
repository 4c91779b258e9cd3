"""Lines about keys and indexes: `partial unique index on projects (code) where code is not null`."""

import re

from migration_ls.schema.names import Name
from migration_ls.schema.request import Grade
from migration_ls.schema.tables import ForeignKey, Index, IndexPart, Unique
from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.checks import check_line
from migration_ls.sources.spec.details import read_details
from migration_ls.sources.spec.items import Item, Said, SaidConstraint, SaidIndex, SaidTable

_ID = r"[^\W\d]\w*"
_ORDER = r"(?:\s+(?:asc|desc)(?:\s+nulls\s+(?:first|last))?)?"
_COLUMN = rf"`?{_ID}(?:\.{_ID})?{_ORDER}`?{_ORDER}"
_LINE = re.compile(
    r"""(?:(?:and|so|hence|add|create|put|place|new|with|plus|also|neuer?|nuevo|nouvel|un|una)\s+)*(?:(?:an?|the)\s+)?
    (?P<words>(?:(?:new|composite|compound|partial|unique|eindeutiger?|[uú]nic[oa]|zusammengesetzter?|compuesto
      |gin|gist|btree|b-tree|brin|hash)[\s-]+)*)
    (?P<kind>index(?:es)?|[íi]ndice|unique(?:\s+(?:constraint|key|together))?|uniqueness|
      (?:fk|foreign\s+key|fremdschlüssel|clave\s+(?:for[áa]nea|externa)))
    (?:\s+`?(?P<name>(?:i|u|idx|ix|uq|fk|index)\w*_\w+)`?)?
    \s*(?:on|for|over|across|auf|über|sobre|en|sur|:)?\s*(?P<rest>\S.*)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_BARE = re.compile(rf"(?P<rest>`?\(?{_COLUMN}.*)", re.IGNORECASE | re.DOTALL)
_NAMED = re.compile(
    r"`?(?P<name>(?:idx|ix|uq|ux|index)_\w+)`?\s*(?::|\s[-\u2013—]|(?=\s)|(?=\())\s*(?:(?:on|over|auf|über|sobre|sur)\s+)?(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_COLUMNS = re.compile(
    rf"""`?(?:(?:the\s+)?(?:table\s+)?`?(?P<table>{_ID}(?:\.{_ID})?)`?\s*)?\((?P<inside>[^()]+)\)`?
    | (?P<list>{_COLUMN}(?:\s*(?:,|\band\b|\bund\b|\by\b|\bet\b|\+)\s*{_COLUMN})*)""",
    re.VERBOSE | re.IGNORECASE,
)
_BRACKETS = re.compile(rf"(?:{_ID}(?:\.{_ID})?\s*)?\(\s*{_COLUMN}(?:\s*,\s*{_COLUMN})*\s*\)", re.IGNORECASE)
_OF_TABLE = re.compile(
    rf"\s*(?:of|in|on|for|von|de)\s+(?:the\s+)?(?:table\s+)?`(?P<table>{_ID}(?:\.{_ID})?)`", re.IGNORECASE
)
_WHERE = re.compile(
    r"\A[\s,;(]*(?:where|only\s+(?:where|when|for\s+rows\s+where)|wo|donde)\s+`?(?P<condition>[^`]+?)`?\)?\s*\.?\Z",
    re.IGNORECASE | re.DOTALL,
)
_TO = re.compile(r"\A\s*(?:→|->|=>|references|to|auf|a)\s*(?P<rest>.+)", re.IGNORECASE | re.DOTALL)
_PRIMARY = re.compile(
    r"(?:the\s+)?(?:composite\s+)?primary\s+key\s*(?:is|:|on|over"
    r"|=)?\s*`?\(?(?P<columns>\w+(?:\s*,\s*`?\w+`?)+)\)?`?\.?",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    rf"\b(?:(?:composite|compound|partial|unique|gin|gist|btree|b-tree|brin|hash)[\s-]+)*(?:index(?:es)?|[íi]ndice|unique|uniqueness)\b"
    rf"(?:\s+(?:constraint|key|together))?(?:\s+`?(?:i|u|idx|ix|uq)\w*_\w+`?)?\s*(?:on|over|across|for|:|sobre|en|auf|über)?\s*"
    rf"(?:`?(?:{_ID}(?:\.{_ID})?\s*)?\([^()]+\)`?|`{_ID}(?:\.{_ID})?`(?:\s*\([^()]+\))?(?:\s*,\s*`{_ID}`)*)"
    r"(?:\s+(?:of|in|on)\s+(?:the\s+)?(?:table\s+)?`[\w.]+`)?(?:\s+where\s+`[^`]+`)?",
    re.IGNORECASE,
)
"""Where a sentence speaks of a key: the columns stand in brackets or as code."""
_USING = re.compile(r"\b(gin|gist|brin|hash)\b", re.IGNORECASE)
_END = re.compile(
    r"\A\s*(?:\Z|[.,;:(]|[-\u2013—]\s|\b(?:for|to|so|because|since|für|para|is\s+(?:new|added|needed|wanted))\b)",
    re.IGNORECASE,
)


def key_line(text: str, said: Said, context: Context, kind: str = "") -> list[Item] | None:
    """The index, unique constraint or foreign key that a line asks for; None for other lines.

    `kind` is what the list above it is of, so that its lines may be bare columns.
    """
    text = " ".join(text.split()).strip()
    if (primary := _PRIMARY.fullmatch(text)) and context.subject and context.tables.table(context.subject) is None:
        return [SaidTable(name=context.subject, said=said, key=tuple(re.findall(r"\w+", primary["columns"])))]
    if (checks := check_line(text, said, context)) is not None:
        return checks
    match = _LINE.fullmatch(text) or _NAMED.fullmatch(text)
    groups = match.groupdict() if match else {}
    if match is None and kind:
        match = _BARE.fullmatch(text)
    if match is None:
        return None
    words = f"{groups.get('words') or ''} {groups.get('kind') or kind}".lower()
    rest = match["rest"].strip()
    found = _COLUMNS.match(rest)
    if found is None:
        return None
    after = rest[found.end() :]
    owner = _OF_TABLE.match(after)
    table = _table(found["table"] or (owner["table"] if owner else None), context)
    after = after[owner.end() :] if owner else after
    parts = [_part(item) for item in re.split(r",|\+|\s(?:and|und|y|et)\s", found["inside"] or found["list"])]
    if found["list"] and "." in parts[0].text:
        table = context.tables.find(parts[0].text.rpartition(".")[0])
    parts = [
        IndexPart(text=part.text.rpartition(".")[2], descending=part.descending, nulls=part.nulls) for part in parts
    ]
    # names in code and in brackets are names, whatever is known of the table so far
    spelled = found[0].startswith("`") or bool(_BRACKETS.fullmatch(found[0]))
    if table is None or not (spelled or _knows(table, parts, context)):
        return None
    if "fk" in words or "foreign" in words or "fremd" in words or "clave" in words:
        return _foreign(table, parts, after, said)
    condition = _WHERE.match(after)
    if condition is None and not _END.match(after):
        return None
    unique = (
        "uni" in words or "eindeutig" in words or "úni" in words or (groups.get("name") or "").startswith(("uq", "ux"))
    )
    if unique and condition is None:
        columns = tuple(part.text for part in parts)
        return [SaidConstraint(table=table, constraint=Unique(name=None, columns=columns), said=said)]
    from migration_ls.sources.sql.expressions import expression

    using = _USING.search(words) or _USING.search(after)
    index = Index(
        name=groups.get("name"),
        parts=tuple(parts),
        unique=unique,
        using=using[1].lower() if using else "btree",
        where=expression(condition["condition"]) if condition else None,
    )
    return [SaidIndex(table=table, index=index, said=said)]


def keys_in(clause: Clause, context: Context) -> list[Item]:
    """The index or unique constraint that a sentence speaks of among other things: `..., with an index on (a, b)`."""
    for match in _WITHIN.finditer(clause.text):
        said = context.said(clause.whole, Grade.DECLARED)
        found = key_line(clause.text[match.start() : match.end()], said, context)
        if found:
            return found
    return []


def _table(words: str | None, context: Context) -> Name | None:
    return context.tables.find(words) if words else context.subject


def _part(words: str) -> IndexPart:
    name, _, order = words.replace("`", "").strip().partition(" ")
    nulls = re.search(r"nulls\s+(first|last)", order, re.IGNORECASE)
    descending = order.strip().lower().startswith("desc")
    if nulls is None:
        return IndexPart(text=name, descending=descending)
    return IndexPart(text=name, descending=descending, nulls="first" if nulls[1].lower() == "first" else "last")


def _knows(table: Name, parts: list[IndexPart], context: Context) -> bool:
    """Whether the words can be columns: some of it are, or the table is new and they look so."""
    known = context.tables.table(table)
    if known is None:
        return all(re.fullmatch(r"[a-z_]\w*", part.text) for part in parts)
    return any(known.column(part.text) for part in parts) or all("_" in part.text for part in parts)


def _foreign(table: Name, parts: list[IndexPart], after: str, said: Said) -> list[Item] | None:
    target = _TO.match(after)
    details = read_details(f"references {target['rest'].replace('`', '')}") if target else None
    if details is None or details.references is None or len(parts) != 1:
        return None
    reference = details.references
    from migration_ls.schema.names import name_from_text

    key = ForeignKey(
        name=None,
        columns=(parts[0].text,),
        ref_table=name_from_text(reference.table),
        ref_columns=(reference.column or "id",),
        on_delete=reference.on_delete,
    )
    return [SaidConstraint(table=table, constraint=key, said=said)]
