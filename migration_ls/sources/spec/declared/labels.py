"""New labels of enums: `tickets.state gains the value parked after open`."""

import re

from migration_ls.schema import request as asked
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.changed import NOTHING
from migration_ls.sources.spec.items import Item, Said, SaidChange

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
_BEFORE = frozenset({"before", "vor", "antes de", "avant"})


def labels(what: str, words: str, said: Said, context: Context) -> list[Item]:
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
    if len(found) != 1 or match is None or match["value"] in enums[found[0]].values or NOTHING.match(words):
        return None
    values, near = enums[found[0]].values, match["near"]
    if match["where"] and " ".join(match["where"].lower().split()) in _BEFORE and near in values:
        position = values.index(near)
        near = values[position - 1] if position else None
    after = near if near in values else None
    return SaidChange(change=asked.AddEnumValue(enum=found[0], value=match["value"], after=after), said=said)
