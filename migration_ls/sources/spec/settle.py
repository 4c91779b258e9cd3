"""What is said in many places, put together into requests."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Grade, Request
from migration_ls.schema.tables import (
    Check,
    Constraint,
    Index,
    IndexPart,
    Unique,
)
from migration_ls.sources.problem import Problem
from migration_ls.sources.spec.build import Builder, Made
from migration_ls.sources.spec.covered import is_covered, leads_index
from migration_ls.sources.spec.details import Details
from migration_ls.sources.spec.habits import Habits
from migration_ls.sources.spec.items import (
    Item,
    Said,
    SaidChange,
    SaidCheck,
    SaidColumn,
    SaidConstraint,
    SaidDefault,
    SaidFilter,
    SaidIndex,
    SaidProblem,
    SaidTable,
    SaidTags,
    SaidUnique,
)
from migration_ls.sources.spec.merging import columns_of, merged, request_for
from migration_ls.sources.spec.nouns import called_so, column_name, same_attribute
from migration_ls.sources.spec.options import SpecOptions
from migration_ls.sources.spec.prose.asking import says_more
from migration_ls.sources.spec.prose.meant import column_of_words
from migration_ls.sources.spec.standing import is_satisfied, more_of, otherwise
from migration_ls.sources.spec.tables import Tables
from migration_ls.sources.spec.tags import tag_requests
from migration_ls.sources.spec.words import key_of


@dataclass(slots=True)
class _Column:
    """Everything said about one column, the most telling first."""

    table: Name
    name: str
    said: list[SaidColumn] = field(default_factory=list)

    @property
    def grade(self) -> Grade:
        return Grade.DECLARED if any(item.said.grade is Grade.DECLARED for item in self.said) else Grade.IMPLIED


Settled = tuple[tuple[Request, ...], tuple[tuple[str, Problem], ...]]
"""Requests in the order of the documents, and problems with the path of their document."""


def settle(items: list[Item], tables: Tables, habits: Habits, options: SpecOptions) -> Settled:
    """The requests that all the items of a feature make together."""
    return _Settling(items, tables, habits, options).reading()


class _Settling:
    def __init__(self, items: list[Item], tables: Tables, habits: Habits, options: SpecOptions) -> None:
        self._items = items
        self._tables = tables
        self._options = options
        self._defaults = [item for item in items if isinstance(item, SaidDefault)]
        self._builder = Builder(tables=tables, habits=habits, options=options, defaults=self._defaults)
        self._new: dict[Name, SaidTable] = {}
        self._columns: dict[tuple[Name, str], _Column] = {}
        self._made: dict[Name, list[Made]] = {}
        self._requests: list[Request] = []
        self._problems: list[tuple[str, Problem]] = []
        self._extra: dict[Name, list[tuple[Constraint | Index, Said]]] = {}

    def reading(self) -> Settled:
        """Everything, in the order of the document."""
        self._gather_tables()
        self._gather_columns()
        for column in self._columns.values():
            self._make_column(column)
        self._settle_rest()
        for name, said in self._new.items():
            self._requests += self._new_table(name, said)
        order = {id(request): number for number, request in enumerate(self._requests)}
        ordered = merged(
            sorted(
                self._requests, key=lambda request: (request.origin.path, request.origin.span.start, order[id(request)])
            )
        )
        return tuple(ordered), tuple(dict.fromkeys(self._problems))

    def _gather_tables(self) -> None:
        for item in self._items:
            if not isinstance(item, SaidTable) or self._tables.table(item.name):
                continue
            known = self._new.get(item.name)
            if known is None or (item.said.grade is Grade.DECLARED and known.said.grade is Grade.IMPLIED):
                self._new[item.name] = item
            elif item.said.grade is known.said.grade:
                first = (
                    known
                    if known.said.origin.span <= item.said.origin.span
                    or known.said.origin.path != item.said.origin.path
                    else item
                )
                self._new[item.name] = replace(
                    first, is_whole=known.is_whole or item.is_whole, key=known.key or item.key
                )

    def _gather_columns(self) -> None:
        said = [item for item in self._items if isinstance(item, SaidColumn)]
        # What is declared names the column; what is only implied joins it.
        for item in sorted(said, key=lambda item: (item.said.grade is Grade.IMPLIED, item.is_detail)):
            table = item.table
            if not table.name:
                found = self._table_with(item.name, item.said)
                if found is None:
                    continue
                table = found
            column = self._column_like(table, item.name, item.said.grade)
            if column is None:
                whole = self._new.get(table)
                declared_whole = whole is not None and whole.is_whole and whole.said.grade is Grade.DECLARED
                if item.is_detail or (declared_whole and item.said.grade is Grade.IMPLIED):
                    if item.is_detail:
                        self._detail(table, item)
                    continue
                column = self._columns.setdefault((table, item.name), _Column(table, item.name))
            column.said.append(replace(item, table=table))

    def _detail(self, table: Name, item: SaidColumn) -> None:
        """More of a column that is there."""
        known = self._tables.column(table, column_name(item.name))
        for found in more_of(table, known, item, self._tables.schema) if known else ():
            match found:
                case Check():
                    self._add(table, found, item.said)
                case Problem():
                    self._problems.append((item.said.origin.path, found))
                case _:
                    self._requests.append(request_for(found, item.said))

    def _column_like(self, table: Name, name: str, grade: Grade = Grade.IMPLIED) -> _Column | None:
        """The column that is meant; two names that are spelled out are two columns, however alike."""
        if exact := self._columns.get((table, name)):
            return exact
        for (owner, _), column in self._columns.items():
            if grade is Grade.DECLARED and column.grade is Grade.DECLARED:
                continue
            if owner == table and (same_attribute(column.name, name) or column.name == f"{name}_id"):
                return column
        return None

    def _table_with(self, phrase: str, said: Said) -> Name | None:
        """The table that the words of the same block, else of the document, give such a column."""
        name = column_name(phrase)
        found: dict[Name, int] = {}
        for item in self._items:
            if isinstance(item, SaidColumn) and item.table.name and same_attribute(item.name, name):
                found[item.table] = min(found.get(item.table, 10**9), abs(item.said.block - said.block))
        return min(found, key=lambda table: found[table]) if found else None

    def _only_table_with(self, phrases: tuple[str, ...]) -> Name | None:
        """The one table that has a column for each phrase."""
        tables = self._tables.schema.tables.values()
        found = [
            table.name
            for table in tables
            if all(column_of_words(self._tables, table.name, phrase) is not None for phrase in phrases)
        ]
        return found[0] if len(found) == 1 else None

    def _make_column(self, column: _Column) -> None:
        known = self._tables.column(column.table, column.name)
        if known is None and column.grade is Grade.IMPLIED:
            known = self._tables.column_meant(column.table, column.name)
        details = self._details(column)
        if known is not None and known.name != column.name and says_more(known, details):
            known = None
        if self._tables.is_external(column.table):
            return
        if details.state in {"existing", "computed"} or (
            self._tables.table(column.table) is None and column.table not in self._new
        ):
            return
        if details.state == "removed":
            if known:
                change = asked.DropColumn(table=column.table, column=known.name)
                self._requests.append(request_for(change, column.said[0].said))
            return
        if known is not None:
            for other in otherwise(column.table, known, details):
                if isinstance(other, Unique):
                    self._add(column.table, other, column.said[0].said)
                else:
                    self._requests.append(request_for(other, column.said[0].said))
            return
        made = self._builder.column(column.table, column.name, details, column.said, is_new=column.table in self._new)
        if made is None:
            return
        self._problems += [(made.said.origin.path, problem) for problem in made.problems]
        self._made.setdefault(column.table, []).append(made)
        if column.table not in self._new:
            self._requests += made.requests

    def _details(self, column: _Column) -> Details:
        details = Details()
        for item in column.said:
            details = details.under(item.details)
        return details

    def _settle_rest(self) -> None:
        groups: set[str] = set()
        for item in self._items:
            match item:
                case SaidTags():
                    if not self._has_tags(item):
                        self._tags(item, groups)
                case SaidChange(change=change, said=said, assumption=assumption):
                    if not is_satisfied(change, self._tables):
                        self._requests.append(replace(request_for(change, said), assumption=assumption))
                case SaidProblem(problem=problem, said=said):
                    self._problems.append((said.origin.path, problem))
                case SaidConstraint(table=table, constraint=constraint, said=said):
                    self._add(table, constraint, said)
                case SaidIndex(table=table, index=index, said=said):
                    self._add(table, index, said)
                case SaidUnique(table=table, phrases=phrases, said=said):
                    names = self._names(table, phrases)
                    if names:
                        self._add(table, Unique(name=None, columns=names, origin=said.origin), said)
                case SaidCheck():
                    self._check(item)
                case _:
                    pass
        for item in self._items:
            if isinstance(item, SaidFilter):
                self._filter(item)

    def _has_tags(self, item: SaidTags) -> bool:
        """Whether the column is asked for elsewhere, plainly, or there."""
        declared = {name for name, table in self._new.items() if table.said.grade is Grade.DECLARED}
        pairs = Name("_".join((*key_of(item.table.name), item.name)), item.table.namespace)
        return (
            (item.table, item.name) in self._columns
            or self._tables.column(item.table, item.name) is not None
            or pairs in declared
        )

    def _tags(self, item: SaidTags, groups: set[str]) -> None:
        if any(
            isinstance(request.change, asked.AddColumn)
            and (request.change.table, request.change.column.name) == (item.table, item.name)
            for request in self._requests
        ):
            return
        group = item.name if item.name not in groups else f"{item.table}.{item.name}"
        groups.add(group)
        requests, problems = tag_requests(item, group, self._tables, self._options)
        self._requests += requests
        self._problems += [(item.said.origin.path, problem) for problem in problems]

    def _names(self, table: Name, phrases: tuple[str, ...]) -> tuple[str, ...]:
        """The columns that the phrases mean, empty when one is none; the words for whole tables mean keys to them."""
        names: list[str] = []
        for phrase in phrases:
            name = self._name(table, phrase)
            if name is None:
                return ()
            names.append(name)
        return tuple(dict.fromkeys(names))

    def _name(self, table: Name, phrase: str) -> str | None:
        known = self._tables.table(table)
        names = [column.name for column in known.columns] if known else []
        names += [made.column.name for made in self._made.get(table, ())]
        names += [
            request.change.column.name
            for request in self._requests
            if isinstance(request.change, asked.AddColumn) and request.change.table == table
        ]
        if (called := called_so(phrase, names)) is not None:
            return called
        meant = column_of_words(self._tables, table, phrase)
        return meant.name if meant else None

    def _add(self, table: Name, thing: Constraint | Index, said: Said) -> None:
        if table in self._new:
            self._extra.setdefault(table, []).append((thing, said))
            return
        known = self._tables.table(table)
        if known is None or known.external or is_covered(known, thing, self._requests):
            return
        names = {column.name for column in known.columns} | {made.column.name for made in self._made.get(table, ())}
        names |= {
            request.change.to
            for request in self._requests
            if isinstance(request.change, asked.RenameColumn) and request.change.table == table
        }
        if not columns_of(thing) <= names:
            return
        change = (
            asked.AddIndex(table=table, index=replace(thing, origin=said.origin))
            if isinstance(thing, Index)
            else asked.AddConstraint(table=table, constraint=replace(thing, origin=said.origin))
        )
        self._requests.append(request_for(change, said))

    def _check(self, item: SaidCheck) -> None:
        from migration_ls.postgres.quoting import identifier
        from migration_ls.sources.sql.expressions import expression

        # A section's table is a guess: another one may have the column.
        guesses = (item.table, self._table_with(item.phrases[0], item.said), self._only_table_with(item.phrases))
        for table in dict.fromkeys(guesses):
            names = self._names(table, item.phrases) if table else ()
            if table and len(names) == len(item.phrases) and not (len(names) == 1 and self._is_moment(table, names[0])):
                text = item.check.format(*(identifier(name) for name in names))
                self._add(table, Check(name=None, expression=expression(text), origin=item.said.origin), item.said)
                return

    def _is_moment(self, table: Name, name: str) -> bool:
        """Whether a column of the table holds dates or moments, which no bound of a number is about."""
        known = self._tables.column(table, name)
        return known is not None and known.type.name.startswith(("timestamp", "date", "time"))

    def _filter(self, item: SaidFilter) -> None:
        # Tags in a table of their own are found by its keys.
        tags = {key_of(said.name) for said in self._items if isinstance(said, SaidTags) and said.table == item.table}
        phrases = tuple(
            phrase
            for phrase in item.phrases
            if self._name(item.table, phrase) or not (self._tables.find(phrase) or key_of(phrase) in tags)
        )
        for name in self._names(item.table, phrases):
            self._filter_column(item, name)

    def _filter_column(self, item: SaidFilter, name: str) -> None:
        column = self._tables.column(item.table, name)
        asking = next(
            (
                request
                for request in self._requests
                if isinstance(request.change, asked.AddColumn)
                and (request.change.table, request.change.column.name) == (item.table, name)
            ),
            None,
        )
        if asking and isinstance(asking.change, asked.AddColumn):
            column = asking.change.column
        column = column or next(
            (made.column for made in self._made.get(item.table, ()) if made.column.name == name), None
        )
        if column is None or column.type.name == "boolean":
            return
        using = "gin" if column.type.is_array or column.type.name in {"jsonb", "tsvector"} else "btree"
        index = Index(name=None, parts=(IndexPart(text=name),), using=using, origin=item.said.origin)
        if item.table in self._new:
            self._extra.setdefault(item.table, []).append((index, item.said))
            return
        known = self._tables.table(item.table)
        if known is None or leads_index(known, name) or is_covered(known, index, self._requests):
            return
        change = asked.AddIndex(table=item.table, index=index)
        request = replace(request_for(change, item.said), purpose=f"filter by {name}")
        if asking and asking.group:
            request = replace(request, group=asking.group, option=asking.option)
        self._requests.append(request)

    def _new_table(self, name: Name, said: SaidTable) -> Iterator[Request]:
        columns = self._made.get(name, [])
        if not columns:
            return
        table = self._builder.table(name, said, columns)
        for thing, place in self._extra.get(name, ()):
            names = {column.name for column in table.columns}
            if columns_of(thing) <= names and not is_covered(table, thing, ()):
                placed = replace(thing, origin=place.origin)
                table = table.with_index(placed) if isinstance(placed, Index) else table.with_constraint(placed)
        explains = tuple(
            dict.fromkeys(
                item.said.origin
                for item in self._items
                if isinstance(item, SaidTable) and item.name == name and item.said.origin != said.said.origin
            )
        )
        enums = [enum for made in columns for enum in made.enums]
        yield from (replace(request_for(asked.AddEnum(enum=enum), said.said)) for enum in enums)
        request = request_for(asked.AddTable(table=table), said.said)
        assumption = next((made.assumption for made in columns if made.assumption), None)
        yield replace(request, explains=explains, assumption=assumption)
