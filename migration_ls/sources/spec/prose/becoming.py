"""What becomes of a column that is there, by the words after it: `is mandatory from now on`, `has no limit now`."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from migration_ls.postgres.types import ColumnType
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Check, Column
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details, default_sql
from migration_ls.sources.spec.items import Item, Said, SaidChange, SaidCheck, SaidColumn, SaidConstraint, SaidUnique
from migration_ls.sources.spec.prose.mentions import ANY_MARK, Marked
from migration_ls.sources.spec.prose.told import told, values_in
from migration_ls.sources.spec.words import snake


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The column that a sentence is about."""

    table: Name
    column: Column
    said: Said
    context: Context


def mandatory(subject: Subject, words: str) -> Iterator[Item]:
    """NOT NULL, with the value for rows that have none where the words name one; nothing where it is so already."""
    if subject.column.nullable is not True:
        return
    from migration_ls.sources.sql.expressions import expression

    default = told(words, Details(type=subject.column.type), values=False).default
    fill = expression(default) if default else subject.column.default
    change = asked.ChangeNullable(table=subject.table, column=subject.column.name, nullable=False, fill=fill)
    yield SaidChange(change=change, said=subject.said)


def renamed(subject: Subject, words: str) -> Iterator[Item]:
    """The new name that the words give."""
    to = snake(words.strip(" `"))
    if to and to != subject.column.name and len(to.split("_")) <= 4:
        change = asked.RenameColumn(table=subject.table, column=subject.column.name, to=to)
        yield SaidChange(change=change, said=subject.said)


