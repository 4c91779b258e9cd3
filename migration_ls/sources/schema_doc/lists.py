"""Entries of lists of indexes and constraints, as SQL or in words."""

import re
from collections.abc import Iterator
from functools import lru_cache

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_index import CreateIndex
from migration_ls.postgres.quoting import identifier
from migration_ls.schema.tables import Check, PrimaryKey, Unique
from migration_ls.sources.markdown.inline import masked
from migration_ls.sources.schema_doc.clauses import action_of
from migration_ls.sources.schema_doc.facts import deletion_of, fact_of
from migration_ls.sources.schema_doc.said import LONGEST, balanced
from migration_ls.sources.schema_doc.told import (
    Told,
    ToldConstraint,
    ToldIndex,
    ToldName,
    ToldReference,
    constraint_told,
)
from migration_ls.sources.schema_doc.tongues import INDEX
from migration_ls.sources.sql.expressions import read_expression
from migration_ls.sources.sql.reader import read_sql

_WORD = r"\"?[^\W\d][\w$]*\"?"
_PATH = rf"{_WORD}(?:\.{_WORD}){{0,2}}"
_INDEX_SQL = re.compile(
    r"(?:create\s+)?(?:unique\s+)?index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?(?:\w+\s+)?on\s+"
    r"(?!(?:lower|upper|date|coalesce|to_tsvector|md5|date_trunc)\s*\()\S",
    re.IGNORECASE,
)
_CONSTRAINT_SQL = re.compile(
    r"(?:constraint\s+\w+\s+)?(?:unique|primary\s+key|foreign\s+key|check|exclude)\b(?:\s+using\s+\w+)?\s*\(",
    re.IGNORECASE,
)
_INDEX_NAME = re.compile(
    r"(?:(?:ix|idx|ux|uix|uq|uidx|index|gin|gist|brin)_\w+|\w+_(?:idx|index|ix|uidx|ukey|unique|key))(?=[\s:(,—\u2013-]|\Z)",
    re.IGNORECASE,
)
_METHOD = r"(?:b-?tree|gin|gist|brin|sp-?gist|hash)"
_LEAD = re.compile(
    rf"(?:(?:(?:unique|composite|compound|partial|covering|single(?:-column)?|multi-?column|full-?text|functional|"
    rf"expression|performance|"
    rf"add|create|using|with|an?|the|{_METHOD}|[uú]nic[oa]|eindeutiger|zusammengesetzter|compuesto|composto|"
    rf"parcial|secondary|standard|foreign\s+key)\s+)*"
    r"(?:index(?:es|ed)?|[ií]ndices?)(?:\s+(?:[uú]nic[oa]|unique|compuesto|composé|composto))*"
    rf"\s*(?:on\b|by\b|for\b|over\b|sobre\b|en\b|em\b|auf\b|über\b|sur\b|:)?\s*|(?:unique|composite|"
    r"compound)\s*(?:on\b|:)?\s*|"
    rf"(?:on|by|sobre|auf|sur|em)\s+|using\s+{_METHOD}\s*|{_METHOD}\s*(?:on\b|:)?\s*|[:—\u2013-]\s*)",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\bwhere\b\s*:?\s*(?P<where>.+?)\s*[.)]?\s*\Z", re.IGNORECASE)
_NO_INDEX = re.compile(
    r"\b(?:primary\s+key|foreign\s+key|clave\s+primaria|clave\s+for[aá]nea|\bPK\b|\bFK\b)", re.IGNORECASE
)
_COVERED = re.compile(r"\b(?:covered|implied|provided|created|automatic(?:ally)?|implicit(?:ly)?)\b.*\b(?:unique|"
                      r"primary|constraint|key)|"
                      r"\b(?:not|no)\s+(?:needed|indexed|index)\b", re.IGNORECASE)  # fmt: skip
