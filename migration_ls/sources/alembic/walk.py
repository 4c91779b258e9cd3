"""The calls that `upgrade()` makes, in order: loops over literals unrolled, the file's own helpers followed."""

import ast
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any, Literal

from migration_ls.sources.alembic.evaluate import bind, evaluate, given_names
from migration_ls.sources.alembic.guards import asks_database
from migration_ls.sources.alembic.tables import Target
from migration_ls.sources.alembic.values import Construct, Function, iterated, truth

_DEEPEST = 12
_MOST = 5_000
_SILENT = frozenset(
    """get_bind get_context autocommit_block f print len range list tuple sorted inspect text begin_nested info debug
    warning error exception get_table_names get_columns get_indexes has_table fetchall fetchone scalar scalar_one
    scalar_one_or_none scalars mappings first one all keys append extend add update get_logger getLogger
    create_session Session sessionmaker close flush commit rollback MetaData table column Table""".split()
)
_READ_ONLY = frozenset({"select", "exists"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A call, where it stands, the table of the batch around it.

    `conditional` where an `if` asks the database; `doubtful` where only a run would tell whether it is made.
    """

    call: Construct
    node: ast.AST
    batch: Target | None = None
    conditional: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """A place whose effect only a run would tell."""

    node: ast.AST
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """Where the transaction of the revision ends, for an autocommit block, or begins again."""

    node: ast.AST
    kind: Literal["commit", "begin"]


Event = Made | Unclear | Boundary


class _Left(IntEnum):
    """Whether a block was left before its end."""

    NO = 0
    MAYBE = 1
    """A test that asks the database decides."""
    UNKNOWN = 2
    NEXT = 3
    """The loop goes on with the next value."""
    LAST = 4
    """The loop ends."""
    YES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a block stands; `node` is the call of the helper it belongs to."""

    batch: Target | None = None
    conditional: bool = False
    doubtful: bool = False
    depth: int = 0
    node: ast.AST | None = None


_Events = Generator[Event, None, _Left]


@dataclass(slots=True)
class Walk:
    """Goes through a function of a revision."""

    functions: Mapping[str, ast.FunctionDef]
    _asking: set[str] = field(default_factory=set)
    """Names that hold what the database said of its catalogs."""
    _count: int = 0

    def run(self, name: str, names: Mapping[str, Any]) -> Iterable[Event]:
        """What the function of that name does."""
        function = self.functions.get(name)
        if function is not None:
            yield from self._block(function.body, dict(names), _Place())

    def _block(self, body: Iterable[ast.stmt], names: dict[str, Any], place: _Place) -> _Events:
        left = _Left.NO
        for statement in body:
            self._count += 1
            if self._count > _MOST:
                yield Unclear(node=statement, why="it does more than is followed")
                return _Left.YES
            left = max(left, (yield from self._statement(statement, names, place)))
            if left >= _Left.NEXT:
                return left
            if left is not _Left.NO:
                place = replace(place, conditional=True, doubtful=place.doubtful or left is _Left.UNKNOWN)
        return left

    def _statement(self, node: ast.stmt, names: dict[str, Any], place: _Place) -> _Events:
        match node:
            case ast.Return() | ast.Raise():
                return _Left.YES
            case ast.Continue():
                return _Left.NEXT
            case ast.Break():
                return _Left.LAST
            case ast.Expr(value=value):
                _appended(value, names)
                yield from self._expression(value, names, place)
            case ast.Assign(targets=[target], value=value):
                yield from self._assigned(target, value, names, place)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                yield from self._assigned(target, value, names, place)
            case ast.AugAssign(target=target, op=operator, value=value) if isinstance(target, ast.Name):
                joined = ast.BinOp(left=ast.Name(id=target.id, ctx=ast.Load()), op=operator, right=value)
                bind(target, evaluate(joined, names), names)
            case ast.For():
                yield from self._loop(node, names, place)
            case ast.If():
                return (yield from self._branches(node, names, place))
            case ast.With(items=items, body=body):
                return (yield from self._with(items, body, names, place))
            case ast.Try():
                yield from self._try(node, names, place)
            case ast.While(body=body):
                yield from self._block(body, names, replace(place, conditional=True, doubtful=True))
            case ast.Match() if _has_directive(node):
                yield self._unclear(node, place, "only a run would tell which case is taken")
            case _:
                pass
        return _Left.NO

    def _unclear(self, node: ast.AST, place: _Place, why: str) -> Unclear:
        return Unclear(node=place.node or node, why=why)

    def _assigned(self, target: ast.expr, value: ast.expr, names: dict[str, Any], place: _Place) -> _Events:
        yield from self._expression(value, names, place, quiet=True)
        if asks_database(value, self.functions, self._asking):
            self._asking |= {item.id for item in ast.walk(target) if isinstance(item, ast.Name)}
        bind(target, evaluate(value, names), names)
        return _Left.NO

    def _loop(self, node: ast.For, names: dict[str, Any], place: _Place) -> _Events:
        values = iterated(evaluate(node.iter, names))
        if values is None:
            if _has_directive(node):
                yield self._unclear(node, place, "it loops over what only a run would tell")
            return _Left.NO
        for value in values:
            bind(node.target, value, names)
            left = yield from self._block(node.body, names, place)
            if left is _Left.LAST:
                break
            if left is _Left.YES:
                return left
            if left in {_Left.MAYBE, _Left.UNKNOWN}:
                place = replace(place, conditional=True, doubtful=place.doubtful or left is _Left.UNKNOWN)
        return _Left.NO

    def _branches(self, node: ast.If, names: dict[str, Any], place: _Place) -> _Events:
        known = truth(evaluate(node.test, names))
        if known is not None:
            return (yield from self._block(node.body if known else node.orelse, names, place))
        asks = asks_database(node.test, self.functions, self._asking)
        inner = replace(place, conditional=True, doubtful=place.doubtful or not asks)
        one = yield from self._block(node.body, dict(names), inner)
        other = yield from self._block(node.orelse, dict(names), inner)
        if one is _Left.NO and other is _Left.NO:
            return _Left.NO
        if one >= _Left.NEXT and other >= _Left.NEXT:
            return min(one, other)
        return _Left.MAYBE if asks else _Left.UNKNOWN

    def _with(self, items: list[ast.withitem], body: list[ast.stmt], names: dict[str, Any], place: _Place) -> _Events:
        """Inside a `with`: a batch has a table, an autocommit block no transaction, others change nothing."""
        alone: ast.expr | None = None
        for item in items:
            value = evaluate(item.context_expr, names)
            match value:
                case Construct(name="batch_alter_table") if table := value.text(0, "table_name"):
                    schema = value.keywords.get("schema")
                    place = replace(place, batch=Target(name=table, schema=schema if isinstance(schema, str) else None))
                    value = Construct("batch_op")
                case Construct(name="batch_alter_table"):
                    yield self._unclear(item.context_expr, place, "the name of the table is not written out")
                    return _Left.NO
                case Construct(name="autocommit_block"):
                    alone = item.context_expr
                case _:
                    pass
            if item.optional_vars is not None:
                bind(item.optional_vars, value, names)
        if alone is None:
            return (yield from self._block(body, names, place))
        yield Boundary(node=place.node or alone, kind="commit")
        left = yield from self._block(body, names, place)
        yield Boundary(node=place.node or alone, kind="begin")
        return left

    def _try(self, node: ast.Try, names: dict[str, Any], place: _Place) -> _Events:
        yield from self._block(node.body, names, replace(place, conditional=True))
        if any(_has_directive(handler) for handler in node.handlers):
            yield self._unclear(node, place, "what it does when something fails is not followed")
        yield from self._block(node.orelse, names, replace(place, conditional=True))
        yield from self._block(node.finalbody, names, place)
        return _Left.NO

    def _expression(self, node: ast.expr, names: dict[str, Any], place: _Place, *, quiet: bool = False) -> _Events:
        call = _innermost(node)
        if not isinstance(call, ast.Call):
            return _Left.NO
        if isinstance(call.func, ast.Name) and call.func.id in self.functions:
            if isinstance(names.get(call.func.id), Function):
                yield from self._helper(call, names, place)
            return _Left.NO
        value = evaluate(call, names)
        if not isinstance(value, Construct) or value.name in _SILENT or _is_query(value):
            return _Left.NO
        made = self._made(value, call, place)
        if made is not None:
            yield made
        elif not quiet:
            yield self._unclear(node, place, f"`{value.name}` is not known")
        return _Left.NO

    def _made(self, value: Construct, node: ast.AST, place: _Place) -> Made | None:
        at = place.node or node
        made = Made(call=value, node=at, conditional=place.conditional, doubtful=place.doubtful)
        if _on_operations(value):
            return made
        if place.batch is not None and _on_batch(value):
            return replace(made, batch=place.batch)
        if value.name in {"execute", "exec_driver_sql"} or (value.name in {"create", "drop"} and _is_enum(value.owner)):
            return made
        return None

    def _helper(self, node: ast.Call, names: dict[str, Any], place: _Place) -> _Events:
        """What a function of the file does; the place to show is where it is called."""
        assert isinstance(node.func, ast.Name)
        if place.depth >= _DEEPEST:
            yield self._unclear(node, place, "helpers call each other too deep")
            return _Left.NO
        given = given_names(self.functions[node.func.id], node, names)
        inner = replace(place, depth=place.depth + 1, node=place.node or node)
        yield from self._block(self.functions[node.func.id].body, given, inner)
        return _Left.NO


def _innermost(node: ast.expr) -> ast.expr:
    """The call that does something: `execute(...)` of `execute(...).scalar()`."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SILENT:
        if not isinstance(node.func.value, ast.Call):
            break
        node = node.func.value
    return node


def _appended(node: ast.expr, names: dict[str, Any]) -> None:
    """Follow `items.append(...)`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[item]) if name in names:
            before = names[name]
            if isinstance(before, tuple):
                names[name] = (*before, evaluate(item, names))
        case _:
            pass


def _is_query(value: Construct) -> bool:
    """Whether it executes a query put together from SQLAlchemy's parts, which changes nothing."""
    if value.name != "execute":
        return False
    part: Any = value.argument(0, "statement")
    while isinstance(part, Construct):
        if part.name in _READ_ONLY:
            return True
        part = part.owner
    return False


def _on_operations(value: Construct) -> bool:
    match value.owner:
        case Construct(name="op", owner=None | Construct(name="alembic")):
            return True
        case _:
            return False


def _on_batch(value: Construct) -> bool:
    return isinstance(value.owner, Construct) and value.owner.name == "batch_op"


def _is_enum(value: Any) -> bool:
    return isinstance(value, Construct) and value.name in {"ENUM", "Enum"}


def _has_directive(node: ast.AST) -> bool:
    return any(_is_directive(item) for item in ast.walk(node))


def _is_directive(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="op"))):
            return True
        case ast.Call(func=ast.Attribute(attr="execute" | "exec_driver_sql"), args=[argument, *_]):
            return not _changes_rows(argument)
        case _:
            return False


def _changes_rows(node: ast.expr) -> bool:
    """Whether it is SQL, written out, that changes rows and no more."""
    texts = [item.value for item in ast.walk(node) if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    words = ("update ", "insert ", "delete ", "select ", "with ")
    return bool(texts) and texts[0].lstrip().lower().startswith(words)
