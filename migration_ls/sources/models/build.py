"""Tables from classes and from `Table(...)`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.tables import Column, PrimaryKey, RelationKind, Table
from migration_ls.sources.models.arguments import arguments_of, callee
from migration_ls.sources.models.classes import attribute_of, body_env, local_order, own_attribute
from migration_ls.sources.models.columns import Draft, is_column, read_column
from migration_ls.sources.models.constraints import Parts, add_argument, add_own_parts
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.displays import items
from migration_ls.sources.models.evaluate import expand, string
from migration_ls.sources.models.facts import Assignment, Class, Function
from migration_ls.sources.models.fields import is_field, read_field
from migration_ls.sources.models.mapped import read_attribute, read_composite, read_declared
from migration_ls.sources.models.metadata import metadata_of, metadata_of_class
from migration_ls.sources.models.naming import Metadata
from migration_ls.sources.models.sql_types import at_home
from migration_ls.sources.models.tablenames import is_declarative, is_sqlmodel, is_table, name_of_class, table_options
from migration_ls.sources.models.values import ClassValue, Env, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A table; `borrowed` are its columns without a type of their own, and the columns whose type they take."""

    table: Table
    borrowed: tuple[tuple[str, Name, str], ...] = ()
    sequences: tuple[str, ...] = ()


def table_of_class(context: Context, cls: ClassValue, children: Iterable[ClassValue] = ()) -> Built | None:
    """The table that a class makes; None when it makes none. `children` share it: single-table inheritance."""
    given = attribute_of(context, cls, "__table_args__")
    listed = items(context, given) or () if given is not None else ()
    options = table_options(context, cls)
    metadata = metadata_of_class(context, cls)
    fixed = own_attribute(cls, "__table__")
    if isinstance(fixed, Assignment) and fixed.value is not None:
        return table_of_call(context, context.lookup.value(fixed.value, cls.env), cls)
    name = name_of_class(context, cls)
    if name is None:
        return None
    drafts = list(_sqlmodel_drafts(context, cls) if is_sqlmodel(context, cls) else _declared_drafts(context, cls))
    for child in children:
        known = {draft.name for draft in drafts}
        for draft in _own_drafts(context, child, child):
            if draft.name not in known:
                draft.nullable = True if draft.nullable is None else draft.nullable
                drafts.append(draft)
    full = Name(name[1], name[0] or "public")
    frame = _Frame(name=full, listed=listed, options=options, metadata=metadata, origin=cls.origin, class_name=cls.name)
    return _assembled(context, frame, drafts)


def _sqlmodel_drafts(context: Context, cls: ClassValue) -> Iterator[Draft]:
    """The columns of a SQLModel class in the order of the table."""
    fields: dict[str, tuple[Assignment, Env]] = {}
    others: dict[str, Draft] = {}
    for base in reversed(local_order(context, cls)):
        env = body_env(context, base, cls)
        for statement in base.facts.body:
            match statement:
                case Assignment() if is_field(context, statement, env):
                    fields[statement.name] = (statement, env)
                case Assignment(annotation=None) | Function():
                    draft = _other_draft(context, cls, statement, env)
                    if draft is not None:
                        others[draft.key] = draft
                case Assignment():
                    fields.pop(statement.name, None)
                case _:
                    pass
    for name in _order(cls, list(fields)):
        if name in fields:
            yield read_field(context, *fields[name])
    for draft in others.values():
        if draft.key not in fields:
            yield draft


def _other_draft(context: Context, cls: ClassValue, statement: Assignment | Function, env: Env) -> Draft | None:
    if isinstance(statement, Function):
        return read_declared(context, cls, statement, env)
    return read_attribute(context, cls, statement, env)


def _order(cls: ClassValue, fields: list[str]) -> list[str]:
    """SQLAlchemy's order of a class's attributes: what the class has merged with what it annotates."""
    own = [item for item in cls.facts.body if isinstance(item, Assignment | Function | Class)]
    annotated = list(
        dict.fromkeys(item.name for item in own if isinstance(item, Assignment) and item.annotation is not None)
    )
    annotations = [*(name for name in annotated if name not in fields), *(name for name in annotated if name in fields)]
    others = [item.name for item in own if item.name not in fields and not _is_relation(item, annotated)]
    return merged([*dict.fromkeys(others), *fields], annotations)


def _is_relation(item: Assignment | Function | Class, annotated: list[str]) -> bool:
    return isinstance(item, Assignment) and item.name in annotated and not item.name.startswith("__")


