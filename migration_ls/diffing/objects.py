"""What differs besides tables: extensions, sequences, views, comments."""

from collections.abc import Iterable, Iterator

from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_extension import CreateExtension, DropExtension
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_namespace import CreateNamespace
from migration_ls.operations.create_sequence import CreateSequence, change_sequence, plain
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.union import Operation
from migration_ls.postgres.extensions import OPERATOR_CLASSES, TYPES, needed_by_exclusion
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Comment, Schema, View
from migration_ls.schema.tables import RelationKind, Table


def missing_extensions(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Extensions that are asked for, and those that a new column, index or constraint needs."""
    for name in sorted(wanted.extensions - current.extensions):
        yield CreateExtension(name=name)
    known = current.extensions | wanted.extensions
    needed = {
        name for key, table in wanted.tables.items() if table is not current.table(key) for name in _needed(table)
    }
    before = {name for table in current.tables.values() for name in _needed(table)} if needed - known else set()
    for name in sorted(needed - known - before):
        yield CreateExtension(name=name, if_not_exists=True, keeps=True)


def missing_namespaces(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Namespaces that are asked for, and those of new tables, sequences and views."""
    asked = wanted.namespaces - current.namespaces
    for name in sorted(asked):
        yield CreateNamespace(namespace=name)
    used = {name.namespace for kind in (wanted.tables, wanted.views, wanted.enums, wanted.sequences) for name in kind}
    if more := used - asked - current.namespaces:
        kinds = (current.tables, current.views, current.enums, current.sequences)
        for name in sorted(more - {name.namespace for kind in kinds for name in kind}):
            yield CreateNamespace(namespace=name, if_not_exists=True, keeps=True)


def _needed(table: Table) -> Iterator[str]:
    for column in table.columns:
        if name := TYPES.get(column.type.name.rpartition(".")[2]):
            yield name
    for index in table.indexes:
        for part in index.parts:
            if part.opclass and (name := OPERATOR_CLASSES.get(part.opclass)):
                yield name
    for exclusion in table.exclusions:
        types = {column.name: column.type.name for column in table.columns}
        if name := needed_by_exclusion(exclusion.definition, types):
            yield name


def unused_extensions(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Extensions that shall go; what something wanted needs stays, though nobody names it."""
    gone = current.extensions - wanted.extensions
    needed = {name for table in wanted.tables.values() for name in _needed(table)} if gone else set[str]()
    for name in sorted(gone - needed):
        yield DropExtension(name=name)


def new_sequences(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Sequences to make or to change."""
    for name, sequence in wanted.sequences.items():
        old = current.sequences.get(name)
        if old is None:
            yield CreateSequence(sequence=plain(sequence))
        elif plain(old) != plain(sequence):
            yield change_sequence(old, sequence)


def dropped_sequences(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Sequences that shall go; one that a column owns goes with its column."""
    for name, sequence in current.sequences.items():
        owner = sequence.owned_by and wanted.table(sequence.owned_by[0])
        gone = sequence.owned_by and (owner is None or owner.column(sequence.owned_by[1]) is None)
        if name not in wanted.sequences and not gone:
            yield DropSequence(name=name)


def is_materialized(schema: Schema, name: Name) -> bool:
    """Whether the view holds rows of its own."""
    table = schema.table(name)
    return table is not None and table.kind is RelationKind.MATERIALIZED_VIEW


def made_view(schema: Schema, view: View) -> Iterator[Operation]:
    """The view, with the indexes of a materialized one."""
    materialized = is_materialized(schema, view.name)
    yield CreateView(view=view, materialized=materialized)
    table = schema.table(view.name)
    for index in table.indexes if materialized and table else ():
        yield CreateIndex(table=view.name, index=index)
    yield from comments_at(schema, view.name)


def comments_at(schema: Schema, relation: Name) -> Iterator[CommentOn]:
    """What is said of the relation, where it is no table, and of what stands at it."""
    for what, item in schema.comments.items():
        if item.table == relation:
            yield CommentOn(table=item.table, part=item.part, what=what, comment=item.text)


def other_comments(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Comments of anything but tables and columns that are said otherwise; what goes takes its comment along."""
    for what, item in wanted.comments.items():
        known = current.comments.get(what)
        if known is None or known.text != item.text:
            yield CommentOn(table=item.table, part=item.part, what=what, comment=item.text)
    for what, item in current.comments.items():
        if what not in wanted.comments and _stays(item, wanted):
            yield CommentOn(table=item.table, part=item.part, what=what, comment=None)


def _stays(item: Comment, wanted: Schema) -> bool:
    """Whether the object is there still, as far as that is known."""
    kind, _, rest = item.what.partition(" ")
    name = rest.partition(" ")[0].rpartition(".")[2].strip('"')
    table = wanted.table(item.table) if item.table else None
    if item.part:
        known = {one.name for one in (*table.constraints, *table.dependents)} if table else set[str | None]()
        return name in known
    if item.table is not None:
        return wanted.kind(item.table) is not None
    if kind == "INDEX":
        return wanted.find_index(name) is not None
    if kind in {"TYPE", "DOMAIN"}:
        return any(name == one.name for kinds in (wanted.enums, wanted.domains) for one in kinds)
    return kind not in {"SCHEMA", "EXTENSION"} or name in wanted.namespaces | wanted.extensions


def _same(one: View, other: View) -> bool:
    return " ".join(one.query.split()) == " ".join(other.query.split()) and one.head.split() == other.head.split()


def readers_of(schema: Schema, names: Iterable[Name]) -> tuple[Name, ...]:
    """Views that read any of the relations, directly or through other views: those first that nobody else reads."""
    own = set(names)
    found = set(own)
    while more := {view.name for view in schema.views.values() if view.reads & found} - found:
        found |= more
    return tuple(reversed(inner_first(schema, [name for name in schema.views if name in found - own])))


def changed_views(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Views whose query is another: dropped with what reads them, and made again."""
    changed = [
        name
        for name, view in wanted.views.items()
        if (old := current.views.get(name)) is not None
        and (not _same(old, view) or is_materialized(current, name) is not is_materialized(wanted, name))
    ]
    if changed:
        kept = [name for name in readers_of(current, changed) if name in wanted.views]
        affected = inner_first(current, [*changed, *kept])[::-1]
        for name in affected:
            yield DropView(name=name, materialized=is_materialized(current, name))
        for name in inner_first(wanted, affected):
            yield from made_view(wanted, wanted.views[name])


def inner_first(schema: Schema, names: Iterable[Name]) -> list[Name]:
    """The views in an order in which each finds what it reads."""
    waiting = list(names)
    ordered: list[Name] = []
    while waiting:
        free = [name for name in waiting if not schema.views[name].reads & (set(waiting) - {name})] or waiting[:1]
        ordered += free
        waiting = [name for name in waiting if name not in free]
    return ordered


def new_views(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Views that are not there yet."""
    for name in inner_first(wanted, [name for name in wanted.views if name not in current.views]):
        yield from made_view(wanted, wanted.views[name])


def dropped_views(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Views that shall go, those first that nobody reads."""
    gone = [name for name in current.views if name not in wanted.views]
    for name in reversed(inner_first(current, gone)):
        yield DropView(name=name, materialized=is_materialized(current, name))


def comments(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Comments of tables, columns and everything else that are said otherwise."""
    made = {name for name in wanted.views if name not in current.views}
    # a view that is made gets its comment with it
    yield from (item for item in other_comments(current, wanted) if getattr(item, "table", None) not in made)
    for name, table in wanted.tables.items():
        old = current.table(name)
        if old is table or table.kind is RelationKind.MATERIALIZED_VIEW:
            continue
        if table.comment != (old.comment if old else None):
            yield CommentOn(table=name, comment=table.comment)
        for column in table.columns:
            before = old.column(column.name) if old else None
            if column.comment != (before.comment if before else None):
                yield CommentOn(table=name, column=column.name, comment=column.comment)
