"""Where a document says a column differently in two places."""

from collections.abc import Iterator

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.expression import Expression
from migration_ls.schema.tables import Column
from migration_ls.sources.problem import Problem
from migration_ls.sources.schema_doc.defaults import default_sql
from migration_ls.sources.schema_doc.draft import Draft, Form, Mention
from migration_ls.sources.sql.expressions import expression

_WORDS: dict[Form, str] = {
    "sql": "the SQL",
    "notation": "the schema language",
    "rows": "the table of columns",
    "bullets": "the list of columns",
    "python": "the Python class",
    "diagram": "the diagram",
}
_MISSING = ("does not stand", "stands")
_TEXTS = frozenset({"character varying", "text", "character"})
_TIMES = frozenset({"timestamp without time zone", "timestamp with time zone"})


def contradictions(draft: Draft) -> Iterator[tuple[str, Problem]]:
    """By path: the mentions of columns that say something else than the one that counts."""
    if draft.form is None:
        return
    for mention in draft.mentions:
        column = draft.columns.get(mention.name)
        found = _difference(column, mention) if column is not None else _MISSING
        if found is None or (column is None and mention.form == "diagram"):
            # diagrams break names over lines
            continue
        there, here = found
        counting = _WORDS[draft.form]
        message = f"`{draft.name}.{mention.name}` {here} here, but {there} in {counting} of the document, which counts"
        yield (
            mention.origin.path,
            Problem(
                code="schema-doc-contradiction",
                message=message,
                help="Write the same in both places, or leave one of them out",
                span=mention.place,
                serious=False,
            ),
        )


def _difference(column: Column, mention: Mention) -> tuple[str, str] | None:
    """How the column stands where it counts, and at the mention; None when they agree or nobody can tell."""
    type_ = mention.type
    if type_ is not None and _differ(column.type, type_, mention.form):
        return f"is `{column.type}`", f"is `{type_}`"
    if mention.nullable is not None and column.nullable is not None and mention.nullable is not column.nullable:
        words = {True: "may be NULL", False: "is NOT NULL"}
        return words[column.nullable], words[mention.nullable]
    if mention.default and column.default is not None and not column.autoincrement:
        said = default_sql(mention.default, column.type)
        if said is not None and (read := expression(said)) != column.default and not _same(read, column.default):
            return f"has the default `{column.default.text}`", f"has the default `{said}`"
    return None


def _differ(one: ColumnType, other: ColumnType, form: Form) -> bool:
    if one == other or not (one.is_built_in and other.is_built_in):
        return False
    if one.name in _TEXTS and other.name in _TEXTS:
        return bool(one.modifiers and other.modifiers) and one.modifiers != other.modifiers
    if form in {"python", "diagram"} and (one.name in _TIMES or one.name == other.name):
        return one.is_array != other.is_array
    return one.name != other.name or one.is_array != other.is_array or bool(one.modifiers and other.modifiers)


_NOW = frozenset({"now()", "current_timestamp"})


def _same(one: Expression, other: Expression) -> bool:
    first, second = one.canonical.lower(), other.canonical.lower()
    return first == second or {first, second} <= _NOW
