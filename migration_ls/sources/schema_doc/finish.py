"""Drafts to tables, when everything is read: types, keys, and what lists told of tables."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from migration_ls.postgres.quoting import identifier, literal
from migration_ls.postgres.types import ColumnType
from migration_ls.schema.changed import changed
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name, name_from_text
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum, Schema, schema_of
from migration_ls.schema.tables import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
    Unique,
)
from migration_ls.sources.problem import Problem
from migration_ls.sources.schema_doc.contradictions import contradictions
from migration_ls.sources.schema_doc.defaults import default_sql
from migration_ls.sources.schema_doc.draft import Draft
from migration_ls.sources.schema_doc.entries import Entry, places_of
from migration_ls.sources.schema_doc.outline import Outline, Place, placed_table, renamed
from migration_ls.sources.schema_doc.registry import Registry
from migration_ls.sources.schema_doc.said import Said
from migration_ls.sources.schema_doc.targets import settled, target_of
from migration_ls.sources.schema_doc.tell import tell_all, tell_facts
from migration_ls.sources.schema_doc.types import TypeSaid, loose_type
from migration_ls.sources.sql.expressions import expression

_TEXTUAL = frozenset({"character varying", "character", "text", "citext"})
_NUMERIC = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision"})
_WHOLE = frozenset({"smallint", "integer", "bigint"})


@dataclass(slots=True)
class _Finish:
    registry: Registry
    enums: dict[Name, Enum]


def finish(registry: Registry, enums: Iterable[Enum]) -> tuple[Schema, tuple[str, ...]]:
    """The schema that the drafts add up to, and notes of what was assumed."""
    state = _Finish(registry, {enum.name: enum for enum in enums})
    registry.keep([draft for draft in registry.drafts if _is_table(draft)])
    registry.settle_names()
    tell_facts(registry)
    for draft in registry.drafts:
        if draft.outline is not None:
            _take_outline(registry, draft, draft.outline)
            continue
        for entry, origin in draft.entries.values():
            draft.columns[entry.name] = _column(state, draft, entry, origin)
        for name, column in draft.columns.items():
            draft.columns[name] = _postgres_type(state, column, draft)
    for draft in registry.drafts:
        if draft.outline is None:
            _keys(draft)
    for draft in registry.drafts:
        if draft.outline is not None:
            _references(registry, draft, draft.outline)
            continue
        for entry, origin in draft.entries.values():
            _constraints(registry, draft, entry, origin)
        draft.foreign_keys[:] = [settled(registry, draft, key) for key in draft.foreign_keys]
    tell_all(registry)
    for draft in registry.drafts:
        registry.problems += contradictions(draft)
    schema = schema_of((_table(draft) for draft in registry.drafts), state.enums.values())
    return schema, tuple(sorted(registry.notes))


def _is_table(draft: Draft) -> bool:
    """Whether it has columns, and, where its name is often something else's, a primary key."""
    if not draft.weak:
        return draft.is_stated
    return draft.primary_key is not None or any(entry.said.primary_key for entry, _ in draft.entries.values())


_Placed = tuple[Outline, str, int, int]


def _take_outline(registry: Registry, draft: Draft, placed: _Placed) -> None:
    """What a section says that states the whole table."""
    outline, path, start, line = placed
    table = placed_table(outline, path, start, line)
    draft.columns = {column.name: column for column in table.columns}
    draft.primary_key = table.primary_key
    draft.uniques, draft.checks, draft.indexes = list(table.uniques), list(table.checks), list(table.indexes)
    registry.notes.update(outline.notes)
    for problem in outline.problems:
        if not problem.quiet or problem.message not in registry.assumed:
            registry.assumed.add(problem.message)
            registry.problems.append((path, replace(problem, span=problem.span.shifted(start))))


def _references(registry: Registry, draft: Draft, placed: _Placed) -> None:
    """The foreign keys of such a table."""
    outline, path, start, line = placed
    place = Place(path, start, line)
    for entry, origin in outline.references:
        _reference(registry, draft, entry, place.origin(origin))


