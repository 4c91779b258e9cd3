"""Which columns are replaced by others beside them, from which values, and what stands in the way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from migration_ls.diffing.differences import columns_of
from migration_ls.diffing.relabelling import is_of
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_type import RenameType
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.planning.recipes.in_step import Value, cast_value, relabelled
from migration_ls.planning.situation import Recast, Situation
from migration_ls.postgres.casts import integer_range, type_change
from migration_ls.schema import request as asked
from migration_ls.schema.dependents import keys_to, views_on
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.request import Request
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Exclusion, ForeignKey, RelationKind, Table, Unique


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Columns as they are, those that take their place, and the values of each side over the names of the other.

    `lossy` says what the new side does not keep; None where it keeps everything.
    """

    table: Name
    olds: tuple[Column, ...]
    news: tuple[Column, ...]
    forward: tuple[Value, ...]
    backward: tuple[Value, ...]
    asked: Operation
    lossy: str | None = None
    meant: bool = False
    """The values are made by expressions that somebody gave, not by casts."""
    request: Request | None = None
    then: "Pair | None" = None
    """The same with the names that its types have from the switch on, where these are others."""

    @property
    def settled(self) -> "Pair":
        """The pair as it is from the switch on."""
        return self.then or self

    @property
    def swaps(self) -> bool:
        """Whether the new column gets the name of the old one."""
        return self.olds[0].name == self.news[0].name

    @property
    def title(self) -> str:
        """What is replaced."""
        return f"`{self.table}.{self.olds[0].name}`"


def pairs_of(situation: Situation, requests: Sequence[Request]) -> tuple[Pair, ...]:
    """Every replacement that is asked for, and every change of type that is too slow or too sharp for one step."""
    found = [pair for request in requests if (pair := _asked(request, situation)) is not None]
    taken = {(pair.table, column.name) for pair in found for column in (*pair.olds, *pair.news)}
    found += [pair for pair in _types(situation, requests) if (pair.table, pair.olds[0].name) not in taken]
    return tuple(found)


def _asked(request: Request, situation: Situation) -> Pair | None:
    match request.change:
        case asked.RenameColumn(table=name, column=column, to=to):
            return _renamed(request, name, column, to, situation)
        case asked.ReplaceColumns():
            return _replaced(request, request.change, situation)
        case _:
            return None


def _tables(name: Name, situation: Situation) -> tuple[Table, Table] | None:
    current, wanted = situation.current.table(name), situation.wanted.table(name)
    return (current, wanted) if current and wanted else None


def _followed(name: Name, situation: Situation) -> Name:
    """The table's name after a rename that the plan begins with: what its view reads."""
    view = situation.current.views.get(name)
    if situation.current.table(name) is None and view is not None and len(view.reads) == 1:
        return next(iter(view.reads))
    return name


def _renamed(request: Request, name: Name, column: str, to: str, situation: Situation) -> Pair | None:
    name = _followed(name, situation)
    tables = _tables(name, situation)
    old = tables[0].column(column) if tables else None
    new = tables[1].column(to) if tables else None
    if tables is None or old is None or new is None or tables[0].column(to) or tables[1].column(column):
        return None
    return Pair(
        table=name,
        olds=(old,),
        news=(new,),
        forward=(cast_value(to, new.type, column, old.type),),
        backward=(cast_value(column, old.type, to, new.type),),
        asked=RenameColumn(table=name, column=column, to=to),
        lossy=_lossy(name, old, new),
        request=request,
    )


def _replaced(request: Request, change: asked.ReplaceColumns, situation: Situation) -> Pair | None:
    name = _followed(change.table, situation)
    tables = _tables(name, situation)
    if tables is None:
        return None
    olds = [column for item in change.columns if (column := tables[0].column(item))]
    news = [column for item in change.into if (column := tables[1].column(item.name))]
    there = any(tables[0].column(column.name) for column in news) or any(tables[1].column(item.name) for item in olds)
    if len(olds) < len(change.columns) or len(news) < len(change.into) or not olds or not news or there:
        return None
    known = [
        (column, expression)
        for column, expression in zip(olds, change.backward, strict=False)
        if expression is not None
    ]
    lost = [f"`{name}.{column.name}`" for column in olds if column not in [item for item, _ in known]]
    return Pair(
        table=name,
        olds=tuple(olds),
        news=tuple(news),
        forward=tuple(_given(column, item) for column, item in zip(news, change.forward, strict=True)),
        backward=tuple(_given(column, expression) for column, expression in known),
        asked=RenameColumn(table=name, column=olds[0].name, to=news[0].name),
        lossy=f"the values of {' and '.join(lost)}" if lost else None,
        meant=True,
        request=request,
    )


