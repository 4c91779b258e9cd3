"""Changes of what there is: renames, removals, types, what becomes mandatory."""

import re
from collections.abc import Callable, Iterator

from migration_ls.postgres.types import ColumnType
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change, Grade
from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import Check, Column
from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import default_sql
from migration_ls.sources.spec.families.values import plain_values
from migration_ls.sources.spec.items import Item, SaidChange, SaidConstraint
from migration_ls.sources.spec.types import type_of
from migration_ls.sources.spec.words import words_of

_SUBJECT = (
    r"(?:the\s+)?(?:column\s+|field\s+|attribute\s+|la columna\s+|el campo\s+|table\s+"
    r")?(?P<what>`?[\w.]+`?(?:\s+[a-z]+){0,2}?(?:\s+(?:column|field|table))?(?:\s+(?:of|in|on|from)\s+(?:the\s+|an?\s+"
    r"|each\s+|every\s+)?`?[\w.]+`?(?:\s+table)?)?)"
)
_WILL = r"(?:must\s+be|should\s+be|shall\s+be|will\s+be|is\s+to\s+be|has\s+to\s+be|is|gets?|are|be)"

_RENAMED = re.compile(
    rf"{_SUBJECT}\s+(?:(?:→|->|:|—|-)\s*)?(?:{_WILL}\s+)?(?:renamed|called)\s+(?:to|as|"
    rf"into)?\s*`?(?P<to>[\w.]+)`?(?:\s+from now on|\s+instead)?(?:[:,;(]|\s+because|\s+so)?.*",
    re.IGNORECASE | re.DOTALL,
)
_RENAME = re.compile(
    rf"(?:we\s+)?renam(?:e|es|ing)\s+{_SUBJECT}\s+(?:to|into|as|→|->)\s+`?(?P<to>[\w.]+)`?"
    r"(?:\s+(?:on|in|of|for)\s+(?:the\s+|each\s+|every\s+)?`?(?P<at>[\w.]+)`?(?:\s+table)?(?=\W|\Z))?.*",
    re.IGNORECASE | re.DOTALL,
)
_RENAMED_ES = re.compile(
    rf"{_SUBJECT}\s+(?:se renombra|pasa a llamarse|se llama)\s+(?:a\s+)?`?(?P<to>[\w.]+)`?.*", re.IGNORECASE | re.DOTALL
)
_DROP = re.compile(
    rf"(?:we\s+)?(?:drop|remove|delete|removing|dropping)s?\s+{_SUBJECT}(?:[:,;(]|\s+(?:because|as|since"
    r"|which|which|once|after|entirely|completely)\b)?.*",
    re.IGNORECASE | re.DOTALL,
)
_GOES = re.compile(
    rf"{_SUBJECT}\s+(?:(?:is|are)\s+(?:no longer|not)\s+(?:used|needed|required)\b.*?\b(?:goes away|"
    rf"is (?:dropped|removed|"
    rf"deleted)|(?:will|must|should|shall|has to|is to|can) be (?:dropped|removed|deleted)|can go|and goes)|"
    rf"{_WILL}\s+(?:dropped|removed|deleted)|goes away|se elimina|desaparece)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_NO_LONGER = re.compile(
    r"(?:we|the\s+system|system|the\s+app|it)\s+(?:no\s+longer|(?:do|does|will|must)\s+not|(?:must|shall"
    r"|will)\s+no\s+longer)\s+"
    rf"(?:stores?|keeps?|needs?|saves?|persists?)\s+{_SUBJECT}(?:\s+any\s?(?:more|longer))?(?:[:,;(].*)?",
    re.IGNORECASE | re.DOTALL,
)
_GROWS = re.compile(
    rf"{_SUBJECT}\s+(?:grows|is (?:extended|widened|increased|enlarged)|must grow|increases|may be|can be|will be|"
    rf"is now)\s+(?:up\s+)?(?:to|from \d+ to)\s+(?P<length>\d[\d,]*)\s*(?:characters?|chars?|caracteres)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_TYPE = re.compile(
    rf"{_SUBJECT}\s+(?:becomes|become|changes\s+(?:its\s+type\s+)?(?:from\s+.+?\s+)?to|must\s+(?:become|change\s+"
    rf"to)|is\s+(?:to\s+become|changed\s+(?:from\s+.+?\s+)?to|converted\s+(?:from\s+.+?\s+)?(?:in)?to|now|to be "
    rf"stored as)|turns into|pasa a ser)\s+"
    r"(?:an?\s+)?(?:type\s+"
    r")?`?(?P<type>[A-Za-z][\w ]*(?:\s*\(\s*\d+(?:\s*,\s*\d+)?\s*\))?(?:\[\])?)`?(?:\s*[:,;(].*|\s+(?:because|so|"
    r"as|since|instead|from)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_CHANGE_TYPE = re.compile(
    rf"(?:change|alter|convert|widen|migrate|extend|increase)\s+(?:the\s+type\s+of\s+)?{_SUBJECT}\s+(?:from\s+"
    rf".+?\s+)?(?:in)?to\s+(?:an?\s+"
    rf")?`?(?P<type>[A-Za-z][\w ]*(?:\s*\(\s*\d+(?:\s*,\s*\d+)?\s*\))?(?:\[\])?)`?(?:[:,;(].*)?",
    re.IGNORECASE | re.DOTALL,
)
_ENUM = re.compile(
    rf"{_SUBJECT}\s+(?:is\s+to\s+become|becomes|must\s+become|will\s+become|is\s+(?:turned|converted)\s+into"
    r"|should\s+be)\s+an?\s+(?:real\s+|native\s+|proper\s+|PostgreSQL\s+)*enum(?:\s+type)?\s*(?::|\(|with"
    r"|of|having)\s*(?:the\s+)?(?:values\s+)?:?\s*(?P<values>.+)",
    re.IGNORECASE | re.DOTALL,
)
_MANDATORY = re.compile(
    rf"(?:from now on,?\s+)?{_SUBJECT}\s+(?:(?:becomes|is now|will be|must become|is to become|must be|is made|"
    rf"shall be|"
    rf"has to be)\s+(?:now\s+)?(?:mandatory|required|not null|NOT NULL|non-?null(?:able)?|obligatory|compulsory|"
    r"obligatori[oa])\b|(?:pasa a ser|wird|devient)\s+(?:obligatori[oa]|pflicht(?:feld)?|obligatoire)\b"
    r"|(?:is|are)\s+(?:mandatory|required|obligatory|compulsory)\s+(?=from now|as of|starting|after)|"
    rf"(?:must|may|can|shall|should|will)\s*(?:no longer|never|not)\s+be\s+(?:empty|null|missing|left (?:out|"
    rf"empty|blank)|"
    rf"blank|without a value)\b|can(?:not| no longer) be\s+(?:empty|null|missing|blank)\b|"
    rf"must\s+(?:always|from now on)\s+(?:be\s+(?:set|given|filled(?: in)?|present|known)|have a value)\b)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_MUST_HAVE = re.compile(
    r"(?:from now on,?\s+)(?:every|each|all|an?|any)?\s*(?P<table>[\w ]+?)\s+(?:must|has to|have to|needs?|shall)\s+"
    r"(?:to\s+)?(?:always\s+)?(?:have|belong to|carry)\s+(?:an?|the|its|their|exactly one|one)\s+(?P<column>[\w ]+)",
    re.IGNORECASE,
)
_MAKE = re.compile(
    rf"(?:make|making|set)\s+{_SUBJECT}\s+(?:to\s+)?(?P<how>mandatory|required|not null|non-?nullable|optional|"
    rf"nullable)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_OPTIONAL = re.compile(
    rf"{_SUBJECT}\s+(?:becomes|is now|will be|must become|is to become|is made|pasa a ser)\s+(?:optional|nullable|"
    rf"opcional)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_DEFAULT = re.compile(
    rf"(?:(?:set\s+)?the\s+default\s+(?:value\s+)?(?:of|for)\s+{_SUBJECT}\s+(?:to|becomes|is now|changes to"
    r"|is changed to|must "
    rf"be|shall be|will be)|{_SUBJECT.replace('what', 'what2')}\s+(?:now\s+defaults|defaults from now on|gets the "
    rf"default|gets a default of)(?:\s+to)?)\s+(?P<default>`[^`]+`|'[^']+'|[\w.()-]+)(?:[,;:].*)?",
    re.IGNORECASE | re.DOTALL,
)
_VALUE = re.compile(
    r"(?:(?:the|el|la|der|le)\s+)?(?:(?:enum|type|tipo\s+enumerado|tipo|enumerado"
    r"|typ)\s+)?`?(?P<enum>[\w.]+)`?\s+(?:enum\s+)?"
    r"(?:gains|gets|receives|is\s+extended\s+(?:by|with)|has|recibe|gana|erhält|reçoit)\s+(?:(?:the|an?|el"
    r"|la|den|la)\s+)?"
    r"(?:new\s+|additional\s+|nuev[oa]\s+)?(?:(?:value|label|member|state|status|option|valor|wert"
    r"|valeur)\s+[`'\"]?|(?=`)`)(?P<value>[\w-]+)[`'\"]?(?:,?\s*(?P<where>after"
    r"|before)\s+[`'\"]?(?P<near>[\w-]+)[`'\"]?)?.*",
    re.IGNORECASE | re.DOTALL,
)
_ADD_VALUE = re.compile(
    r"add\s+(?:the\s+|an?\s+)?(?:new\s+)?(?:value|label|state|status"
    r"|option)?\s*[`'\"](?P<value>[\w-]+)[`'\"]\s+(?:value\s+)?to\s+(?:the\s+)?(?:enum\s+"
    r"|type\s+)?`?(?P<enum>[\w.]+)`?(?:\s+enum)?(?:,?\s*(?P<where>after"
    r"|before)\s+[`'\"]?(?P<near>[\w-]+)[`'\"]?)?.*",
    re.IGNORECASE | re.DOTALL,
)
_GONE_VALUE = re.compile(
    r"(?:remove|drop|delete|retire)\s+(?:the\s+)?(?:enum\s+)?(?:value|label|member|state|status|option)\s+"
    r"[`'\"](?P<value>[\w -]+)[`'\"]\s+"
    r"(?:from|of)\s+(?:the\s+)?(?:enum\s+|type\s+)?`?(?P<enum>[\w.]+)`?(?:\s+(?:enum|type))?",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    rf"{_SUBJECT}\s+(?:is|are|must be|shall be|will be)\s+(?:limited|restricted|constrained)\s+to\s+(?:the "
    rf"values\s+|one of\s+)?(?P<values>[^;:.]+?)(?:\s+from now on|\s+only)?(?:[;:.].*)?",
    re.IGNORECASE | re.DOTALL,
)
_FILL = re.compile(
    r"\b(?:count|counts|are treated|is treated|are set|is set|get|gets|become|becomes|default|defaults|receive|"
    r"filled|are filled|taken)\s+(?:as|to|with)?\s*`?'?(?P<fill>[\w.-]+)'?`?",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"`?(?P<column>\w+(?:\s[a-z]+){0,2}?)`?(?:\s+(?:column|field))?\s+(?:of|in|on|from)\s+(?:the\s+|an?\s+|each\s+|"
    r"every\s+)?`?(?P<table>[\w.]+)`?(?:\s+table)?\Z",
    re.IGNORECASE,
)

