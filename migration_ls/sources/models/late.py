"""What a file does to tables after it has made them: indexes, constraints and columns that are added."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from migration_ls.schema.names import Name
from migration_ls.sources.models.analyse import Module
from migration_ls.sources.models.arguments import Arguments, arguments_of
from migration_ls.sources.models.classes import local_order
from migration_ls.sources.models.columns import Draft, is_column, read_column
from migration_ls.sources.models.constraints import Parts, add_argument
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.evaluate import expand
from migration_ls.sources.models.facts import Assignment, Function
from migration_ls.sources.models.metadata import metadata_of, metadata_of_class
from migration_ls.sources.models.naming import Metadata
from migration_ls.sources.models.tablenames import name_of_class, name_of_table_call
from migration_ls.sources.models.terms import Call, Ref, Subscript
from migration_ls.sources.models.values import ClassValue, Env, External, Member, Node, Value

_PARTS = frozenset({"Index", "UniqueConstraint", "CheckConstraint", "ForeignKeyConstraint", "ExcludeConstraint"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What is added to a table."""

    table: Name
    metadata: Metadata
    parts: Parts
    drafts: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """The table that something is added to."""

    name: Name
    metadata: Metadata
    columns: dict[str, str] = field(default_factory=dict)

    def late(self, *drafts: Draft) -> Late:
        parts = Parts(table=self.name, metadata=self.metadata, columns=self.columns)
        return Late(table=self.name, metadata=self.metadata, parts=parts, drafts=drafts)


def late_parts(context: Context, module: Module) -> Iterator[Late]:
    """What the statements at the top of a file add: `Index(..., User.email)`, `User.age = Column(...)` and the like."""
    for offset, setting in module.settings:
        env = Env(module, offset)
        *before, name = setting.target
        column = is_column(context, context.lookup.value(setting.value, env)) if before else None
        target = _table_of(context, context.lookup.value(Ref(0, 0, tuple(before)), env)) if column is not None else None
        if column is not None and column.origin is not None and target is not None:
            yield target.late(read_column(context, column, Draft(key=name, name=name, origin=column.origin)))
    for offset, statement in module.calls:
        given = arguments_of(context, Node(statement.call, Env(module, offset)))
        if given is None or given.origin is None:
            continue
        match given.function:
            case External(name=name) if name in _PARTS:
                values = [*given.positional, *given.keywords.values()]
                found = next((table for value in values if (table := _table_in(context, value)) is not None), None)
                if found is not None:
                    late = found.late()
                    add_argument(context, Node(statement.call, Env(module, offset)), late.parts, given.origin)
                    yield late
            case Member(owner=owner, name="append_column" | "append_constraint"):
                yield from _appended(context, owner, given)
            case _:
                pass


def _appended(context: Context, owner: Value, given: Arguments) -> Iterator[Late]:
    target = _table_of(context, owner)
    for value in given.positional if target is not None else ():
        column = is_column(context, value)
        if target is None or given.origin is None:
            continue
        if column is not None:
            draft = read_column(context, column, Draft(key="", name="", origin=column.origin or given.origin))
            draft.key = draft.key or draft.name
            yield target.late(draft)
        else:
            late = target.late()
            add_argument(context, value, late.parts, given.origin)
            yield late


def _table_of(context: Context, value: Value) -> _Target | None:
    """The table that a class, its `__table__` or a `Table(...)` is."""
    match value:
        case Member(owner=ClassValue() as cls, name="__table__"):
            return _table_of(context, cls)
        case ClassValue() as cls:
            made = name_of_class(context, cls)
            if made is None:
                return None
            names = {
                item.name: item.name
                for base in local_order(context, cls)
                for item in base.facts.body
                if isinstance(item, Assignment | Function)
            }
            name = Name(made[1], made[0] or "public")
            return _Target(name=name, metadata=metadata_of_class(context, cls), columns=names)
        case _:
            given = arguments_of(context, expand(context, value))
            named = name_of_table_call(context, given) if given is not None else None
            if given is None or named is None:
                return None
            metadata = metadata_of(context, given.named("metadata", 1))
            return _Target(name=Name(named[1], named[0] or "public"), metadata=metadata)


def _table_in(context: Context, value: Value) -> _Target | None:
    """The table whose column an expression begins with."""
    match value:
        case Member(owner=ClassValue() as cls):
            return _table_of(context, cls)
        case Member(owner=Member(owner=owner, name="c" | "columns")):
            return _table_of(context, owner)
        case Member(owner=owner):
            return _table_in(context, owner)
        case Node(term=Subscript(base=base), env=env):
            inner = context.lookup.value(base, env)
            if isinstance(inner, Member) and inner.name in {"c", "columns"}:
                return _table_of(context, inner.owner)
            return _table_in(context, inner)
        case Node(term=Call(function=function, arguments=arguments), env=env):
            values = (context.lookup.value(term, env) for term in (function, *arguments))
            return next((found for item in values if (found := _table_in(context, item))), None)
        case _:
            return None