def _given(column: Column, expression: Expression) -> Value:
    plain = expression.canonical.isidentifier()
    return Value(column=column.name, type=column.type, text=expression.text, may_fail=not plain, guarded=not plain)


def _lossy(table: Name, old: Column, new: Column) -> str | None:
    if type_change(old.type, new.type).lossy:
        return f"what `{new.type}` does not keep of the values of `{table}.{old.name}`"
    return None


def _types(situation: Situation, requests: Iterable[Request]) -> Iterator[Pair]:
    expressions = {
        (_followed(request.change.table, situation), request.change.column): request
        for request in requests
        if isinstance(request.change, asked.ChangeType)
    }
    for name, wanted in situation.wanted.tables.items():
        current = situation.current.table(name)
        if current is None or current is wanted:
            continue
        for new in wanted.columns:
            old = current.column(new.name)
            if old is None or old.generated or new.generated or (old.type, old.collation) == (new.type, new.collation):
                continue
            request = expressions.get((name, new.name))
            change = request.change if request and isinstance(request.change, asked.ChangeType) else None
            if recast := next((item for item in situation.recasts if is_of(old, item.name)), None):
                yield recast_pair(name, old, new, recast, request)
                continue
            using = change.using if change else None
            back = change.back if change else None
            at_once = using is None and not _beside(name, old, new, situation)
            if at_once and (situation.is_small(name) or not _asked_type(name, new).rebuilds_indexes(situation.current)):
                continue
            pair = Pair(
                table=name,
                olds=(old,),
                news=(new,),
                forward=(_given(new, using) if using else cast_value(new.name, new.type, old.name, old.type),),
                backward=(_given(old, back) if back else cast_value(old.name, old.type, new.name, new.type),),
                asked=_asked_type(name, new),
                lossy=_lossy(name, old, new),
                meant=using is not None,
                request=request,
            )
            if not at_once or refusal_of(pair, situation) is None:
                yield pair


def _asked_type(table: Name, column: Column) -> SetType:
    return SetType(table=table, column=column.name, type=column.type, collation=column.collation)


def recast_pair(table: Name, old: Column, new: Column, recast: Recast, request: Request | None = None) -> Pair:
    """A column whose enum type is made anew, from label to label; a label that goes has no value."""
    gone = [value for value in recast.before.values if value not in recast.after.values]
    come = [value for value in recast.after.values if value not in recast.before.values]

    def pair(before: Column, after: Column) -> Pair:
        return Pair(
            table=table,
            olds=(before,),
            news=(after,),
            forward=(relabelled(after.name, after.type, before.name, gone),),
            backward=(relabelled(before.name, before.type, after.name, come),),
            asked=SetType(table=table, column=new.name, type=after.type),
            request=request,
        )

    aside = RenameType(name=recast.name, to=recast.former.name)
    back = RenameType(name=recast.passing, to=recast.name.name)
    return replace(pair(old, new), then=pair(aside.of_column(old), back.of_column(new)))


def _beside(table: Name, old: Column, new: Column, situation: Situation) -> bool:
    """Whether the change does not do in one step: it loses, or may fail, or writes a big table anew."""
    change = type_change(old.type, new.type)
    short = new.type.length is not None and not new.type.is_array
    if change.lossy or change.needs_using or (change.may_fail and not short):
        return True
    if (old.collation or None) != (new.collation or None) and old.type == new.type:
        return False
    return (change.may_fail or change.rewrites) and not situation.is_small(table)