def merged(one: list[str], other: list[str]) -> list[str]:
    """Two lists as SQLAlchemy merges them: each up to the next name that both have, in turns."""
    both = set(one) & set(other)
    result: list[str] = []
    current, waiting = iter(one), iter(other)
    while True:
        for name in current:
            if name in both:
                both.discard(name)
                current, waiting = waiting, current
                break
            result.append(name)
        else:
            result.extend(waiting)
            return result


def _declared_drafts(context: Context, cls: ClassValue) -> Iterator[Draft]:
    """The columns of a declarative class: its own first, then those of mixins and abstract bases."""
    drafts: dict[str, Draft] = {}
    for base in local_order(context, cls):
        if base is not cls and is_declarative(context, base):
            if is_table(context, base):
                break
            continue
        for draft in _own_drafts(context, base, cls):
            drafts.setdefault(draft.key, draft)
    yield from sorted(drafts.values(), key=lambda draft: draft.sort_order)


def _own_drafts(context: Context, base: ClassValue, cls: ClassValue) -> Iterator[Draft]:
    env = body_env(context, base, cls)
    found: dict[str, tuple[Draft, ...]] = {}
    for statement in base.facts.body:
        if isinstance(statement, Assignment | Function) and not statement.name.startswith("__"):
            draft = _other_draft(context, cls, statement, env)
            if draft is not None:
                found[statement.name] = (draft,)
            elif isinstance(statement, Assignment):
                found[statement.name] = tuple(read_composite(context, cls, statement, env))
    valued = [
        item.name
        for item in base.facts.body
        if not isinstance(item, Assignment) or item.value is not None
        if isinstance(item, Assignment | Function | Class)
    ]
    annotated = [item.name for item in base.facts.body if isinstance(item, Assignment) and item.annotation is not None]
    for name in merged(list(dict.fromkeys(valued)), list(dict.fromkeys(annotated))):
        yield from found.pop(name, ())


def table_of_call(context: Context, value: Value, cls: ClassValue | None = None) -> Built | None:
    """The table that `Table(name, metadata, ...)` makes; None when the value is none."""
    made = expand(context, value)
    given = arguments_of(context, made) if callee(context, made) == "Table" else None
    if given is None:
        return None
    name, origin = given.text("name", 0), given.origin
    if name is None or origin is None:
        return None
    metadata = metadata_of(context, given.named("metadata", 1))
    drafts: list[Draft] = []
    rest: list[Value] = []
    for position, item in enumerate(given.positional[2:], start=2):
        column = is_column(context, item)
        if column is None:
            rest.append(item)
            continue
        place = given.place_at(position) or origin
        drafts.append(_named(read_column(context, column, Draft(key="", name="", origin=place))))
    namespace = given.text("schema") if "schema" in given.keywords else metadata.namespace
    full = Name(name, namespace or "public")
    where = given.place_at(0) or origin
    frame = _Frame(
        name=full,
        listed=tuple(rest),
        options=given.keywords,
        metadata=metadata,
        origin=cls.origin if cls else where,
        class_name=cls.name if cls else None,
    )
    return _assembled(context, frame, drafts)


