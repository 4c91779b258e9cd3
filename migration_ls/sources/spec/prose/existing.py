"""Sentences about columns that are there: `The tax id is mandatory for every applicant`."""

import re
from collections.abc import Iterator

from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.items import Item, Said, SaidChange, SaidCheck, SaidUnique
from migration_ls.sources.spec.prose.becoming import NUMERIC, Subject, is_bound, is_listed, mandatory, renamed, wanted
from migration_ls.sources.spec.prose.meant import column_of_words, tables_with
from migration_ls.sources.spec.prose.mentions import MARK, Marked

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
_HAS_UNIQUE = re.compile(
    rf"{_T}\s+(?:(?:must|shall|should|has to|have to)\s+)?(?:have|has|get|gets|carry|carries|bear"
    r"|bears)\s+(?:an?|its|their|one)\s+"
    rf"(?:globally\s+)?unique\s+(?P<what>[\w` -]+?)(?:\s+(?:within|per|in|for)\s+{MARK.format('within')})?",
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
    r"(?:there\s+(?:is|can be|may be|must be|shall be)\s+)?"
    rf"(?:(?:only|at most|exactly|never more than|no more than)\s+)?(?:be\s+)?one\s+(?:single\s+)?{_T}\s+"
    r"(?:is allowed\s+|may exist\s+|exists\s+)?(?:per|for each|for every|for the same)\s+(?P<columns>[\w `⟦⟧,-]+?)",
    re.IGNORECASE | re.DOTALL,
)
_COMBINED = re.compile(
    rf"(?:the\s+)?combination\s+of\s+(?P<columns>[\w `⟦⟧,-]+?)\s+(?:(?:of|in)\s+{_T}\s+)?(?:is|are|must be"
    r"|shall be|has to be)\s+"
    rf"unique(?:\s+(?:for|within|per|in)\s+{MARK.format('for')})?",
    re.IGNORECASE | re.DOTALL,
)
_UNIQUE_WITHIN = re.compile(
    r"(?:the\s+|an?\s+)?(?P<columns>[\w `-]+?)\s+(?:is|are|must be|shall be|has to be|have to be)\s+unique\s+"
    r"(?:within|per|in|for|across)\s+(?P<within>[\w `⟦⟧,-]+)",
    re.IGNORECASE | re.DOTALL,
)
_ROW_BOUND = re.compile(
    rf"{_T}\s+(?P<rest>(?:must|may|can|shall|should|cannot|can't|is|are)\s*(?:not\s+|never\s+"
    r"|always\s+)*(?:be\s+)?(?:negative|positive|below|above|zero|at least|at most|between|"
    r"less|more|greater)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_MEASURES = frozenset({"value", "amount", "quantity", "measurement", "count", "total"})
_AND = re.compile(r"\s*(?:,\s*and\s+|,|\band\b|\bof(?=\s+(?:an?|the|each|every)\b|\s*⟦))\s*", re.IGNORECASE)


def existing(mark: Marked, context: Context, said: Said, topic: Name | None) -> Iterator[Item]:
    """What a sentence wants of columns that are there."""
    text = mark.text.strip().rstrip(" .")
    if match := _MUST_HAVE.fullmatch(text):
        yield from _must_have(match, mark, context, said)
        return
    if (match := _HAS_UNIQUE.fullmatch(text)) and (unique := tuple(_has_unique(match, mark, context, said))):
        yield from unique
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
    if (match := _COMBINED.fullmatch(text)) and (combined := tuple(_combined(match, mark, context, said))):
        yield from combined
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
        if items := tuple(wanted(subject, words, mark)):
            yield from items
            return
    if (match := _UNIQUE_WITHIN.fullmatch(text)) and context.subject:
        # of a table to come, whose columns are not known yet
        yield SaidUnique(table=context.subject, phrases=_phrases(mark, match["columns"], match["within"]), said=said)


def _phrases(mark: Marked, *parts: str) -> tuple[str, ...]:
    """The nouns of lists, without articles: of `the round and the year of an employee` those three."""
    words = [mark.plain(item).strip() for part in parts for item in _AND.split(part)]
    bare = [re.sub(r"\A(?:(?:an?|the|each|every|its|one|all)\s+)+", "", word, flags=re.IGNORECASE) for word in words]
    return tuple(word for word in bare if word)


def _combined(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    table = mark.table(match["t"] or match["for"]) or context.subject
    if table:
        yield SaidUnique(table=table, phrases=_phrases(mark, match["columns"]), said=said)


def _subject(match: "re.Match[str]", mark: Marked, context: Context, said: Said, topic: Name | None) -> Subject | None:
    what = mark.plain(match["what"])
    groups = match.groupdict()
    if groups.get("t") is not None:
        table = mark.table(groups["t"])
        column = column_of_words(context.tables, table, what) if table else None
        if table and column:
            return Subject(table=table, column=column, said=said, context=context)
        others = (
            tables_with(context.tables, what)
            if re.search(r"\b(?:to|for|in|on)\s+⟦", match[0][: match.end("t") + 1])
            else []
        )
        return (
            Subject(table=others[0][0], column=others[0][1], said=said, context=context) if len(others) == 1 else None
        )
    # A table that the words after the verb name, the one that is spoken of, or the only one with such a column.
    named = [mention.table for mention in mark.mentions]
    for table in dict.fromkeys((*named, topic, context.subject)):
        if table and (column := column_of_words(context.tables, table, what)):
            return Subject(table=table, column=column, said=said, context=context)
    found = tables_with(context.tables, what) if not named else []
    return Subject(table=found[0][0], column=found[0][1], said=said, context=context) if len(found) == 1 else None


def _must_have(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    table = mark.table(match["t"])
    column = column_of_words(context.tables, table, mark.plain(match["what"])) if table else None
    if table and column:
        subject = Subject(table=table, column=column, said=said, context=context)
        yield from mandatory(subject, match["rest"])


def _has_unique(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    table = mark.table(match["t"])
    column = column_of_words(context.tables, table, mark.plain(match["what"])) if table else None
    if table and column:
        within = _phrases(mark, f"⟦{match['within']}⟧") if match["within"] is not None else ()
        yield SaidUnique(table=table, phrases=(column.name, *within), said=said)


def _has_listed(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    table = mark.table(match["t"])
    column = column_of_words(context.tables, table, mark.plain(match["what"])) if table else None
    rest = re.fullmatch(r".*", match["rest"], re.DOTALL)
    if table and column and rest:
        yield from is_listed(Subject(table=table, column=column, said=said, context=context), rest, mark)


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
    numbers = [column for column in known.columns if column.type.name in NUMERIC and column.name not in taken]
    named = [column for column in numbers if column.name in _MEASURES]
    found = named if len(named) == 1 else numbers
    if len(found) == 1:
        yield from is_bound(Subject(table=table, column=found[0], said=said, context=context), match, mark)


def _unique(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    table = mark.table(match["t"])
    groups = match.groupdict()
    within = [f"⟦{groups[name]}⟧" for name in ("in", "of", "within") if groups.get(name) is not None]
    names = _phrases(mark, *within, match["columns"])
    if table:
        names = tuple(
            column.name if (column := column_of_words(context.tables, table, name)) else name for name in names
        )
    if table and names:
        yield SaidUnique(table=table, phrases=names, said=said)


def _ordered(subject: Subject, match: "re.Match[str]") -> Iterator[Item]:
    if match["verb"].lower() != "rename":
        yield SaidChange(change=asked.DropColumn(table=subject.table, column=subject.column.name), said=subject.said)
    elif to := re.match(r"\s*(?:in)?to\s+(?:the\s+)?(?P<to>`\w+`|[a-z][\w -]+)", match["rest"], re.IGNORECASE):
        yield from renamed(subject, to["to"])