def refusals_of(pairs: Sequence[Pair], situation: Situation) -> dict[int, tuple[str, str]]:
    """The refusals by the place of the pair: its own, or that of the key that its columns refer to."""
    found = {number: refusal for number, pair in enumerate(pairs) if (refusal := refusal_of(pair, situation))}
    while True:
        kept = {(pairs[number].table, column.name): pairs[number] for number in found for column in pairs[number].olds}
        more = {
            number: (
                f"{key.title}, which it refers to, keeps its type",
                f"change {key.title} first, or both in one step while the application is stopped (`downtime = true`)",
            )
            for number, pair in enumerate(pairs)
            if number not in found and (key := _referred(pair, kept, situation.current)) is not None
        }
        if not more:
            return found
        found |= more


def _referred(pair: Pair, kept: dict[tuple[Name, str], Pair], current: Schema) -> Pair | None:
    """The pair, of those that stay as they are, to whose column a foreign key of the pair's column refers."""
    names = {column.name for column in pair.olds}
    for key in current.tables[pair.table].foreign_keys:
        for column, referred in zip(key.columns, key.referred(current.table(key.ref_table)), strict=False):
            if column in names and (key.ref_table, referred) in kept:
                return kept[key.ref_table, referred]
    return None


def refusal_of(pair: Pair, situation: Situation) -> tuple[str, str] | None:
    """Why the columns cannot be replaced beside, and what to do instead."""
    current, wanted = situation.current, situation.wanted
    table = current.tables[pair.table]
    names = {column.name for column in pair.olds}
    by_hand = "stop the application for it (`downtime = true`), or write it by hand; it is checked then"
    if table.kind is not RelationKind.TABLE or table.partition_of or table.inherits or current.children(pair.table):
        return f"`{pair.table}` has partitions or heirs, whose columns cannot be replaced one by one", by_hand
    for column in (*pair.olds, *pair.news):
        if column.generated or ((column.identity or column.autoincrement) and not _counts_on(pair)):
            return f"`{pair.table}.{column.name}` takes its values from PostgreSQL itself", by_hand
    if made := table.generated_from(names):
        return f"`{pair.table}.{made[0].name}` is generated from {pair.title}", "make it a plain column first"
    if needing := [item for name in sorted(names) for item in table.needing(name)]:
        item = needing[0]
        return f"the {item.kind} `{item.name}` of `{pair.table}` stands on it", f"change the {item.kind} by hand first"
    return _keys_in_the_way(pair, table, situation) or _views_in_the_way(pair, current, wanted)


def _counts_on(pair: Pair) -> bool:
    """Whether the new column, a wider integer, takes its values as the old one does."""
    (old, *_), (new, *_) = pair.olds, pair.news
    return _widens(pair) and (old.identity, old.autoincrement) == (new.identity, new.autoincrement)


def _widens(pair: Pair) -> bool:
    """Whether an integer becomes a wider one under its name."""
    old, new = integer_range(pair.olds[0].type.name), integer_range(pair.news[0].type.name)
    arrays = pair.olds[0].type.is_array or pair.news[0].type.is_array
    return pair.swaps and not pair.meant and not arrays and old is not None and new is not None and old[1] < new[1]


def _keys_in_the_way(pair: Pair, table: Table, situation: Situation) -> tuple[str, str] | None:
    current, wanted = situation.current, situation.wanted
    names = {column.name for column in pair.olds}
    by_hand = "stop the application for it (`downtime = true`), or refer to a new key beside this one by hand"
    later = wanted.tables[pair.table].primary_key
    news = {column.name for column in pair.news}
    key = table.primary_key
    referring = keys_to(current, table, names)
    if (key and names & set(key.columns)) or (later and news & set(later.columns)):
        if not _widens(pair):
            return f"{pair.title} is the primary key of `{pair.table}`", by_hand
        if key != later or (key and key.deferrable):
            return f"the primary key of `{pair.table}` is deferrable, or changes besides", "change one thing at a time"
    elif referring and not _widens(pair):
        other, foreign = referring[0]
        return f"the foreign key `{foreign.name}` of `{other.name}` refers to {pair.title}", by_hand
    if refusal := _referring_in_the_way(pair, referring, keys_to(wanted, wanted.tables[pair.table], names), situation):
        return refusal
    for item in table.constraints:
        odd = isinstance(item, Exclusion) or (isinstance(item, Unique) and item.deferrable)
        if odd and names & columns_of(item):
            return f"the constraint `{item.name}` stands on {pair.title} and has no gradual form", by_hand
    return None


