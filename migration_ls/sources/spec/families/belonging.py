"""What belongs to what: `Every task belongs to a project`, and what goes with it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Column, ForeignKey, PrimaryKey, Table
from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details, Reference
from migration_ls.sources.spec.items import Item, SaidChange, SaidColumn
from migration_ls.sources.spec.nouns import key_to
from migration_ls.sources.spec.words import key_of, singular, stem_of

_MODAL = r"(?:(?P<modal>must|shall|should|will|can|may|might|optionally)\s+)?"
_BELONGS = re.compile(
    rf"(?P<table>.+?)\s+{_MODAL}(?:also\s+|optionally\s+|always\s+)?(?:belongs?(?:\s+optionally)?\s+to|be\s+(?:linked|tied|attached|related|associated|connected)\s+(?:to|with)|"
    r"(?:is|are)\s+(?:linked|tied|related|associated|connected)\s+(?:to|with)|references?|be part of|be grouped "
    r"(?:in|into|under))\s+"
    r"(?:(?P<count>exactly one|at most one|one|an?|the|their|its|some|any)\s+)?(?P<other>[\w `-]+?)(?:\s+(?:at a "
    r"time|so|when|that|which|and|in order)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_ASSIGNED = re.compile(
    rf"(?P<table>.+?)\s+{_MODAL}be\s+assigned\s+to\s+(?:exactly one|at most one|one|an?|the|another|any|some)\s+"
    rf"(?P<other>[\w ]+?)(?:\s+(?:at a time|so|when|by|and)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_ASSIGN = re.compile(
    r"assign\s+(?:an?\s+|the\s+|each\s+|any\s+|their\s+)?(?P<table>[\w -]+?)\s+to\s+(?:exactly one|at most one|"
    r"one|an?|the|another|any|some|other)\s+(?P<other>[\w ]+?)(?:\s+(?:at a time|so|when|by|and)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_PARENT = re.compile(
    rf"(?P<table>.+?)\s+{_MODAL}(?:have|has)\s+(?:an?|one|at most one)\s+(?:optional\s+)?(?P<role>parent|"
    rf"predecessor|successor|"
    r"superior|main|original|master|root)\s+(?P<other>[\w ]+)",
    re.IGNORECASE | re.DOTALL,
)
_WHO_IS = re.compile(
    rf"(?P<table>.+?)\s+(?:{_MODAL}(?:be\s+assigned\s+to|have)|(?:is|are)\s+assigned\s+to|has|have)\s+(?:an?|the|"
    rf"exactly one|one)\s+"
    r"(?P<role>[a-z]+),?\s+who\s+(?:is|must be)\s+an?\s+(?P<other>[\w ]+)",
    re.IGNORECASE | re.DOTALL,
)
_DONE_BY = re.compile(
    rf"(?P<table>.+?)\s+(?:{_MODAL}be|is|are|always is|always are)\s+(?P<done>owned|created|handled|managed|"
    rf"reviewed|approved|"
    r"written|led|maintained|supplied|delivered|inspected|supervised|taught|hosted|organi[sz]ed|sponsored|signed|placed|"
    r"issued|submitted|sold|rented|booked)\s+by\s+(?:exactly one|at most one|one|an?|the|another|some)\s+"
    r"(?P<other>[\w ]+?)"
    r"(?:\s+(?:at a time|so|when|and)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_ROLES = re.compile(
    rf"(?P<table>.+?)\s+{_MODAL}(?:have|has)\s+(?:multiple|several|many|any number of|one or more|more than one|"
    rf"zero or more)\s+"
    r"(?P<role>[a-z]+(?:ers|ors|ants|ees|ians|ists))"
    r",?\s+and\s+(?:an?\s+|each\s+|every\s+|the same\s+)?(?P<back>[\w ]+?)\s+(?:can|may|might)\s+(?P<verb>[a-z]+)\s+.+",
    re.IGNORECASE | re.DOTALL,
)
_MANY = re.compile(
    rf"(?P<table>.+?)\s+{_MODAL}(?:belong to|be in|be part of|be assigned to|appear in|be linked to|have|be added "
    rf"to)\s+"
    r"(?:multiple|several|many|any number of|one or more|more than one)\s+(?P<other>[\w ]+?)"
    r"(?:,?\s+and\s+(?:an?\s+|each\s+|every\s+)?(?P<back>[\w ]+?)\s+(?:can|may|must|should|is|are)\s+(?:have|"
    r"contain|hold|include|belong to|be in|be part of|take part in|join|be (?:shared|used|assigned|"
    r"linked)\b.*?)\s*(?:multiple|several|many|any "
    r"number of|one or more|by)\s+[\w ]+)",
    re.IGNORECASE | re.DOTALL,
)
_GOES = re.compile(
    r"(?P<table>.+?)\s+(?:must|shall|should|will|have to)?\s*(?:disappear|be deleted|be removed|vanish|go|is "
    r"deleted|are deleted|is removed|are removed|disappears)\s+"
    r"(?:when|if|as soon as|together with|along with|with)\s+(?:its|their|the|an?)\s+(?P<other>[\w ]+?)(?:\s+"
    r"(?:is|are|gets?|was)\s+(?:deleted|removed|gone))?",
    re.IGNORECASE | re.DOTALL,
)
_TAKES = re.compile(
    r"deleting\s+(?:an?|the)\s+(?P<other>[\w ]+?)\s+(?:must\s+|shall\s+|also\s+|should\s+|will\s+)*(?:deletes?|"
    r"removes?|cascades? to)\s+(?:all\s+)?(?:its|their|the)\s+(?P<table>[\w ]+)",
    re.IGNORECASE | re.DOTALL,
)


def belonging(clause: Clause, context: Context) -> Iterator[Item]:
    """Foreign keys, join tables, and what a deletion takes along."""
    text = clause.text.rstrip(" .")
    if clause.actor != "system" and (match := _MANY.fullmatch(text)):
        yield from _many(clause, context, match)
        return
    if clause.actor != "system" and (match := _ROLES.fullmatch(text)):
        yield from _with_role(clause, context, match)
        return
    if clause.actor == "none" and (match := _PARENT.fullmatch(text) or _WHO_IS.fullmatch(text)):
        yield from _in_role(clause, context, match)
        return
    if clause.actor == "none" and (match := _DONE_BY.fullmatch(text)):
        yield from _done_by(clause, context, match)
        return
    if (match := _GOES.fullmatch(text) or _TAKES.fullmatch(text)) and clause.actor == "none":
        table, other = context.tables.in_phrase(match["table"]), context.tables.in_phrase(match["other"])
        if table and other and context.tables.table(table) is None:
            details = Details(references=Reference(table=str(other), on_delete="CASCADE"), on_delete="CASCADE")
            yield SaidColumn(
                table=table, name=key_to(other), details=details, said=context.said(clause.whole), is_detail=True
            )
        return
    for pattern, role in ((_BELONGS, ""), (_ASSIGNED, "assignee"), (_ASSIGN, "assignee")):
        if (pattern is _ASSIGN) != (clause.actor == "person") or not (match := pattern.fullmatch(text)):
            continue
        table, other = context.tables.in_phrase(match["table"]), context.tables.in_phrase(match["other"])
        if table is None or other is None or _is_plural(match["other"]) or _linked(context, table, other, role):
            continue
        modal = (match.groupdict().get("modal") or "").lower()
        must = clause.actor != "person" and modal not in {"can", "may", "might", "optionally"} and not role
        people = key_of(other.name)[-1] in _PEOPLE
        name = f"{role}_id" if role and people else "parent_id" if table == other else key_to(other)
        yield SaidColumn(
            table=table,
            name=name,
            details=Details(references=Reference(table=str(other)), nullable=None if must else True),
            said=context.said(clause.whole),
            must=must,
        )
        return


def _done_by(clause: Clause, context: Context, match: "re.Match[str]") -> Iterator[Item]:
    table, other = context.tables.in_phrase(match["table"]), context.tables.in_phrase(match["other"])
    done = match["done"].lower()
    role = {"owned": "owner", "managed": "manager", "reviewed": "reviewer", "organized": "organizer"}.get(
        done, f"{done}_by"
    )
    if table is None or other is None or _is_plural(match["other"]):
        return
    known = context.tables.table(table)
    if known is not None and any(key.ref_table == other for key in known.foreign_keys):
        return
    people = key_of(other.name)[-1] in _PEOPLE
    optional = (match["modal"] or "").lower() in {"can", "may", "might", "optionally"}
    yield SaidColumn(
        table=table,
        name=(role if role.endswith("_by") else f"{role}_id") if people else key_to(other),
        details=Details(references=Reference(table=str(other)), nullable=True if optional else None),
        said=context.said(clause.whole),
        must=not optional,
    )


def _in_role(clause: Clause, context: Context, match: "re.Match[str]") -> Iterator[Item]:
    """A key under the name of a role: `a parent project`, `a driver, who is a user`."""
    table, other = context.tables.in_phrase(match["table"]), context.tables.in_phrase(match["other"])
    name = f"{match['role'].lower()}_id"
    if table is None or other is None or context.tables.column(table, name) is not None:
        return
    optional = table == other or (match["modal"] or "").lower() in {"can", "may", "might", "optionally"}
    yield SaidColumn(
        table=table,
        name=name,
        details=Details(references=Reference(table=str(other)), nullable=True if optional else None),
        said=context.said(clause.whole),
        must=not optional,
    )


def _with_role(clause: Clause, context: Context, match: "re.Match[str]") -> Iterator[Item]:
    """Pairs under the name of a role: `a ticket can have several watchers, and a user can watch many`."""
    one, two = context.tables.in_phrase(match["table"]), context.tables.in_phrase(match["back"])
    role = match["role"].lower()
    if one is None or two is None or one == two or context.tables.find(role) or stem_of(role) != stem_of(match["verb"]):
        return
    table = join_table(context, one, two)
    words = one.name.split("_")
    name = Name("_".join((*words[:-1], singular(words[-1]), role)), one.namespace)
    if table and context.tables.table(name) is None:
        yield SaidChange(change=asked.AddTable(table=replace(table, name=name)), said=context.said(clause.whole))


_PEOPLE = frozenset({"user", "person", "employee", "member", "account", "customer", "driver", "teacher", "student"})


def _is_plural(phrase: str) -> bool:
    last = phrase.strip("` ").split()[-1:]
    return bool(last) and singular(last[0].lower()) != last[0].lower()


def _linked(context: Context, table: Name, other: Name, role: str) -> bool:
    """Whether the table refers to the other already."""
    known = context.tables.table(table)
    if known is None:
        return False
    if role and known.column(f"{role}_id"):
        return True
    key = key_to(other)
    refers = any(foreign.ref_table == other for foreign in known.foreign_keys)
    return known.column(key) is not None or (refers and not role)


def _many(clause: Clause, context: Context, match: "re.Match[str]") -> Iterator[Item]:
    one, two = context.tables.in_phrase(match["table"]), context.tables.in_phrase(match["other"])
    if one is None or two is None or one == two or _joined(context, one, two):
        return
    table = join_table(context, one, two)
    if table:
        yield SaidChange(change=asked.AddTable(table=table), said=context.said(clause.whole))


def _joined(context: Context, one: Name, two: Name) -> bool:
    for table in context.tables.schema.tables.values():
        targets = {key.ref_table for key in table.foreign_keys}
        if {one, two} <= targets and table.name not in (one, two):
            return True
    return False


def join_table(context: Context, one: Name, two: Name) -> Table | None:
    """A table of pairs of rows, each pair once; None while a side's key is unknown or of several columns."""
    columns: list[Column] = []
    keys: list[ForeignKey] = []
    for name in (one, two):
        table = context.tables.table(name)
        key = table.primary_key.columns if table and table.primary_key else ()
        # A table to come gets the key that the project's tables have.
        target = table.column(key[0]) if table and len(key) == 1 else None if table else context.habits.key
        if target is None:
            return None
        column = Column(name=key_to(name), type=target.type, nullable=False)
        columns.append(column)
        keys.append(
            ForeignKey(
                name=None, columns=(column.name,), ref_table=name, ref_columns=(target.name,), on_delete="CASCADE"
            )
        )
    words = one.name.split("_")
    joined = Name("_".join((*words[:-1], singular(words[-1]), two.name)), one.namespace)
    return Table(
        name=joined,
        columns=tuple(columns),
        primary_key=PrimaryKey(name=None, columns=tuple(column.name for column in columns)),
        foreign_keys=tuple(keys),
    )