_ALL = r"(?:must|shall|should|has to|have to|needs? to|will|is to|are to)"
_MANDATORY = re.compile(
    rf"(?:{_ALL}\s+(?:now\s+|always\s+|also\s+)?be\s+(?:named|known|given|present|set|stated"
    r"|filled(?:\s+in)?|provided|entered|specified|mandatory|required|there|recorded|chosen)\b"
    r"|(?:is|are|becomes?|is now|are now)\s+(?:now\s+)?(?:mandatory|required|compulsory|obligatory"
    r"|no longer optional)\b"
    r"|(?:may|must|can|shall)\s*(?:not|no longer|never)\s+be\s+(?:empty|missing|null|left\s+(?:out|empty"
    r"|blank)|blank|omitted|unknown)\b"
    r"|(?:cannot|can't)\s+be\s+(?:empty|missing|null|left\s+(?:out|empty|blank)|blank|omitted)\b)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_OPTIONAL = re.compile(
    r"(?:(?:may|can)\s+(?:now\s+|also\s+|from now on\s+)?be\s+(?:left\s+(?:out|empty|blank)|empty|missing"
    r"|omitted|unknown|blank|null)\b"
    r"|(?:is|are|becomes?|is now|are now)\s+(?:now\s+)?(?:optional|no\s+longer\s+(?:required|mandatory"
    r"|compulsory|needed))\b"
    r"|(?:need|must|does|do)\s*(?:not|n't)\s+(?:have\s+to\s+)?be\s+(?:given|set|known|stated"
    r"|filled(?:\s+in)?)\s+any\s?(?:more|longer)).*",
    re.IGNORECASE | re.DOTALL,
)
_DROPPED = re.compile(
    r"(?:(?:is|are|must be|shall be|should be|will be|has to be|have to be)\s+(?:therefore\s+|now\s+"
    r"|also\s+|to be\s+|thus\s+)?(?:removed|deleted|dropped|thrown\s+away|discarded)\b"
    r"|(?:is|are|will be)\s+no\s+longer\s+(?:stored|kept|needed|used|recorded|collected)\b|goes\s+away\b"
    r"|go\s+away\b|disappears?\b|can\s+go\b)"
    r"(?!\s+(?:when|if|after|whenever|by|on|as soon as|together)\b)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_RENAMED = re.compile(
    r"(?:is|are|will be|shall be|must be|should be|is to be|is now|are now)\s+(?:now\s+|to be\s+)?(?:called"
    r"|named|renamed(?:\s+(?:in)?to)?)\s+(?:the\s+)?(?P<to>`\w+`|[a-z][\w -]*?)"
    r"(?:\s+(?:from now on|in (?:all|our|the)|from|as of|because|so|to match)\b.*|\s*[(,;:.].*)?",
    re.IGNORECASE | re.DOTALL,
)
_UNLIMITED = re.compile(
    r"(?:has|have|is|are|shall have|must have|should have|gets?|may|can|must)\s+(?:be\s+"
    r"|now\s+)*(?:no\s+(?:more\s+)?(?:(?:length|size)\s+)?limit|not\s+limited|no\s+longer\s+limited"
    r"|unlimited|of\s+any\s+length|as\s+long\s+as|any\s+length|arbitrarily\s+long).*",
    re.IGNORECASE | re.DOTALL,
)
_LONGER = re.compile(
    r"(?:(?:up\s+to|at\s+most)\s+(?P<first>\d[\d,]*)\s+(?:characters|chars)\s+(?:must|shall|should|will|are"
    r"|is|may|can)\b.*"
    r"|(?:must|may|can|shall|should|will|is|are|has|have)\s+(?:now\s+)?(?:be\s+able\s+to\s+|to\s+)?(?:be"
    r"|have|hold|accept|contain|store|take|allow|allowed|fit|support|only be|only have)?\s*(?:of\s+"
    r"|a\s+length\s+of\s+)?(?:up\s+to|at\s+most|a\s+maximum\s+of|no\s+(?:longer|more)\s+than"
    r"|max(?:imum)?(?:\s+of)?)\s+(?P<length>\d[\d,]*)\s*(?:characters?|chars?)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_INSTANT = re.compile(
    r".*\b(?:as\s+an?\s+instant|time\s?zone|as\s+a\s+(?:moment|point)\s+in\s+time|timestamptz)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_DEFAULTS = re.compile(
    r"(?:(?:now\s+|shall\s+|must\s+|should\s+|will\s+)?defaults?\s+to|(?:has|have|gets?|shall have"
    r"|must have)\s+(?:the\s+|a\s+)default\s+(?:value\s+)?(?:of\s+)?)\s*(?P<value>`[^`]+`|'[^']+'"
    r"|\"[^\"]+\"|[\w.-]+).*",
    re.IGNORECASE | re.DOTALL,
)
_UNIQUE = re.compile(
    r"(?:(?:must|shall|should|is|are|has to|will|have to)\s+(?:be\s+|always\s+)*unique\b(?:\s+(?:within|per"
    r"|in|for|across)\s+(?P<within>[\w ⟦⟧`]+))?.*|identif(?:y|ies)\s+.*"
    r"|(?:must|may|can|shall|should)?\s*(?:never|not)\s+(?:be\s+|occur\s+|appear\s+|exist\s+|be\s+used\s+"
    r"|be\s+given\s+)+(?:more\s+than\s+once|twice)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_BOUND = re.compile(
    r"(?:must|shall|should|may|can|cannot|can't|has to|have to|is|are|ranges?|will)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LISTS = re.compile(r"(?:must|shall|should|may|can|is|are|will)\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)

_Reader = Callable[[Subject, "re.Match[str]", Marked], Iterator[Item]]


def wanted(subject: Subject, words: str, mark: Marked) -> Iterator[Item]:
    """What the words after the column want of it."""
    for pattern, read in _FORMS:
        if (match := pattern.fullmatch(words)) and (items := tuple(read(subject, match, mark))):
            yield from items
            return


def _is_mandatory(subject: Subject, match: "re.Match[str]", _: Marked) -> Iterator[Item]:
    yield from mandatory(subject, match["rest"])


def _is_optional(subject: Subject, _: "re.Match[str]", __: Marked) -> Iterator[Item]:
    if subject.column.nullable is False:
        change = asked.ChangeNullable(table=subject.table, column=subject.column.name, nullable=True)
        yield SaidChange(change=change, said=subject.said)


def _is_dropped(subject: Subject, _: "re.Match[str]", __: Marked) -> Iterator[Item]:
    yield SaidChange(change=asked.DropColumn(table=subject.table, column=subject.column.name), said=subject.said)


