"""Drafts to tables, when everything is read: types, keys, and what lists told of tables."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from migration_ls.postgres.quoting import identifier, literal
from migration_ls.postgres.types import ColumnType
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name, name_from_text
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum, Schema, schema_of
from migration_ls.schema.tables import (
    Check,
    Column,
    Exclusion,
    FkAction,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
    Unique,
)
from migration_ls.sources.problem import Problem
from migration_ls.sources.schema_doc.defaults import default_sql
from migration_ls.sources.schema_doc.draft import Draft
from migration_ls.sources.schema_doc.entries import Entry, places_of
from migration_ls.sources.schema_doc.lists import Told, ToldConstraint, ToldIndex, ToldName, ToldReference
from migration_ls.sources.schema_doc.registry import Candidate, Registry
from migration_ls.sources.schema_doc.said import Said, Target
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
    for draft in registry.drafts:
        for entry, origin in draft.entries.values():
            draft.columns[entry.name] = _column(state, draft, entry, origin)
        for name, column in draft.columns.items():
            draft.columns[name] = _postgres_type(state, column, draft)
    for draft in registry.drafts:
        _keys(draft)
    for draft in registry.drafts:
        for entry, origin in draft.entries.values():
            _constraints(registry, draft, entry, origin)
        draft.foreign_keys[:] = [_settled(registry, draft, key) for key in draft.foreign_keys]
    for told, origin, candidate in registry.told:
        _tell(registry, told, origin, candidate)
    schema = schema_of((_table(draft) for draft in registry.drafts), state.enums.values())
    return schema, tuple(sorted(registry.notes))


def _is_table(draft: Draft) -> bool:
    """Whether it has columns, and, where its name is often something else's, a primary key."""
    if not draft.weak:
        return bool(draft.entries or draft.columns)
    return draft.primary_key is not None or any(entry.said.primary_key for entry, _ in draft.entries.values())


def _table(draft: Draft) -> Table:
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
    type_ = read.type
    if type_ is None:
        type_ = (
            ColumnType("integer") if said.autoincrement or said.identity else _referenced(state.registry, draft, entry)
        )
    if read.loose and type_.is_built_in:
        _note_loose(state.registry, draft, read.loose, type_, places_of(entry, origin))
    length = said.length or (said.high if said.high and said.high.isdigit() else None)
    if type_.name == "character varying" and not type_.modifiers and not type_.is_array and length and int(length) > 0:
        type_ = replace(type_, modifiers=(str(int(length)),))
    return type_


def _note_loose(
    registry: Registry, draft: Draft, word: str, type_: ColumnType, places: tuple[tuple[str, Origin], ...]
) -> None:
    """A type that PostgreSQL does not have; a problem where SQL is meant, since prose may say `string`."""
    registry.notes.add(f"`{word.lower()}` in a document is read as `{type_.name}`")
    place = dict(places).get("type")
    if place is not None and (draft.form == "sql" or word.isupper()):
        problem = Problem(
            code="schema-doc-foreign-type",
            message=f"`{word}` is no type of PostgreSQL, so it is read as `{type_.name}`",
            help=f"Write `{type_.name}` if that is meant, else the type that PostgreSQL has",
            span=place.span,
            serious=False,
        )
        registry.problems.append((place.path, problem))


def _referenced(registry: Registry, draft: Draft, entry: Entry) -> ColumnType:
    """The type of a column that is only said to refer to another: that of the other."""
    said = entry.said
    if said.reference is not None and (target := _target(registry, draft, entry.name, said.reference)):
        other, columns = target
        found = registry.exact(other)
        name = columns[0] if columns else "id"
        if found and name in found.columns:
            return found.columns[name].type
        if found and name in found.entries and (type_said := found.entries[name][0].said.type) and type_said.type:
            return type_said.type
        return ColumnType("integer")
    return ColumnType("character varying")


def _enum(state: _Finish, name: Name, values: tuple[str, ...], origin: Origin) -> ColumnType:
    known = next((enum for enum in state.enums.values() if enum.values == values), None)
    if known is None:
        known = state.enums.setdefault(name, Enum(name=name, values=values, origin=origin))
    return ColumnType(str(known.name))


def _postgres_type(state: _Finish, column: Column, draft: Draft) -> Column:
    """With a type that PostgreSQL has: of names that it has not, what they stand for, or the enum they spell."""
    if column.type.is_built_in:
        return column
    name = column.type.name
    known = {_folded(enum.name.name): enum for enum in state.enums.values()}
    if (enum := known.get(_folded(name.rpartition(".")[2]))) is not None:
        return replace(column, type=ColumnType(str(enum.name), (), column.type.dimensions))
    if (type_ := loose_type(name)) is not None:
        _note_loose(state.registry, draft, name, type_, column.places)
        modifiers = column.type.modifiers if type_.name == "character varying" else ()
        return replace(column, type=ColumnType(type_.name, modifiers, column.type.dimensions or type_.dimensions))
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
    if said.reference is not None and (target := _target(registry, draft, entry.name, said.reference)):
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
    for condition in _conditions(entry.name, said, draft.columns[entry.name].type):
        draft.add_check(Check(name=None, expression=condition, origin=origin))


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