_Found = tuple[Change, str | None] | None
_Reader = Callable[[Context, "re.Match[str]", Name, Column], _Found]


def alterations(clause: Clause, context: Context) -> Iterator[Item]:
    """Changes of existing columns, tables and enums; nothing for what does not exist."""
    text = clause.text.rstrip(" .")
    said = context.said(clause.whole, Grade.DECLARED)
    for pattern in (_VALUE, _ADD_VALUE):
        if (match := pattern.fullmatch(text)) and (change := _enum_value(context, match)):
            yield SaidChange(change=change, said=said)
            return
    if (match := _GONE_VALUE.fullmatch(text)) and (fewer := _fewer_values(context, match)):
        yield SaidChange(change=fewer, said=said)
        return
    if (match := _MUST_HAVE.fullmatch(text)) and (always := _always(context, match)):
        yield SaidChange(change=always, said=said)
        return
    for pattern, read in _FORMS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        groups = match.groupdict()
        what = groups.get("what") or groups.get("what2") or ""
        at = groups.get("at")
        # `Rename a to b on trips` says the table last
        place = (
            (_place(f"{what} of {at}", context) if at else None)
            or _place(what, context)
            or (_unknown(what, context) if pattern is _MANDATORY else None)
        )
        if place is None:
            continue
        if found := read(context, match, *place):
            yield SaidChange(change=found[0], said=said, assumption=found[1])
            return
    if (match := _ENUM.fullmatch(text)) and (place := _place(match["what"], context)):
        yield from _native_enum(clause, context, match, *place)
        return
    if (match := _LIMITED.fullmatch(text)) and (place := _place(match["what"], context)):
        values = plain_values(match["values"])
        if values:
            yield SaidConstraint(table=place[0], constraint=_values_check(place[1].name, values), said=said)
        return
    for pattern in (_RENAMED, _RENAME, _DROP, _GOES):
        if (match := pattern.fullmatch(text)) and (table := _whole_table(match, text, context)):
            if pattern in (_DROP, _GOES):
                yield SaidChange(change=asked.DropTable(table=table), said=said)
            else:
                yield SaidChange(change=asked.RenameTable(table=table, to=match["to"].rpartition(".")[2]), said=said)
            return


