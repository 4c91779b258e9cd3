"""Primary keys whose columns are replaced by wider ones, and the numbers that PostgreSQL gives them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.base import Inverse
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_sequence import CreateSequence
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.union import Operation
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.planning import checks
from migration_ls.planning.plan import Phase
from migration_ls.planning.recipes.pairs import Pair
from migration_ls.planning.recipes.standing import Item, aside
from migration_ls.planning.situation import Draft, Turn
from migration_ls.schema.dependents import keys_to
from migration_ls.schema.expression import next_value
from migration_ls.schema.renamed import renamed
from migration_ls.schema.schema import Schema, Sequence
from migration_ls.schema.tables import PrimaryKey, index_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """What takes the numbers from the old column before it changes places with the new one, and gives them to that."""

    before: tuple[tuple[Operation, Inverse | None], ...] = ()
    after: tuple[tuple[Operation, Inverse | None], ...] = ()


def counting_on(pair: Pair, former: str) -> Counting:
    """How the new column goes on counting where the old one, which is called `former` then, stopped."""
    (old,), (new,) = pair.olds, pair.news
    table, name = pair.table, new.name
    if old.identity and new.identity:
        ends = SetIdentity(table=table, column=name, identity=None, adds=False)
        again = SetIdentity(table=table, column=name, identity=old.identity, adds=True)
        begins = SetIdentity(table=table, column=name, identity=new.identity, adds=True)
        return Counting(
            before=((ends, Inverse(operations=(again,))),),
            after=((begins, Inverse(operations=(ends,))),),
        )
    if not old.autoincrement or old.sequence is None:
        return Counting()
    default = SetDefault(table=table, column=name, default=next_value(old.sequence.sql))
    no_default = SetDefault(table=table, column=name, default=None)

    def owned(column: str, type_: str) -> CreateSequence:
        sequence = Sequence(name=old.sequence or table, owned_by=(table, column), options=(("as", type_),))
        return CreateSequence(sequence=sequence, alters=True, owns=True)

    moves = owned(name, new.type.name)
    return Counting(
        before=((no_default, Inverse(operations=(default,))),),
        after=(
            (default, Inverse(operations=(no_default,))),
            (moves, Inverse(operations=(owned(former, old.type.name),))),
        ),
    )


_TAKES_PLACE = "the index on the new columns is there already, so the strong lock is brief"


def key_moved(item: Item, key: PrimaryKey, names: Mapping[str, str], wanted: Schema) -> Iterator[Draft]:
    """One transaction in which the primary key goes over to the new columns.

    Undone, it has to lie on the old ones again: foreign keys to the new ones stand on its index, so they are made
    again on one that is built before.
    """
    table, former = item.table, aside(item)
    old = renamed(PrimaryKey(name=former, columns=key.columns, include=key.include), names)
    index = index_of(key, item.built.name)
    to_key = [
        (other.name, foreign) for other, foreign in keys_to(wanted, wanted.tables[table], key.columns) if foreign.name
    ]
    back: list[Operation] = [
        CreateIndex(table=table, index=index, concurrently=True),
        *(DropConstraint(table=name, constraint=foreign.name or "", if_exists=True) for name, foreign in to_key),
        DropConstraint(table=table, constraint=item.name, if_exists=True),
        *(AddConstraint(table=name, constraint=replace(foreign, validated=False)) for name, foreign in to_key),
        *(ValidateConstraint(table=name, constraint=foreign.name or "") for name, foreign in to_key),
    ]
    again: list[Operation] = [
        CreateIndex(table=table, index=index_of(old, former), concurrently=True),
        AddConstraint(table=table, constraint=old, using_index=former),
    ]
    drop = Draft(
        phase=Phase.CONTRACT,
        turn=Turn.DROP,
        operation=DropConstraint(table=table, constraint=former),
        title=f"Let the primary key of `{table}` lie on its new columns",
        why=_TAKES_PLACE,
        table=table,
        inverse=Inverse(operations=tuple(again)),
        accepted=(("drop-primary-key", "the new one is added in the same transaction"),),
    )
    yield drop
    yield Draft(
        phase=Phase.CONTRACT,
        turn=Turn.DROP,
        operation=AddConstraint(table=table, constraint=key, using_index=item.built.name),
        title=drop.title,
        why=_TAKES_PLACE,
        table=table,
        inverse=Inverse(operations=tuple(back)),
        checks=(checks.constraint_is(table, key, validated=True),),
    )