def _table(draft: Draft) -> Table:
    if draft.outline is not None:
        table = renamed(placed_table(*draft.outline), draft.name, draft.class_name, external=draft.external)
        told = (draft.primary_key, *draft.uniques, *draft.checks, *draft.indexes)
        said = (table.primary_key, *table.uniques, *table.checks, *table.indexes)
        same = len(told) == len(said) and all(one is other for one, other in zip(told, said, strict=True))
        if same and not draft.comments:
            return changed(table, foreign_keys=tuple(draft.foreign_keys)) if draft.foreign_keys else table
    key = draft.primary_key
    columns: list[Column] = []
    for column in draft.columns.values():
        comment = column.comment or draft.comments.get(column.name)
        if (key and column.name in key.columns and column.nullable is not False) or comment != column.comment:
            nullable = False if key and column.name in key.columns else column.nullable
            columns.append(replace(column, nullable=nullable, comment=comment))
        else:
            columns.append(column)
    return Table(
        name=draft.name,
        columns=tuple(columns),
        primary_key=key,
        uniques=tuple(draft.uniques),
        checks=tuple(draft.checks),
        foreign_keys=tuple(draft.foreign_keys),
        indexes=tuple(draft.indexes),
        external=draft.external,
        origin=draft.origin,
        class_name=draft.class_name,
    )


def _column(state: _Finish, draft: Draft, entry: Entry, origin: Origin) -> Column:
    said = entry.said
    type_ = _type(state, draft, entry, origin)
    default = default_sql(said.default, type_, said.values) if said.default else None
    counts = said.autoincrement and type_.name in _WHOLE and said.identity is None
    return Column(
        name=entry.name,
        type=type_,
        nullable=False if said.primary_key else said.nullable,
        default=expression(default) if default and not counts else None,
        autoincrement=counts,
        identity=said.identity,
        generated=expression(said.generated) if said.generated else None,
        collation=said.collation,
        comment=said.comment,
        origin=origin,
        places=places_of(entry, origin),
    )


def _type(state: _Finish, draft: Draft, entry: Entry, origin: Origin) -> ColumnType:
    said = entry.said
    read = said.type or TypeSaid(type=None)
    if read.native_enum and said.values:
        return _enum(state, Name(f"{draft.name.name}_{entry.name}", draft.name.namespace), said.values, origin)
    type_ = read.type or _made_type(state, said.type_word)
    if type_ is None:
        type_ = (
            ColumnType("integer") if said.autoincrement or said.identity else _referenced(state.registry, draft, entry)
        )
        if said.reference is None and not (said.values or said.autoincrement or said.identity):
            _note_untyped(state.registry, draft, entry, origin)
    if read.loose and type_.is_built_in:
        _note_loose(state.registry, draft, read.loose, type_, places_of(entry, origin))
    length = said.length or (said.high if said.high and said.high.isdigit() else None)
    if type_.name == "character varying" and not type_.modifiers and not type_.is_array and length and int(length) > 0:
        type_ = replace(type_, modifiers=(str(int(length)),))
    return type_


def _note_untyped(registry: Registry, draft: Draft, entry: Entry, origin: Origin) -> None:
    """A column of which nobody says the type."""
    place = dict(places_of(entry, origin)).get("name", origin)
    problem = Problem(
        code="schema-doc-not-read",
        message=f"No type is read for `{draft.name}.{entry.name}`, so it is taken as `character varying`",
        help="Write a type that PostgreSQL has",
        span=place.span,
        serious=False,
    )
    registry.problems.append((place.path, problem))


def _note_loose(
    registry: Registry, draft: Draft, word: str, type_: ColumnType, places: tuple[tuple[str, Origin], ...]
) -> None:
    """A type that PostgreSQL does not have; a problem where SQL is meant, since prose may say `string`."""
    place = dict(places).get("type")
    is_sql = draft.form == "sql" or word.isupper()
    message = f"`{word}` is no type of PostgreSQL, so it is read as `{type_.name}`"
    if place is not None and (is_sql or message not in registry.assumed):
        registry.assumed.add(message)
        problem = Problem(
            code="schema-doc-foreign-type" if is_sql else "schema-doc-assumed-type",
            message=message,
            help=f"Write `{type_.name}` if that is meant, else the type that PostgreSQL has",
            span=place.span,
            serious=False,
            quiet=not is_sql,
            replacement=_SHORT.get(type_.name, type_.name) + str(type_).removeprefix(type_.name),
        )
        registry.problems.append((place.path, problem))
    registry.notes.add(f"`{word.lower()}` in a document is read as `{type_.name}`")


_SHORT = {
    "character varying": "varchar",
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
}