def _is_renamed(subject: Subject, match: "re.Match[str]", _: Marked) -> Iterator[Item]:
    code = re.search(r"`(\w+)`", match[0])
    yield from renamed(subject, code[1] if code and code[1] != subject.column.name else match["to"])


def _is_unlimited(subject: Subject, _: "re.Match[str]", __: Marked) -> Iterator[Item]:
    if subject.column.type.name in {"character varying", "character"}:
        change = asked.ChangeType(table=subject.table, column=subject.column.name, type=ColumnType("text"))
        yield SaidChange(change=change, said=subject.said)


def _is_longer(subject: Subject, match: "re.Match[str]", _: Marked) -> Iterator[Item]:
    if subject.column.type.name in {"character varying", "character", "text"}:
        length = int((match["length"] or match["first"]).replace(",", ""))
        yield SaidColumn(
            table=subject.table,
            name=subject.column.name,
            details=Details(length=length),
            said=subject.said,
            is_detail=True,
        )


def _is_instant(subject: Subject, _: "re.Match[str]", __: Marked) -> Iterator[Item]:
    if subject.column.type.name == "timestamp without time zone":
        instant = ColumnType("timestamp with time zone")
        change = asked.ChangeType(table=subject.table, column=subject.column.name, type=instant)
        yield SaidChange(change=change, said=subject.said)


def _defaults(subject: Subject, match: "re.Match[str]", _: Marked) -> Iterator[Item]:
    from migration_ls.sources.sql.expressions import expression

    default = expression(default_sql(match["value"].strip("`")))
    if default != subject.column.default:
        change = asked.ChangeDefault(table=subject.table, column=subject.column.name, default=default)
        yield SaidChange(change=change, said=subject.said)


def _is_unique(subject: Subject, match: "re.Match[str]", mark: Marked) -> Iterator[Item]:
    within = mark.plain(match["within"]).strip() if match["within"] and ANY_MARK.search(match["within"]) else ""
    phrases = (subject.column.name, within) if within else (subject.column.name,)
    yield SaidUnique(table=subject.table, phrases=phrases, said=subject.said)


NUMERIC = frozenset({"integer", "bigint", "smallint", "numeric", "real", "double precision"})


def is_bound(subject: Subject, match: "re.Match[str]", _: Marked) -> Iterator[Item]:
    """A check of the bounds that the words name, on a column of numbers."""
    if subject.column.type.name not in NUMERIC:
        return
    details = told(match[0], values=False)
    checks = list(details.checks)
    if details.low is not None and details.high is not None:
        checks.append(f"{{}} BETWEEN {details.low} AND {details.high}")
    elif details.low is not None:
        checks.append(f"{{}} >= {details.low}")
    elif details.high is not None:
        checks.append(f"{{}} <= {details.high}")
    for check in checks:
        yield SaidCheck(table=subject.table, phrases=(subject.column.name,), check=check, said=subject.said)


def is_listed(subject: Subject, match: "re.Match[str]", _: Marked) -> Iterator[Item]:
    """A check of the values that the words list, on a column of text that has none yet."""
    from migration_ls.postgres.quoting import identifier, literal
    from migration_ls.sources.sql.expressions import expression

    values = values_in(match[0])
    if not values or subject.column.type.name not in {"character varying", "text", "character"}:
        return
    known = subject.context.tables.table(subject.table)
    if known and any(
        check.expression.allowed_values and subject.column.name in check.expression.columns for check in known.checks
    ):
        return
    listed = expression(f"{identifier(subject.column.name)} IN ({', '.join(map(literal, values))})")
    yield SaidConstraint(table=subject.table, constraint=Check(name=None, expression=listed), said=subject.said)


_FORMS: tuple[tuple["re.Pattern[str]", _Reader], ...] = (
    (_MANDATORY, _is_mandatory), (_OPTIONAL, _is_optional), (_DROPPED, _is_dropped), (_RENAMED, _is_renamed),
    (_UNLIMITED, _is_unlimited), (_LONGER, _is_longer), (_INSTANT, _is_instant), (_DEFAULTS, _defaults),
    (_UNIQUE, _is_unique), (_BOUND, is_bound), (_LISTS, is_listed),
)  # fmt: skip
