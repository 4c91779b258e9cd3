"""Sentences about columns that are there: `The tax id is mandatory for every applicant`."""

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
from migration_ls.sources.spec.prose.meant import column_of_words, tables_with
from migration_ls.sources.spec.prose.mentions import ANY_MARK, MARK, Marked
from migration_ls.sources.spec.prose.told import told, values_in
from migration_ls.sources.spec.words import snake

_T = MARK.format("t")
_NP = r"(?P<what>(?:[\w`'-]+\s+){0,4}?[\w`-]+)"
_PRED = (
    r"(?P<pred>(?:must|shall|should|will|may|can|cannot|can't|has|have|had|is|are|was|were|becomes?|defaults?"
    r"|needs?|identif(?:y|ies)|never|no longer|goes|disappears?|starts?|may not|does|do|stays?|holds?|gets?"
    r"|ends?)\b.*)"
)
_SUBJECTS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        rf"(?:the\s+|an?\s+|its\s+)?{_NP}\s+(?:of|on|in|for|to)\s+{_T}\s+{_PRED}",
        rf"{_T}(?:'s|\u2019s|'|\u2019)?\s+{_NP}\s+{_PRED}",
        rf"(?:the\s+|an?\s+)?{_NP}\s+of\s+(?P<limit>(?:up to|at most)\s+\d[\d,]*\s+(?:characters|chars))\s+{_PRED}",
        rf"(?:the\s+|an?\s+|our\s+|its\s+|their\s+)?{_NP}\s+{_PRED}",
    )
)
_MAY = (
    r"(?:(?:you|we|they|please)\s+(?:(?:can|may|should|must|will|want to|have to|need to|could)\s+)?(?:now\s+"
    r"|also\s+)?)?"
)
_ORDERS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        (
            rf"{_MAY}(?P<verb>drop|remove|delete|throw away|get rid of|discard"
            rf"|rename)\s+(?:the\s+)?{_NP}\s+(?:of|from|on|in)\s+{_T}(?P<rest>.*)"
        ),
        (
            rf"{_MAY}(?P<verb>drop|remove|delete|throw away|get rid of|discard|rename)\s+{_T}(?:'s"
            rf"|s')?\s+{_NP}(?P<rest>(?:[,;.]|\s+(?:to|into|as|in)\b).*|)"
        ),
        (
            rf"nobody\s+(?P<verb>uses|needs|looks at|reads)\s+(?:the\s+)?{_NP}\s+(?:of|from|on"
            rf"|in)\s+{_T}(?P<rest>.*\b(?:drop|remove|delete|throw)\b.*)"
        ),
        (
            rf"(?P<verb>we no longer (?:need|use|want|store|keep))\s+(?:the\s+)?{_NP}\s+(?:of|from|on"
            rf"|in)\s+{_T}(?P<rest>.*)"
        ),
    )
)
_MUST_HAVE = re.compile(
    rf"(?P<all>(?:every|each|all|any|an?)\s+)?{_T}\s+(?:must|shall|has to|have to|needs? to)\s+(?:always\s+"
    r"|now\s+|from now on\s+)?(?:have|name|state|give|carry|bear|"
    r"contain|show|provide|record|specify|say|include|mention|come with)\s+(?:an?\s+|the\s+|its\s+|their\s+"
    r"|his\s+|one\s+|exactly one\s+)(?P<what>[\w` -]+?)(?P<rest>[,;:.(].*|\s+(?:from|as of|so|when|because"
    r"|which|that|in|for|to|on)\b.*|)",
    re.IGNORECASE | re.DOTALL,
)
_HAS_LISTED = re.compile(
    rf"{_T}\s+(?:(?:must|shall|should|can|may)\s+)?(?:have|has)\s+(?:an?|one)\s+(?P<what>[\w -]+?)(?P<rest>\s*[:,(].*)",
    re.IGNORECASE | re.DOTALL,
)
_NO_SHORTER = re.compile(
    rf"no\s+{_T}\s+(?:is|are|may be|can be|must be|shall be|lasts?|costs?|may last"
    r"|may cost)\s+(?P<how>shorter|smaller|less|lower|cheaper|longer|larger|greater|more|higher|"
    rf"bigger)\s+than\s+(?P<n>\d[\d,.]*)\s*(?P<unit>[a-z]+)?.*",
    re.IGNORECASE | re.DOTALL,
)
_NO_TWO = re.compile(
    rf"(?:(?:within|in|for|per|inside)\s+{MARK.format('in')},?\s+)?(?:no\s+)?two\s+(?P<noun>{_T})\s+(?:(?:of"
    rf"|in|on|for|within)\s+(?:the\s+same\s+)?{MARK.format('of')}\s+)?(?:can|may|must|should|shall|cannot"
    r"|can't)?\s*(?:not\s+|never\s+|ever\s+)*"
    r"(?:have|share|use|carry|bear|with)\s+(?:the\s+same|an?|one)\s+(?P<columns>[\w `⟦⟧-]+?)(?:\s+(?:within"
    rf"|in|for|per|inside|of|on)\s+(?:the\s+same\s+|one\s+)?{MARK.format('within')})?",
    re.IGNORECASE | re.DOTALL,
)
_ONE_PER = re.compile(
    r"(?:there\s+(?:is|can be|may be|must be|shall be)\s+)?(?:only\s+|at most\s+|exactly\s+"
    rf"|never more than\s+|no more than\s+)(?:be\s+)?one\s+(?:single\s+)?{_T}\s+(?:is allowed\s+"
    r"|may exist\s+|exists\s+)?(?:per|for each|for every|for the same)\s+"
    r"(?P<columns>[\w `⟦⟧,-]+?)",
    re.IGNORECASE | re.DOTALL,
)
_ROW_BOUND = re.compile(
    rf"{_T}\s+(?P<rest>(?:must|may|can|shall|should|cannot|can't|is|are)\s*(?:not\s+|never\s+"
    r"|always\s+)*(?:be\s+)?(?:negative|positive|below|above|zero|at least|at most|between|"
    r"less|more|greater)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_MEASURES = frozenset({"value", "amount", "quantity", "measurement", "count", "total"})
_AND = re.compile(r"\s*(?:,\s*and\s+|,|\band\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    table: Name
    column: Column
    said: Said
    context: Context


def existing(mark: Marked, context: Context, said: Said, topic: Name | None) -> Iterator[Item]:
    """What a sentence wants of columns that are there."""
    text = mark.text.strip().rstrip(" .")
    if match := _MUST_HAVE.fullmatch(text):
        yield from _must_have(match, mark, context, said)
        return
    if (match := _HAS_LISTED.fullmatch(text)) and (listed := tuple(_has_listed(match, mark, context, said))):
        yield from listed
        return
    if match := _NO_SHORTER.fullmatch(text):
        yield from _no_shorter(match, mark, context, said)
        return
    if (match := _ROW_BOUND.fullmatch(text)) and (bounded := tuple(_row_bound(match, mark, context, said))):
        yield from bounded
        return
    if match := _NO_TWO.fullmatch(text) or _ONE_PER.fullmatch(text):
        yield from _unique(match, mark, context, said)
        return
    for pattern in _ORDERS:
        if (match := pattern.fullmatch(text)) and (subject := _subject(match, mark, context, said, topic)):
            yield from _ordered(subject, match)
            return
    for pattern in _SUBJECTS:
        match = pattern.fullmatch(text)
        subject = _subject(match, mark, context, said, topic) if match else None
        if match is None or subject is None:
            continue
        words = f"{match.groupdict().get('limit') or ''} {match['pred']}".strip()
        if items := tuple(_wanted(subject, words, mark)):
            yield from items
            return


def _subject(match: "re.Match[str]", mark: Marked, context: Context, said: Said, topic: Name | None) -> _Subject | None:
    what = mark.plain(match["what"])
    groups = match.groupdict()
    if groups.get("t") is not None:
        table = mark.table(groups["t"])
        column = column_of_words(context.tables, table, what) if table else None
        if table and column:
            return _Subject(table=table, column=column, said=said, context=context)
        others = (
            tables_with(context.tables, what)
            if re.search(r"\b(?:to|for|in|on)\s+⟦", match[0][: match.end("t") + 1])
            else []
        )
        return (
            _Subject(table=others[0][0], column=others[0][1], said=said, context=context) if len(others) == 1 else None
        )
    # A table that the words after the verb name, the one that is spoken of, or the only one with such a column.
    named = [mention.table for mention in mark.mentions]
    for table in dict.fromkeys((*named, topic, context.subject)):
        if table and (column := column_of_words(context.tables, table, what)):
            return _Subject(table=table, column=column, said=said, context=context)
    found = tables_with(context.tables, what) if not named else []
    return _Subject(table=found[0][0], column=found[0][1], said=said, context=context) if len(found) == 1 else None


def _must_have(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    table = mark.table(match["t"])
    column = column_of_words(context.tables, table, mark.plain(match["what"])) if table else None
    if table and column:
        subject = _Subject(table=table, column=column, said=said, context=context)
        yield from _mandatory(subject, match["rest"])


def _mandatory(subject: _Subject, words: str) -> Iterator[Item]:
    if subject.column.nullable is not True:
        return
    from migration_ls.sources.sql.expressions import expression

    default = told(words, Details(type=subject.column.type), values=False).default
    fill = expression(default) if default else subject.column.default
    change = asked.ChangeNullable(table=subject.table, column=subject.column.name, nullable=False, fill=fill)
    yield SaidChange(change=change, said=subject.said)


def _has_listed(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    table = mark.table(match["t"])
    column = column_of_words(context.tables, table, mark.plain(match["what"])) if table else None
    rest = re.fullmatch(r".*", match["rest"], re.DOTALL)
    if table and column and rest:
        yield from _is_listed(_Subject(table=table, column=column, said=said, context=context), rest, mark)


def _no_shorter(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    table, unit = mark.table(match["t"]), match["unit"]
    column = column_of_words(context.tables, table, unit) if table and unit else None
    if table and column:
        operator = ">=" if match["how"].lower() in {"shorter", "smaller", "less", "lower", "cheaper"} else "<="
        number = match["n"].replace(",", "").rstrip(".")
        yield SaidCheck(table=table, phrases=(column.name,), check=f"{{}} {operator} {number}", said=said)


def _row_bound(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    """A bound of rows that are numbers: `A reading must not be negative`."""
    table = mark.table(match["t"])
    known = context.tables.table(table) if table else None
    if table is None or known is None:
        return
    taken = {
        *(known.primary_key.columns if known.primary_key else ()),
        *(name for key in known.foreign_keys for name in key.columns),
    }
    numbers = [column for column in known.columns if column.type.name in _NUMBERS and column.name not in taken]
    named = [column for column in numbers if column.name in _MEASURES]
    found = named if len(named) == 1 else numbers
    if len(found) == 1:
        yield from _is_bound(_Subject(table=table, column=found[0], said=said, context=context), match, mark)


def _unique(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    table = mark.table(match["t"])
    groups = match.groupdict()
    phrases = [mark.plain(part) for part in _AND.split(match["columns"]) if part.strip()]
    within = [mark.plain(f"⟦{groups[name]}⟧") for name in ("in", "of", "within") if groups.get(name) is not None]
    names = tuple(
        re.sub(r"\A(?:an?|the|each|every|its|one)\s+", "", phrase.strip(), flags=re.IGNORECASE)
        for phrase in (*within, *phrases)
    )
    if table:
        names = tuple(
            column.name if (column := column_of_words(context.tables, table, name)) else name for name in names
        )
    if table and names and all(names):
        yield SaidUnique(table=table, phrases=names, said=said)


def _ordered(subject: _Subject, match: "re.Match[str]") -> Iterator[Item]:
    if match["verb"].lower() != "rename":
        yield SaidChange(change=asked.DropColumn(table=subject.table, column=subject.column.name), said=subject.said)
    elif to := re.match(r"\s*(?:in)?to\s+(?:the\s+)?(?P<to>`\w+`|[a-z][\w -]+)", match["rest"], re.IGNORECASE):
        yield from _renamed(subject, to["to"])


def _renamed(subject: _Subject, words: str) -> Iterator[Item]:
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

_Reader = Callable[[_Subject, "re.Match[str]", Marked], Iterator[Item]]


def _wanted(subject: _Subject, words: str, mark: Marked) -> Iterator[Item]:
    for pattern, read in _FORMS:
        if (match := pattern.fullmatch(words)) and (items := tuple(read(subject, match, mark))):
            yield from items
            return


def _is_mandatory(subject: _Subject, match: "re.Match[str]", _: Marked) -> Iterator[Item]:
    yield from _mandatory(subject, match["rest"])


def _is_optional(subject: _Subject, _: "re.Match[str]", __: Marked) -> Iterator[Item]:
    if subject.column.nullable is False:
        change = asked.ChangeNullable(table=subject.table, column=subject.column.name, nullable=True)
        yield SaidChange(change=change, said=subject.said)


def _is_dropped(subject: _Subject, _: "re.Match[str]", __: Marked) -> Iterator[Item]:
    yield SaidChange(change=asked.DropColumn(table=subject.table, column=subject.column.name), said=subject.said)


def _is_renamed(subject: _Subject, match: "re.Match[str]", _: Marked) -> Iterator[Item]:
    code = re.search(r"`(\w+)`", match[0])
    yield from _renamed(subject, code[1] if code and code[1] != subject.column.name else match["to"])


def _is_unlimited(subject: _Subject, _: "re.Match[str]", __: Marked) -> Iterator[Item]:
    if subject.column.type.name in {"character varying", "character"}:
        change = asked.ChangeType(table=subject.table, column=subject.column.name, type=ColumnType("text"))
        yield SaidChange(change=change, said=subject.said)


def _is_longer(subject: _Subject, match: "re.Match[str]", _: Marked) -> Iterator[Item]:
    if subject.column.type.name in {"character varying", "character", "text"}:
        length = int((match["length"] or match["first"]).replace(",", ""))
        yield SaidColumn(
            table=subject.table,
            name=subject.column.name,
            details=Details(length=length),
            said=subject.said,
            is_detail=True,
        )


def _is_instant(subject: _Subject, _: "re.Match[str]", __: Marked) -> Iterator[Item]:
    if subject.column.type.name == "timestamp without time zone":
        instant = ColumnType("timestamp with time zone")
        change = asked.ChangeType(table=subject.table, column=subject.column.name, type=instant)
        yield SaidChange(change=change, said=subject.said)


def _defaults(subject: _Subject, match: "re.Match[str]", _: Marked) -> Iterator[Item]:
    from migration_ls.sources.sql.expressions import expression

    default = expression(default_sql(match["value"].strip("`")))
    if default != subject.column.default:
        change = asked.ChangeDefault(table=subject.table, column=subject.column.name, default=default)
        yield SaidChange(change=change, said=subject.said)


def _is_unique(subject: _Subject, match: "re.Match[str]", mark: Marked) -> Iterator[Item]:
    within = mark.plain(match["within"]).strip() if match["within"] and ANY_MARK.search(match["within"]) else ""
    phrases = (subject.column.name, within) if within else (subject.column.name,)
    yield SaidUnique(table=subject.table, phrases=phrases, said=subject.said)


_NUMBERS = frozenset({"integer", "bigint", "smallint", "numeric", "real", "double precision"})


def _is_bound(subject: _Subject, match: "re.Match[str]", _: Marked) -> Iterator[Item]:
    if subject.column.type.name not in _NUMBERS:
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


def _is_listed(subject: _Subject, match: "re.Match[str]", _: Marked) -> Iterator[Item]:
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
    (_UNIQUE, _is_unique), (_BOUND, _is_bound), (_LISTS, _is_listed),
)  # fmt: skip