def _always(context: Context, match: "re.Match[str]") -> Change | None:
    """What every row has to have from now on, where the column is there and takes nulls."""
    table = context.tables.in_phrase(match["table"])
    known = context.tables.column_meant(table, match["column"]) if table else None
    if table is None or known is None or known.nullable is not True:
        return None
    return asked.ChangeNullable(table=table, column=known.name, nullable=False, fill=known.default)


def _place(words: str, context: Context) -> tuple[Name, Column] | None:
    """The existing column that `deals.title`, `title of deals` or `title` in a section about deals names."""
    words = words.strip()
    if match := _PLACE.match(words):
        table, column = context.tables.find(match["table"]), match["column"]
    else:
        bare = words.replace("`", "").removesuffix(" column").removesuffix(" field").strip()
        table_words, dot, column = bare.rpartition(".")
        table = context.tables.find(table_words) if dot else context.subject
    if table is None:
        return None
    known = context.tables.column_meant(table, column)
    return (table, known) if known else None


def _unknown(words: str, context: Context) -> tuple[Name, Column] | None:
    """A column that is named in full and that the current schema, which may lag, does not have."""
    match = re.fullmatch(r"`(?P<table>[\w.]+)\.(?P<column>\w+)`", words.strip())
    table = context.tables.find(match["table"]) if match else None
    if match is None or table is None:
        return None
    return table, Column(name=match["column"], type=ColumnType("text"), nullable=None)