_ORDERED = rf"{_WORD}(?:\s+\w+_ops)?(?:\s+(?:ASC|DESC))?(?:\s+NULLS\s+(?:FIRST|LAST))?"
_PLAIN = re.compile(
    rf"(?P<columns>{_ORDERED}(?:\s*[,+]\s*(?:and\s+)?{_ORDERED})*)\s*(?=\Z|[(.:]|\s[-\u2013—]|\sfor\b|\sto\b|"
    rf"\sWHERE\b|\susing\b)",
    re.IGNORECASE,
)
_DOTTED = re.compile(
    rf"(?P<table>{_WORD}(?:\.{_WORD})?)\.(?P<column>{_WORD})(?P<order>\s+(?:ASC|DESC)\b)?", re.IGNORECASE
)
_KEY = re.compile(
    rf"\b(?:primary\s+key|clave\s+primaria|pk)\b[^()]*\((?P<columns>\s*{_WORD}(?:\s*,\s*{_WORD})*\s*)\)", re.IGNORECASE
)
_KEY_PLAIN = re.compile(
    rf"(?:composite\s+)?(?:primary\s+key|clave\s+primaria|pk)\s*(?::|is|"
    rf"on)\s*(?P<columns>{_WORD}(?:\s*,\s*{_WORD})*)\s*(?:\Z|[.(]|\s[-\u2013—])",
    re.IGNORECASE,
)
_UNIQUE = re.compile(
    rf"(?:\b(?:unique|[uú]nic[oa]|uniqueness)\b(?!\s+index)|\buq\b)(?:\s+(?:constraint|together|on|key|combination|"
    rf"pair|of))*\s*:?\s*"
    rf"(?:(?P<name>[^\W\d]\w*)\s*:?\s*)?(?:on\s+)?\((?P<columns>\s*{_WORD}(?:\s*,\s*{_WORD})*\s*)\)",
    re.IGNORECASE,
)
_UNIQUE_PLAIN = re.compile(
    rf"(?:(?P<first>{_WORD}(?:\.{_WORD})?|\(\s*{_WORD}(?:\s*,\s*{_WORD})+\s*\))\s+"
    rf"(?:is|are|must\s+be)\s+unique(?:\s+together)?(?:\s+(?:in|on)\s+(?P<table>{_WORD}))?|unique(?:\s+constraint)?\s*(?:on|"
    rf":)\s*(?P<columns>{_WORD}(?:\s*[,+]\s*{_WORD})*))"
    r"\s*(?:\Z|[.(]|\s[-\u2013—])",
    re.IGNORECASE,
)
_CHECK = re.compile(
    r"\bcheck\b(?:\s+constraint)?\s*:?\s*(?:(?P<name>[^\W\d]\w*)\s*:\s*|(?P<named>(?:ck|chk|"
    r"check)_\w+)\s*:?\s*)?(?P<rest>\S.*)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    rf"(?:\((?P<columns>\s*{_WORD}(?:\s*,\s*{_WORD})*)\s*\)|"
    rf"(?:(?P<table>{_WORD}(?:\.{_WORD})?)\.)?(?P<column>{_WORD})(?:\s+\([^()]*\))?)\s*"
    rf"(?:(?:fk|foreign\s+key)\s*)?(?:references|refers\s+to|points\s+to|→|->|=>|"
    rf"foreign\s+key\s+to)\s*(?P<target>{_PATH})"
    rf"(?:\s*\(\s*(?P<others>(?!(?:cascade|restrict|set|on|no)\b){_WORD}(?:\s*,\s*{_WORD})*)\s*\))?(?P<rest>.*)",
    re.IGNORECASE,
)
_IS_INDEXED = re.compile(
    rf"(?:^|[\s,])(?P<path>{_WORD}(?:\.{_WORD})?|{_WORD}\s*\([^()]*\))\s+(?:is|are|ist|est|está)\s+(?:indexed|indiziert|indexée?|indexad[oa])\b",
    re.IGNORECASE,
)
_SAYS_INDEX = re.compile(rf"\b(?:unique\s+)?(?:{INDEX}|indexed)\b", re.IGNORECASE)
_SENTENCE = re.compile(
    r"(?:there\s+(?:is|are)|we\s+(?:have|use|need|add)|it\s+has|has|also|plus|and)\s+"
    r"(?:also\s+)?(?:an?\s+|the\s+)?(?=[\w -]*?\bindex)",
    re.IGNORECASE,
)
_VIA = re.compile(
    rf"(?:an?\s+|each\s+|every\s+|one\s+)?(?P<first>{_PATH})\s+"
    rf"(?P<ends>[\w*]{{1,4}}\s*(?::|\.\.|-+|\u2013|—|→|<|>)+\s*[\w*]{{1,4}}|"
    rf"one[ -]to[ -](?:many|one)|many[ -]to[ -]one|"
    rf"belongs?\s+to|has\s+(?:many|one)|hat\s+viele|gehört\s+zu|tiene\s+muchos|[-─]+[<>|o{{}}]*|<?-+>?|→)\s*"
    rf"(?:\([^()]*\)\s*)?(?:an?\s+|many\s+)?(?P<second>{_PATH})\s*[:,(]?\s*"
    rf"(?:via|through|by|using|on|über|por|par)\s+(?:(?:the\s+)?(?:column|field|key|fk)\s+)?(?:(?P<table>{_WORD})\.)?(?P<column>{_WORD})\b(?P<rest>.*)",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"(?i)(?:unique|composite|partial|primary(?: key)?|b-?tree|gin|gist|hash|brin|index(?:ed)?|desc|asc|"
    r"for \w+.*)(?:\s*,?\s*index)?"
)
_TABLE_FIRST = re.compile(rf"(?P<table>{_PATH})\s*:\s*(?=(?:unique\s+|composite\s+)?index\s+on\b)", re.IGNORECASE)
_OPERATOR = re.compile(r"[<>=~]|\b(?:IS|IN|BETWEEN|LIKE|ILIKE)\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def told_by_index(text: str) -> tuple[Told, ...]:
    """What an entry of a list of indexes tells; keys that such lists name too are no indexes."""
    return tuple(_index(text)) if len(text) <= LONGEST else ()


def _index(text: str) -> Iterator[Told]:
    if found := list(_in_sql(text)):
        yield from found
        return
    words = " ".join(masked(text).split())
    if _COVERED.search(words) or (_NO_INDEX.search(words) and not _SAYS_INDEX.search(words)):
        return
    if re.match(r"primary\s+key\b", words, re.IGNORECASE):
        return
    if (indexed := _IS_INDEXED.search(words)) is not None:
        words = f"index on {indexed['path']}"
    elif (sentence := _SENTENCE.match(words)) is not None:
        words = words[sentence.end() :]
    yield from _index_words(words)


def is_unread(text: str) -> bool:
    """Whether an entry that told nothing means an index or constraint; others (keys again, remarks) are passed over."""
    words = " ".join(masked(text).split())
    if len(text) > LONGEST or _COVERED.search(words) or _NO_INDEX.search(words):
        return False
    return bool(_FORMAL.search(text))


_FORMAL = re.compile(
    r"\b(?:check|unique|exclude|constraint)\b\W*\(|`[^`]*(?:[<>=]|\([^`]*\))[^`]*`|\b(?:create\s+)?(?:unique\s+)?index\s+on\b|"
    r"\b(?:ix|idx|uq|chk)_\w+",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def told_by_constraint(text: str) -> tuple[Told, ...]:
    """What an entry under constraints, rules or keys tells."""
    return tuple(_constraint(text)) if len(text) <= LONGEST else ()


def _constraint(text: str) -> Iterator[Told]:
    if found := list(_in_sql(text)):
        yield from found
        return
    words = " ".join(masked(text).split())
    if (match := _REFERENCE.search(words)) and (told := _reference(match)):
        yield told
        return
    if (index := _SAYS_INDEX.search(words)) is not None:
        yield from _index_words(words[index.start() :])
        return
    if match := _KEY.search(words) or _KEY_PLAIN.match(words):
        yield ToldConstraint(constraint=PrimaryKey(name=None, columns=_names(match["columns"])))
        return
    if match := _UNIQUE.search(words):
        yield ToldConstraint(constraint=Unique(name=match["name"], columns=_names(match["columns"])))
        return
    if match := _UNIQUE_PLAIN.match(words):
        table, _, column = (match["first"] or match["columns"]).strip("()").rpartition(".")
        owner = table or (match["table"] or "").strip('"')
        yield ToldConstraint(constraint=Unique(name=None, columns=_names(column)), table=owner)
        return
    if found := [*_condition(text, words)] or [*deletion_of(text)] or [*fact_of(text)]:
        yield from found


@lru_cache(maxsize=4096)
def told_by_relation(text: str) -> tuple[Told, ...]:
    """A relation that names the columns of both sides is a foreign key; others say nothing new."""
    return tuple(_relation(text)) if len(text) <= LONGEST else ()


def _relation(text: str) -> Iterator[Told]:
    words = " ".join(masked(text).split())
    match = _REFERENCE.search(words)
    if (
        match
        and (told := _reference(match))
        and (told.ref_columns or "." in told.target)
        and (told.table or "_" in told.columns[0])
    ):
        yield told
        return
    if (match := _VIA.match(words)) is not None:
        yield _via(match)
        return
    yield from deletion_of(text)


def _via(match: "re.Match[str]") -> ToldReference:
    """`Club 1—n Member via members.club_id`: the side of many refers to the other."""
    ends = re.sub(r"\W+", " ", match["ends"].lower()).strip()
    is_first_many = bool(re.match(r"(?:[nm*] 1|[nm]1|many to one|belongs? to|gehört zu)", ends)) or ends in {
        "n 1",
        "m 1",
    }
    parent, child = (match["second"], match["first"]) if is_first_many else (match["first"], match["second"])
    return ToldReference(
        columns=(match["column"].strip('"'),),
        target=parent.replace('"', ""),
        on_delete=action_of(match["rest"]),
        table=(match["table"] or child).replace('"', ""),
    )


def _reference(match: "re.Match[str]") -> ToldReference | None:
    columns = _names(match["columns"] or match["column"])
    if (
        not columns
        or columns[0].lower() in {"key", "fk", "booked"}
        or (match["table"] is None and "." not in match["target"] and not match["others"])
    ):
        return None
    return ToldReference(
        columns=columns,
        target=match["target"].replace('"', ""),
        ref_columns=_names(match["others"] or ""),
        on_delete=action_of(match["rest"]),
        table=(match["table"] or "").replace('"', ""),
    )


def _in_sql(text: str) -> Iterator[Told]:
    """Code spans, or the whole text, that are SQL."""
    codes = re.findall(r"`([^`]+)`", text)
    for code in (*codes, text.replace("`", "")):
        words = " ".join(code.split()).rstrip(";").strip()
        if _INDEX_SQL.match(words):
            bare = re.sub(r"^create\s+", "", words, flags=re.IGNORECASE)
            found = list(_parsed(f"CREATE {bare}"))
        elif _CONSTRAINT_SQL.match(words):
            end = balanced(words, words.index("("))
            found = list(_parsed(f"ALTER TABLE migration_ls_here ADD {words}")) or list(
                _parsed(f"ALTER TABLE migration_ls_here ADD {words[:end]}") if "foreign" not in words.lower() else ()
            )
        else:
            continue
        if found:
            yield from found
            return


_HERE = "migration_ls_here"


def _parsed(sql: str) -> Iterator[Told]:
    for statement in read_sql(sql).statements:
        for operation in statement.operations:
            match operation:
                case CreateIndex(table=table, index=index):
                    yield ToldIndex(index=index, table="" if table.name == _HERE else str(table))
                case AddConstraint(constraint=constraint):
                    yield from constraint_told(constraint)
                case _:
                    pass


def _index_words(words: str) -> Iterator[Told]:
    unique = bool(re.search(r"\bunique\b|\b[uú]nic[oa]\b|\beindeutiger?\b", words, re.IGNORECASE))
    method = re.search(rf"(?i)(?<![\w]){_METHOD}(?!\w)", words)
    where = _WHERE.search(words)
    head = words[: where.start()] if where else words
    name: str | None = None
    owner = _TABLE_FIRST.match(head)
    position = owner.end() if owner and not _INDEX_NAME.match(head) else 0
    while True:
        if name is None and (named := _INDEX_NAME.match(head, position)):
            name = named[0]
            position = named.end()
        elif lead := _LEAD.match(head, position):
            position = lead.end()
        else:
            skipped = len(head) - len(head[position:].lstrip(" :*"))
            if skipped <= position:
                break
            position = skipped
    table, columns = _columns(head[position:])
    if owner and position and not table and not _INDEX_NAME.match(head):
        table = owner["table"]
    if not columns:
        if name:
            yield ToldName(name=name, unique=unique)
        return
    using = method[0].lower().replace("-", "") if method else "btree"
    condition = f" WHERE {where['where'].strip('`')}" if where else ""
    kind = "UNIQUE INDEX" if unique else "INDEX"
    sql = f"CREATE {kind} {identifier(name) if name else ''} ON {_HERE} USING {using} ({_quoted(columns)})"
    for told in list(_parsed(sql + condition)) or list(_parsed(sql)):
        if isinstance(told, ToldIndex):
            yield ToldIndex(index=told.index, table=table)


_CAMEL = re.compile(r"(?<![\w\"'])[a-z]\w*[A-Z]\w*(?![\w\"'(])")


def _quoted(columns: str) -> str:
    """The columns with the names in quotes that PostgreSQL would fold to lower case."""
    return _CAMEL.sub(lambda match: f'"{match[0]}"', columns)


def _columns(text: str) -> tuple[str, str]:
    """The table, where it is named, and the columns of an index as SQL."""
    match = re.match(rf"(?P<table>{_PATH})?\s*\(", text)
    if match and not (
        match["table"] and re.match(r"lower|upper|date|coalesce|to_tsvector|md5", match["table"], re.IGNORECASE)
    ):
        inner = text[match.end() : max(match.end(), balanced(text, match.end() - 1) - 1)]
        if _REMARK.fullmatch(inner.strip()) and match["table"]:
            return _columns(match["table"])
        if _is_list(inner):
            return (match["table"] or "").replace('"', ""), inner.replace(" + ", ", ")
        if not match["table"]:
            return "", ""
    if match := _DOTTED.match(text):
        table = match["table"].replace('"', "")
        rest = [match["column"] + (match["order"] or "")]
        position = match.end()
        while more := re.compile(r"\s*[,+]\s*").match(text, position):
            following = _DOTTED.match(text, more.end())
            if following is None or following["table"] != match["table"]:
                break
            rest.append(following["column"] + (following["order"] or ""))
            position = following.end()
        return table, ", ".join(rest)
    if match := re.match(r"\w+\([^()]*\)(?=\s|\Z|,)", text):
        return "", match[0]
    if match := _PLAIN.match(text):
        return "", re.sub(r"\s*\+\s*|\s*,\s*(?:and\s+)?", ", ", match["columns"])
    return "", ""


def _is_list(inner: str) -> bool:
    """Whether brackets hold columns or expressions, and no remark."""
    bare = re.sub(r"\([^()]*\)", "", inner.replace(" + ", ", "))
    return bool(bare.strip()) and all(
        re.fullmatch(
            rf"\s*{_WORD}(?:\s+\w+_ops)?(?:\s+(?:ASC|DESC))?(?:\s+NULLS\s+(?:FIRST|LAST))?\s*", part, re.IGNORECASE
        )
        for part in bare.split(",")
    )


def _condition(text: str, words: str) -> Iterator[Told]:
    match = _CHECK.search(words)
    if match:
        rest = match["rest"].strip()
        code = re.search(r"`([^`]+)`\s*\.?\s*\Z", text)
        condition = (code[1] if code and _OPERATOR.search(code[1]) else rest).strip()
        if condition.startswith("("):
            condition = condition[1 : max(1, balanced(condition, 0) - 1)]
        read = read_expression(condition)
        if read is not None and read.columns and _OPERATOR.search(condition):
            yield ToldConstraint(constraint=Check(name=match["name"] or match["named"], expression=read), guessed=True)
        return
    for code_text in re.findall(r"`([^`]+)`", text):
        read = read_expression(code_text) if _OPERATOR.search(code_text) else None
        if read is not None and read.columns and "→" not in code_text:
            yield ToldConstraint(constraint=Check(name=None, expression=read), guessed=True)


def _names(columns: str) -> tuple[str, ...]:
    return tuple(part.strip(' "') for part in re.split(r"[,+]", columns) if part.strip(' "'))