def _target(registry: Registry, draft: Draft, column: str, target: Target) -> tuple[Name, tuple[str, ...]] | None:
    """The table and columns that a foreign key refers to; None where nobody says and none can be told."""
    path, columns = target.path, target.columns
    if not path:
        stem = re.sub(r"_?(?:id|uuid|key|code)\Z", "", column, flags=re.IGNORECASE)
        found = registry.find(stem, draft.name.namespace) if stem and stem != column else None
        if found is None:
            return None
    else:
        found, columns = _resolved(registry, draft, path, columns)
    if found is None:
        name = path if columns or path.count(".") == 0 else path.rpartition(".")[0]
        columns = columns or ((path.rpartition(".")[2],) if "." in path else ("id",))
        return name_from_text(name), columns
    key = found.primary_key.columns if found.primary_key else _key_of(found)
    return found.name, columns or (key if len(key) == 1 else ("id",))


def _key_of(draft: Draft) -> tuple[str, ...]:
    return tuple(entry.name for entry, _ in draft.entries.values() if entry.said.primary_key)


def _resolved(
    registry: Registry, draft: Draft, path: str, columns: tuple[str, ...]
) -> tuple[Draft | None, tuple[str, ...]]:
    """`app.users.id`, `users.id`, `app.users` and `users`, whichever exists."""
    exact = registry.exact(name_from_text(path)) if path.count(".") < 2 else None
    if exact is not None:
        return exact, columns
    before, dot, last = path.rpartition(".")
    if dot and (found := registry.find(before, draft.name.namespace)):
        return found, columns or (last,)
    return registry.find(path, draft.name.namespace), columns


def _settled(registry: Registry, draft: Draft, key: ForeignKey) -> ForeignKey:
    """A foreign key read from SQL or Python, led to the table as the documents spell it."""
    if registry.exact(key.ref_table):
        return key
    found = registry.find(str(key.ref_table), draft.name.namespace)
    return replace(key, ref_table=found.name) if found else key


def _tell(registry: Registry, told: Told, origin: Origin, candidate: Candidate | None) -> None:
    draft = _owner(registry, told, candidate)
    if draft is None:
        return
    match told:
        case ToldIndex(index=index):
            if _has(draft, index.columns) and _used(index) <= set(draft.columns):
                draft.add_index(replace(index, origin=origin))
        case ToldName(name=name, unique=unique):
            _named_index(draft, name, unique=unique, origin=origin)
        case ToldReference():
            _told_reference(registry, draft, told, origin)
        case ToldConstraint(constraint=constraint):
            match constraint:
                case PrimaryKey():
                    if _has(draft, constraint.columns) and draft.primary_key is None:
                        draft.primary_key = replace(constraint, origin=origin)
                case Unique():
                    if _has(draft, constraint.columns):
                        draft.add_unique(replace(constraint, origin=origin))
                case Check():
                    if not told.guessed or constraint.expression.columns <= set(draft.columns):
                        draft.add_check(replace(constraint, origin=origin))
                case ForeignKey() | Exclusion():
                    pass


def _has(draft: Draft, columns: tuple[str, ...]) -> bool:
    return all(name in draft.columns for name in columns)


def _used(index: Index) -> set[str]:
    """The columns of the index's expressions."""
    return {name for part in index.parts if part.is_expression for name in expression(part.text).columns}


def _owner(registry: Registry, told: Told, candidate: Candidate | None) -> Draft | None:
    table = "" if isinstance(told, ToldName) else told.table
    if table:
        return registry.find(table)
    if candidate is not None:
        named = candidate.draft or registry.find(str(candidate.name))
        if named is not None and not named.dropped:
            return named
    if isinstance(told, ToldName):
        bare = re.sub(r"^(?:ix|idx|ux|uix|uq)_", "", told.name)
        fitting = [draft for draft in registry.drafts if bare.startswith(draft.name.name + "_")]
        return max(fitting, key=lambda draft: len(draft.name.name), default=None)
    columns = _told_columns(told)
    fitting = [draft for draft in registry.drafts if columns and columns <= set(draft.columns)]
    return fitting[0] if len(fitting) == 1 else None


def _told_columns(told: ToldIndex | ToldConstraint | ToldReference) -> set[str]:
    match told:
        case ToldIndex(index=index):
            return {*index.columns, *_used(index)}
        case ToldReference(columns=columns):
            return set(columns)
        case ToldConstraint(constraint=Check(expression=condition)):
            return set(condition.columns)
        case ToldConstraint(constraint=PrimaryKey(columns=columns) | Unique(columns=columns)):
            return set(columns)
        case _:
            return set()


def _named_index(draft: Draft, name: str, *, unique: bool, origin: Origin) -> None:
    """`idx_tasks_user_id` alone says its column, where the rest of the name is one."""
    bare = re.sub(r"^(?:ix|idx|ux|uix|uq)_", "", name)
    rest = bare.removeprefix(draft.name.name + "_")
    if rest in draft.columns:
        draft.add_index(Index(name=name, parts=(IndexPart(text=rest),), unique=unique, origin=origin))


def _told_reference(registry: Registry, draft: Draft, told: ToldReference, origin: Origin) -> None:
    if not _has(draft, told.columns):
        return
    target = _target(registry, draft, told.columns[0], Target(path=told.target, columns=told.ref_columns))
    if target is None:
        return
    action: FkAction = told.on_delete or "NO ACTION"
    draft.add_foreign_key(
        ForeignKey(
            name=told.name,
            columns=told.columns,
            ref_table=target[0],
            ref_columns=target[1],
            on_delete=action,
            origin=origin,
        )
    )