def _whole_table(match: "re.Match[str]", text: str, context: Context) -> Name | None:
    """The existing table that is named as one: the word table stands beside it, and nothing else does."""
    words = match["what"].replace("`", "").strip()
    if not re.search(
        r"\btable\s+`?" + re.escape(words.removesuffix(" table")) + r"|\btable\b", text[: match.end("what") + 7]
    ):
        return None
    if re.search(r"\b(?:column|field|of|in|on|from)\b", words):
        return None
    table = context.tables.find(words.removesuffix(" table"))
    return table if table and context.tables.table(table) else None


def _rename(_: Context, match: "re.Match[str]", table: Name, column: Column) -> _Found:
    to = match["to"].rpartition(".")[2]
    return (asked.RenameColumn(table=table, column=column.name, to=to), None) if to != column.name else None


def _drop(_: Context, __: "re.Match[str]", table: Name, column: Column) -> _Found:
    return asked.DropColumn(table=table, column=column.name), None


def _grow(_: Context, match: "re.Match[str]", table: Name, column: Column) -> _Found:
    length = match["length"].replace(",", "")
    if column.type.name not in {"character varying", "character"} or column.type.length == int(length):
        return None
    return asked.ChangeType(table=table, column=column.name, type=ColumnType(column.type.name, (length,))), None


