"""Which columns move to another table, how the rows of the two belong together, and what stands in the way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.union import Operation
from migration_ls.planning.situation import Situation
from migration_ls.postgres.quoting import identifier
from migration_ls.schema import request as asked
from migration_ls.schema.dependents import keys_to, views_on
from migration_ls.schema.names import Name
from migration_ls.schema.request import Request
from migration_ls.schema.tables import Column, ForeignKey, RelationKind, Table


class Way(StrEnum):
    """How the rows of the other table come about."""

    THERE = "they are there already, for other reasons"
    ONE = "one for each row that has a value"
    LINKS = "one for each pair of row and value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Columns of `source` that move to `target`, whose foreign key `key` refers to it."""

    source: Table
    target: Table
    key: ForeignKey
    olds: tuple[Column, ...]
    news: tuple[Column, ...]
    way: Way
    request: Request
    kept_keys: tuple[ForeignKey, ...] = ()
    """Foreign keys of the new columns, each with the columns that it refers to."""

    @property
    def title(self) -> str:
        """What moves."""
        return ", ".join(f"`{self.source.name}.{column.name}`" for column in self.olds)

    @property
    def asked(self) -> Operation:
        """What it is planned for."""
        return DropColumn(table=self.source.name, column=self.olds[0].name)

    @property
    def parent_key(self) -> tuple[str, ...]:
        """The columns of the source that the other table's rows refer to, in the order of its foreign key."""
        return self.key.referred(self.source)

    def joined(self, target: str, source: str) -> str:
        """The condition that rows, by what stands for them, belong together."""
        parts = zip(self.key.columns, self.parent_key, strict=True)
        return " AND ".join(f"{target}.{identifier(own)} = {source}.{identifier(other)}" for own, other in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A move that no plan is offered for."""

    request: Request
    change: asked.MoveColumns
    why: str
    help: str


def moves_of(situation: Situation, requests: Sequence[Request]) -> tuple[tuple[Move, ...], tuple[Refused, ...]]:
    """Every move that is asked for and open, and those that nothing safe is known for."""
    moves: list[Move] = []
    refused: list[Refused] = []
    for request in requests:
        change = request.change
        if not isinstance(change, asked.MoveColumns):
            continue
        source, target = situation.current.table(change.table), situation.wanted.table(change.to)
        later = situation.wanted.table(change.table)
        if source is None or target is None or later is None or _done(change, source, later):
            continue
        found = _move(request, change, source, target, situation)
        if isinstance(found, Move):
            moves.append(found)
        else:
            refused.append(Refused(request=request, change=change, why=found[0], help=found[1]))
    return tuple(moves), tuple(refused)


def _done(change: asked.MoveColumns, source: Table, later: Table) -> bool:
    return any(source.column(name) is None or later.column(name) for name in change.columns)


def _move(
    request: Request, change: asked.MoveColumns, source: Table, target: Table, situation: Situation
) -> Move | tuple[str, str]:
    keys = [key for key in target.foreign_keys if key.ref_table == source.name]
    olds = tuple(column for name in change.columns if (column := source.column(name)))
    news = tuple(column for item in change.into if (column := target.column(item.name)))
    if len(keys) != 1:
        number = "no" if not keys else "more than one"
        return (
            f"`{target.name}` has {number} foreign key that refers to `{source.name}`",
            "add one, or write by hand which rows belong together",
        )
    if len(news) < len(olds):
        return f"`{target.name}` has no column for each that moves", "say the name of each column there"
    way = _way(change, target, keys[0], news, situation)
    if way is None:
        return (
            f"nothing says how many rows of `{target.name}` belong to one of `{source.name}`",
            "give it a primary key of the reference alone, or of the reference and the value",
        )
    move = Move(
        source=source,
        target=target,
        key=keys[0],
        olds=olds,
        news=news,
        way=way,
        request=request,
        kept_keys=tuple(_kept_keys(target, news, situation)),
    )
    return next(_in_the_way(move, situation), move)


def _kept_keys(target: Table, news: Iterable[Column], situation: Situation) -> Iterator[ForeignKey]:
    names = {column.name for column in news}
    for key in target.foreign_keys:
        if set(key.columns) <= names:
            yield replace(key, ref_columns=key.referred(situation.wanted.table(key.ref_table)))


def _way(
    change: asked.MoveColumns, target: Table, key: ForeignKey, news: Iterable[Column], situation: Situation
) -> Way | None:
    if situation.current.table(change.to) is not None:
        return Way.THERE
    keys = [set(item.columns) for item in (target.primary_key, *target.uniques) if item]
    if set(key.columns) in keys:
        return Way.ONE
    return Way.LINKS if {*key.columns, *(column.name for column in news)} in keys else None


def _in_the_way(move: Move, situation: Situation) -> Iterator[tuple[str, str]]:
    by_hand = "write it by hand; it is checked then"
    for table in (move.source, move.target):
        if table.kind is not RelationKind.TABLE or table.partition_of or table.inherits:
            yield f"`{table.name}` has partitions or heirs", by_hand
        if table.primary_key is None and (table is move.source or move.way is Way.THERE):
            yield f"`{table.name}` has no primary key to walk by", "give it one first"
    if situation.current.children(move.source.name):
        yield f"`{move.source.name}` has partitions or heirs", by_hand
    for old, new in zip(move.olds, move.news, strict=True):
        if old.generated or new.generated or old.identity or old.autoincrement:
            yield f"`{move.source.name}.{old.name}` takes its values from PostgreSQL itself", by_hand
        if old.type != new.type:
            yield (
                f"`{move.target.name}.{new.name}` is `{new.type}`, and `{move.source.name}.{old.name}` is `{old.type}`",
                "change the type before it moves, in a migration of its own",
            )
        if move.way is Way.THERE and new.nullable is False:
            yield (
                f"`{move.target.name}.{new.name}` is NOT NULL, and not every row has one of `{move.source.name}`",
                "let it be empty; make it NOT NULL later",
            )
    yield from _keys_in_the_way(move, situation)
    if move.way is not Way.THERE:
        yield from _rows_in_the_way(move)


def _rows_in_the_way(move: Move) -> Iterator[tuple[str, str]]:
    """Why the server cannot write the other table's rows by itself, or would write them too early."""
    known = {*move.key.columns, *(column.name for column in move.news)}
    for column in move.target.columns:
        if column.name not in known and column.nullable is False and not column.has_default:
            yield f"`{move.target.name}.{column.name}` is NOT NULL, and nothing says its value", "give it a default"
    for column in move.olds:
        if column.has_default:
            name = f"`{move.source.name}.{column.name}`"
            yield (
                f"{name} has a default, so that every INSERT would make a row of `{move.target.name}`",
                "let the column be empty, and drop its default, in a release before this one",
            )
    if move.key.on_delete != "CASCADE":
        yield (
            f"the previous release could not delete rows of `{move.source.name}` that `{move.target.name}` refers to",
            f"say ON DELETE CASCADE for the foreign key of `{move.target.name}`",
        )
    if move.way is Way.LINKS and len(move.olds) > 1:
        yield f"a row of `{move.target.name}` stands for several columns", "move them one by one"


def _keys_in_the_way(move: Move, situation: Situation) -> Iterator[tuple[str, str]]:
    names = {column.name for column in move.olds}
    table = move.source
    if table.primary_key and names & set(table.primary_key.columns):
        yield f"{move.title} is in the primary key of `{table.name}`", "make another key first"
    for other, key in keys_to(situation.current, table, names):
        yield f"the foreign key `{key.name}` of `{other.name}` refers to {move.title}", "drop it first"
    if made := table.generated_from(names):
        yield f"`{table.name}.{made[0].name}` is generated from {move.title}", "make it a plain column first"
    for column in move.olds:
        for item in table.needing(column.name):
            yield f"the {item.kind} `{item.name}` of `{table.name}` stands on it", f"change the {item.kind} first"
        for view in views_on(situation.current, table.name, column.name):
            later = situation.wanted.views.get(view.name)
            if later is not None and later.query.split() == view.query.split():
                yield f"the view `{view.name}` reads {move.title}", f"say first what `{view.name}` shall read"


def columns_moved(items: Iterable[Move | Refused]) -> frozenset[tuple[Name, str]]:
    """The columns that go with moves."""
    found: set[tuple[Name, str]] = set()
    for item in items:
        if isinstance(item, Move):
            found |= {(item.source.name, column.name) for column in item.olds}
        else:
            found |= {(item.change.table, name) for name in item.change.columns}
    return frozenset(found)