def _referenced(registry: Registry, draft: Draft, entry: Entry) -> ColumnType:
    """The type of a column that is only said to refer to another: that of the other."""
    said = entry.said
    if said.reference is not None and (target := target_of(registry, draft, entry.name, said.reference)):
        other, columns = target
        found = registry.exact(other)
        name = columns[0] if columns else "id"
        if found and name in found.columns:
            return found.columns[name].type
        if found and name in found.entries and (type_said := found.entries[name][0].said.type) and type_said.type:
            return type_said.type
        return ColumnType("integer")
    return ColumnType("character varying")


def _made_type(state: _Finish, word: str) -> ColumnType | None:
    """The enum type that the word names, where the documents make it."""
    found = next((enum for enum in state.enums.values() if _folded(enum.name.name) == _folded(word)), None)
    return ColumnType(found.name.sql) if word and found else None


def _enum(state: _Finish, name: Name, values: tuple[str, ...], origin: Origin) -> ColumnType:
    known = next((enum for enum in state.enums.values() if enum.values == values), None)
    if known is None:
        known = state.enums.setdefault(name, Enum(name=name, values=values, origin=origin))
    return ColumnType(known.name.sql)


def _postgres_type(state: _Finish, column: Column, draft: Draft) -> Column:
    """With a type that PostgreSQL has: of names that it has not, what they stand for, or the enum they spell."""
    if column.type.is_built_in:
        return column
    name = column.type.name
    known = {_folded(enum.name.name): enum for enum in state.enums.values()}
    if (enum := known.get(_folded(name.rpartition(".")[2]))) is not None:
        return replace(column, type=ColumnType(enum.name.sql, (), column.type.dimensions))
    if (type_ := loose_type(name)) is not None:
        modifiers = column.type.modifiers if type_.name == "character varying" else ()
        type_ = ColumnType(type_.name, modifiers, column.type.dimensions or type_.dimensions)
        _note_loose(state.registry, draft, name, type_, column.places)
        return replace(column, type=type_)
    values = draft.entries[column.name][0].said.values if column.name in draft.entries else ()
    if values and column.origin:
        return replace(column, type=_enum(state, name_from_text(name), values, column.origin))
    return column


def _folded(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _keys(draft: Draft) -> None:
    names = tuple(entry.name for entry, _ in draft.entries.values() if entry.said.primary_key)
    if names and draft.primary_key is None:
        draft.primary_key = PrimaryKey(name=None, columns=names, origin=draft.entries[names[0]][1])


def _constraints(registry: Registry, draft: Draft, entry: Entry, origin: Origin) -> None:
    said = entry.said
    if said.unique and not (said.primary_key and draft.primary_key and len(draft.primary_key.columns) == 1):
        draft.add_unique(Unique(name=None, columns=(entry.name,), origin=origin))
    if said.index is not None:
        draft.add_index(Index(name=None, parts=(IndexPart(text=entry.name),), using=said.index, origin=origin))
    _reference(registry, draft, entry, origin)
    for condition in _conditions(entry.name, said, draft.columns[entry.name].type):
        draft.add_check(Check(name=None, expression=condition, origin=origin))


def _reference(registry: Registry, draft: Draft, entry: Entry, origin: Origin) -> None:
    said = entry.said
    if said.reference is not None and (target := target_of(registry, draft, entry.name, said.reference)):
        name, columns = target
        key = ForeignKey(
            name=None,
            columns=(entry.name,),
            ref_table=name,
            ref_columns=columns,
            on_delete=said.on_delete or "NO ACTION",
            on_update=said.on_update or "NO ACTION",
            origin=origin,
        )
        draft.add_foreign_key(key)


def _conditions(name: str, said: Said, type_: ColumnType) -> Iterable[Expression]:
    column = identifier(name)
    for condition in said.checks:
        read = expression(condition.replace("{}", column))
        if name in read.columns:
            yield read
        elif re.match(r"(?:<|>|=|!|between\b|in\b|like\b|~|is\b)", condition, re.IGNORECASE):
            yield expression(f"{column} {condition}")
    if (
        said.values
        and type_.name in _TEXTUAL
        and not type_.is_array
        and not any("IN" in check.upper() for check in said.checks)
    ):
        yield expression(f"{column} IN ({', '.join(literal(value) for value in said.values)})")
    if type_.name in _NUMERIC and not type_.is_array:
        if said.low is not None and said.high is not None:
            yield expression(f"{column} BETWEEN {said.low} AND {said.high}")
        elif said.low is not None:
            yield expression(f"{column} >= {said.low}")
        elif said.high is not None:
            yield expression(f"{column} <= {said.high}")