def _type(_: Context, match: "re.Match[str]", table: Name, column: Column) -> _Found:
    read = type_of(match["type"].strip())
    if read is None or read.type is None or read.type == column.type:
        return None
    return asked.ChangeType(table=table, column=column.name, type=read.type), None


def _mandatory(_: Context, match: "re.Match[str]", table: Name, column: Column) -> _Found:
    if column.nullable is False:
        return None
    fill = _FILL.search(match["rest"])
    from migration_ls.sources.sql.expressions import expression

    value = expression(default_sql(fill["fill"])) if fill else column.default
    return asked.ChangeNullable(table=table, column=column.name, nullable=False, fill=value), None


def _make(context: Context, match: "re.Match[str]", table: Name, column: Column) -> _Found:
    if match["how"].lower() in {"optional", "nullable"}:
        return _optional(context, match, table, column)
    return _mandatory(context, match, table, column)


def _optional(_: Context, __: "re.Match[str]", table: Name, column: Column) -> _Found:
    return (
        (asked.ChangeNullable(table=table, column=column.name, nullable=True), None)
        if column.nullable is False
        else None
    )


def _default(_: Context, match: "re.Match[str]", table: Name, column: Column) -> _Found:
    from migration_ls.sources.sql.expressions import expression

    default = expression(default_sql(match["default"].strip("`")))
    return (
        (asked.ChangeDefault(table=table, column=column.name, default=default), None)
        if default != column.default
        else None
    )


_FORMS: tuple[tuple["re.Pattern[str]", _Reader], ...] = (
    (_RENAMED, _rename), (_RENAME, _rename), (_RENAMED_ES, _rename), (_MANDATORY, _mandatory), (_MAKE, _make),
    (_OPTIONAL, _optional), (_GROWS, _grow), (_DEFAULT, _default), (_TYPE, _type), (_CHANGE_TYPE, _type), (_GOES,
    _drop),
    (_DROP, _drop), (_NO_LONGER, _drop),
)  # fmt: skip


def _enum_of(context: Context, match: "re.Match[str]") -> Name | None:
    """The one enum that the words mean, by its own name or by that of a column."""
    words = match["enum"].rpartition(".")
    enums = context.tables.schema.enums
    found = [name for name in enums if name.name == words[2] and words[0] in {"", name.namespace}]
    if not found and words[0] and (table := context.tables.find(words[0])):
        column = context.tables.column(table, words[2])
        found = [name for name in enums if column and column.type.element.name in {str(name), name.name}]
    return found[0] if len(found) == 1 else None


def _fewer_values(context: Context, match: "re.Match[str]") -> asked.ChangeEnum | None:
    name = _enum_of(context, match)
    values = context.tables.schema.enums[name].values if name else ()
    kept = tuple(value for value in values if value != match["value"])
    return asked.ChangeEnum(enum=name, values=kept) if name and kept and len(kept) < len(values) else None


def _enum_value(context: Context, match: "re.Match[str]") -> asked.AddEnumValue | None:
    name = _enum_of(context, match)
    values, near = context.tables.schema.enums[name].values if name else (), match["near"]
    if name is None or match["value"] in values:
        return None
    if match["where"] and match["where"].lower() == "before" and near in values:
        position = values.index(near)
        near = values[position - 1] if position else None
    return asked.AddEnumValue(enum=name, value=match["value"], after=near if near in values else None)


def _native_enum(
    clause: Clause, context: Context, match: "re.Match[str]", table: Name, column: Column
) -> Iterator[Item]:
    values = plain_values(match["values"].rstrip(") "))
    if not values:
        return
    name = Name("_".join((*words_of(table.name), column.name)), table.namespace)
    said = context.said(clause.whole, Grade.DECLARED)
    yield SaidChange(change=asked.AddEnum(enum=Enum(name=name, values=values, origin=said.origin)), said=said)
    yield SaidChange(change=asked.ChangeType(table=table, column=column.name, type=ColumnType(str(name))), said=said)


def _values_check(column: str, values: tuple[str, ...]) -> Check:
    from migration_ls.postgres.quoting import identifier, literal
    from migration_ls.sources.sql.expressions import expression

    return Check(name=None, expression=expression(f"{identifier(column)} IN ({', '.join(map(literal, values))})"))