def _referring_in_the_way(
    pair: Pair,
    referring: Sequence[tuple[Table, ForeignKey]],
    later: Sequence[tuple[Table, ForeignKey]],
    situation: Situation,
) -> tuple[str, str] | None:
    """A foreign key to the column that comes, goes or changes in the same plan, or that no proof takes gradually."""
    known = {(other.name, key.name): key for other, key in referring}
    for other, key in later:
        if known.pop((other.name, key.name), None) != key:
            what = f"the foreign key `{key.name}` of `{other.name}` to {pair.title} comes in the same plan"
            return what, "add it in a migration of its own, before this one or after it"
    for name, gone in known:
        what = f"the foreign key `{gone}` of `{name}` to {pair.title} goes in the same plan"
        return what, "drop it in a migration of its own, before this one"
    for other, key in referring:
        if other.kind is RelationKind.PARTITIONED or other.partition_of:
            what = f"the foreign key `{key.name}` of the partitioned `{other.name}` refers to {pair.title}"
            return what, "drop the foreign key in a migration of its own, and add it again after this one"
        if other.name != pair.table and _refers_back(pair, other, situation):
            what = f"`{pair.table}` and `{other.name}` refer to each other by keys that change their types"
            return what, "change one of the two in a migration of its own"
    return None


def _refers_back(pair: Pair, other: Table, situation: Situation) -> bool:
    """Whether the table with a foreign key to the pair's table has a key of changed type that this refers to."""
    after = situation.wanted.table(other.name)
    types = {column.name: column.type for column in after.columns} if after else {}
    changed = {column.name for column in other.columns if types.get(column.name, column.type) != column.type}
    return any(holder.name == pair.table for holder, _ in keys_to(situation.current, other, changed))


def _views_in_the_way(pair: Pair, current: Schema, wanted: Schema) -> tuple[str, str] | None:
    """A view that still reads what goes: it is said anew by whoever asks for the change."""
    if pair.swaps:
        return None
    for column in pair.olds:
        for view in views_on(current, pair.table, column.name):
            later = wanted.views.get(view.name)
            if later is not None and " ".join(later.query.split()) == " ".join(view.query.split()):
                return (
                    f"the view `{view.name}` reads {pair.title}",
                    f"say what `{view.name}` shall read from now on, in a migration of its own",
                )
    return None


def affected(pairs: Sequence[Pair], current: Table | None, wanted: Table | None) -> frozenset[str]:
    """The names of constraints and indexes of a table that stand on what is replaced, in either schema."""
    olds = frozenset(column.name for pair in pairs for column in pair.olds)
    news = frozenset(column.name for pair in pairs for column in pair.news)
    return frozenset(
        item.name
        for table, names in ((current, olds), (wanted, news))
        for item in ((*table.constraints, *table.indexes) if table else ())
        if item.name is not None and names & columns_of(item)
    )


def masked(situation: Situation, pairs: Sequence[Pair]) -> tuple[Schema, Schema]:
    """Both schemas without the columns of pairs, and without what stands on them: what is left is planned as ever."""
    current, wanted = situation.current, situation.wanted
    for name in dict.fromkeys(pair.table for pair in pairs):
        own = [pair for pair in pairs if pair.table == name]
        columns = frozenset(column.name for pair in own for column in (*pair.olds, *pair.news))
        items = affected(own, current.table(name), wanted.table(name))
        current, wanted = _without(current, name, columns, items), _without(wanted, name, columns, items)
    return current, wanted


def _without(schema: Schema, name: Name, columns: frozenset[str], items: frozenset[str]) -> Schema:
    table = schema.table(name)
    if table is None:
        return schema
    key = table.primary_key
    return schema.with_table(
        replace(
            table,
            columns=tuple(column for column in table.columns if column.name not in columns),
            primary_key=None if key and key.name in items else key,
            uniques=tuple(item for item in table.uniques if item.name not in items),
            checks=tuple(item for item in table.checks if item.name not in items),
            foreign_keys=tuple(item for item in table.foreign_keys if item.name not in items),
            exclusions=tuple(item for item in table.exclusions if item.name not in items),
            indexes=tuple(item for item in table.indexes if item.name not in items),
        )
    )