def _named(draft: Draft) -> Draft:
    draft.key = draft.key or draft.name
    return draft


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What a table is besides its columns: what is listed in its arguments, its options, where it stands."""

    name: Name
    listed: tuple[Value, ...]
    options: dict[str, Value]
    metadata: Metadata
    origin: Origin
    class_name: str | None


def _assembled(context: Context, frame: _Frame, drafts: list[Draft]) -> Built:
    name, metadata, origin, options = frame.name, frame.metadata, frame.origin, frame.options
    drafts = [draft for draft in drafts if draft.name]
    for draft in drafts:
        if draft.type is not None and draft.type.enum_name is not None:
            place = draft.places.get("type", draft.origin)
            draft.type = at_home(context, draft.type, name.namespace, metadata.namespace, place)
    parts = Parts(table=name, metadata=metadata, columns={draft.key: draft.name for draft in drafts})
    for item in frame.listed:
        add_argument(context, item, parts, origin)
    if parts.primary_key is not None and parts.primary_key.columns:
        for draft in drafts:
            draft.primary_key = draft.primary_key or draft.name in parts.primary_key.columns
    for draft in drafts:
        add_own_parts(draft, parts)
    key = _primary_key(drafts, parts)
    counting = _counting(drafts, key, parts)
    comment = string(context, options["comment"]) if "comment" in options else None
    partition = string(context, options["postgresql_partition_by"]) if "postgresql_partition_by" in options else None
    table = Table(
        name=name,
        columns=tuple(_column(draft, counts=draft is counting) for draft in drafts),
        primary_key=key,
        uniques=tuple(parts.uniques),
        checks=tuple(parts.checks),
        foreign_keys=tuple(parts.foreign_keys),
        exclusions=tuple(parts.exclusions),
        indexes=tuple(parts.indexes),
        kind=RelationKind.PARTITIONED if partition else RelationKind.TABLE,
        partition_key=partition,
        comment=comment,
        origin=origin,
        class_name=frame.class_name,
    )
    borrowed = _borrowed(drafts, metadata.namespace)
    sequences = tuple(draft.sequence for draft in drafts if draft.sequence)
    return Built(table=table, borrowed=borrowed, sequences=sequences)


def with_late(built: Built, parts: Parts, drafts: Iterable[Draft]) -> Built:
    """The table with what was added to it after it was made."""
    table, parts = built.table, parts.copied()
    added = [draft for draft in drafts if draft.name and table.column(draft.name) is None]
    namespace = parts.metadata.namespace
    for draft in added:
        add_own_parts(draft, parts)
    return Built(
        table=replace(
            table,
            columns=(*table.columns, *(_column(draft, counts=False) for draft in added)),
            uniques=(*table.uniques, *parts.uniques),
            checks=(*table.checks, *parts.checks),
            foreign_keys=(*table.foreign_keys, *parts.foreign_keys),
            exclusions=(*table.exclusions, *parts.exclusions),
            indexes=(*table.indexes, *parts.indexes),
        ),
        borrowed=(*built.borrowed, *_borrowed(added, namespace)),
        sequences=(*built.sequences, *(draft.sequence for draft in added if draft.sequence)),
    )


def _borrowed(drafts: Iterable[Draft], namespace: str | None) -> tuple[tuple[str, Name, str], ...]:
    return tuple(
        (draft.name, made.ref_table, made.ref_columns[0])
        for draft in drafts
        if draft.type is None and draft.keys
        for made in [draft.keys[0].made(draft.name, namespace)]
    )


def _primary_key(drafts: list[Draft], parts: Parts) -> PrimaryKey | None:
    columns = tuple(draft.name for draft in drafts if draft.primary_key)
    if not columns:
        return None
    given = parts.primary_key
    if given is not None:
        return PrimaryKey(name=given.name, columns=given.columns or columns, origin=given.origin)
    first = next(draft for draft in drafts if draft.primary_key)
    place = first.places.get("primary_key", first.origin)
    return PrimaryKey(name=parts.name("pk", None, columns), columns=columns, origin=place)


def _counting(drafts: list[Draft], key: PrimaryKey | None, parts: Parts) -> Draft | None:
    """The column that counts up by itself: SERIAL, by SQLAlchemy's rules for `autoincrement`."""
    if key is None:
        return None
    keyed = [draft for draft in drafts if draft.name in key.columns]
    asked = next((draft for draft in keyed if draft.autoincrement is True), None)
    chosen = asked
    if asked is None and len(keyed) == 1 and keyed[0].autoincrement in ("auto", "ignore_fk"):
        only = keyed[0]
        refers = any(only.name in item.columns for item in parts.foreign_keys) and only.autoincrement != "ignore_fk"
        integer = only.type is not None and only.type.is_integer
        if integer and not refers and not only.has_client_default and not only.has_server_default:
            chosen = only
    if chosen is None or chosen.identity or chosen.sequence or chosen.has_client_default:
        return None
    return chosen


def _column(draft: Draft, *, counts: bool) -> Column:
    default = None if counts or (draft.default is not None and draft.default.is_null) else draft.default
    return Column(
        name=draft.name,
        type=draft.type.type if draft.type is not None else ColumnType("text"),
        nullable=draft.is_nullable,
        default=default,
        autoincrement=counts,
        identity=draft.identity,
        generated=draft.generated,
        collation=draft.type.collation if draft.type is not None else None,
        comment=draft.comment,
        python_default=draft.python_default,
        origin=draft.origin,
        places=tuple([item for item in draft.places.items() if item[0] in _PLACES]),
    )


_PLACES = frozenset({"name", "type", "nullable", "default", "length"})
