"""The calls that `upgrade()` makes, in order: loops over literals unrolled, the file's own helpers followed."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from migration_ls.sources.alembic.tables import Target
from migration_ls.sources.alembic.values import UNKNOWN, Construct, evaluate

_DEEPEST = 12
_MOST = 5_000
_SILENT = frozenset(
    """get_bind get_context autocommit_block f print len range list tuple sorted inspect text begin_nested info debug
    warning get_table_names get_columns get_indexes has_table fetchall fetchone scalar scalars first all""".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A call, where it stands, the table of the batch around it; `conditional` where an `if` decides."""

    call: Construct
    node: ast.AST
    batch: Target | None = None
    conditional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    names: Mapping[str, Any]
    batch: Target | None = None
    conditional: bool = False
    depth: int = 0


class Walk:
    """Goes through a function of a revision; `unclear` are places whose effect only running would tell."""

    def __init__(self, functions: Mapping[str, ast.FunctionDef]) -> None:
        self._functions = functions
        self.unclear: list[tuple[ast.AST, str]] = []
        self._count = 0

    def run(self, name: str, names: Mapping[str, Any]) -> Iterator[Made]:
        """The calls of the function of that name."""
        function = self._functions.get(name)
        if function is not None:
            yield from self._block(function.body, dict(names), _Place(names=names))

    def _block(self, body: Iterable[ast.stmt], names: dict[str, Any], place: _Place) -> Iterator[Made]:
        for statement in body:
            self._count += 1
            if self._count > _MOST:
                return
            yield from self._statement(statement, names, place)

    def _statement(self, node: ast.stmt, names: dict[str, Any], place: _Place) -> Iterator[Made]:
        match node:
            case ast.Expr(value=value):
                yield from self._expression(value, names, place)
            case ast.Assign(targets=[target], value=value):
                yield from self._expression(value, names, place, quiet=True)
                _bind(target, evaluate(value, names), names)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                _bind(target, evaluate(value, names), names)
            case ast.For(target=target, iter=iterable, body=body):
                yield from self._loop(node, target, evaluate(iterable, names), body, names, place)
            case ast.If(test=test, body=body, orelse=orelse):
                known = _decided(test, names)
                inner = place if known is not None else _conditional(place)
                if known is not False:
                    yield from self._block(body, names, inner)
                if known is not True:
                    yield from self._block(orelse, names, inner)
            case ast.With(items=items, body=body):
                yield from self._block(body, names, _entered(items, names, place))
            case ast.Try(body=body, finalbody=final):
                yield from self._block(body, names, _conditional(place))
                yield from self._block(final, names, place)
            case ast.While(body=body):
                yield from self._block(body, names, _conditional(place))
            case _:
                pass

    def _loop(
        self,
        node: ast.For,
        target: ast.expr,
        values: Any,
        body: list[ast.stmt],
        names: dict[str, Any],
        place: _Place,
    ) -> Iterator[Made]:
        if isinstance(values, Construct) and values.name == "items" and isinstance(values.owner, dict):
            values = tuple(values.owner.items())
        if isinstance(values, dict):
            values = tuple(values)
        if not isinstance(values, tuple):
            if any(_is_directive(item) for item in ast.walk(node)):
                self.unclear.append((node, "it loops over what only a run would tell"))
            return
        for value in values:
            _bind(target, value, names)
            yield from self._block(body, names, place)

    def _expression(
        self, node: ast.expr, names: dict[str, Any], place: _Place, *, quiet: bool = False
    ) -> Iterator[Made]:
        if not isinstance(node, ast.Call):
            return
        value = evaluate(node, names)
        if not isinstance(value, Construct) or value.name in _SILENT:
            return
        if value.owner is None and value.name in self._functions and place.depth < _DEEPEST:
            yield from self._helper(node, names, place)
            return
        if _on_operations(value) or (place.batch is not None and _on_batch(value)):
            batch = place.batch if _on_batch(value) and not _on_operations(value) else None
            yield Made(call=value, node=node, batch=batch, conditional=place.conditional)
        elif value.name == "execute" or (value.name in {"create", "drop"} and _is_enum(value.owner)):
            yield Made(call=value, node=node, conditional=place.conditional)
        elif not quiet:
            self.unclear.append((node, f"`{value.name}` is not known"))

    def _helper(self, node: ast.Call, names: dict[str, Any], place: _Place) -> Iterator[Made]:
        assert isinstance(node.func, ast.Name)
        function = self._functions[node.func.id]
        parameters = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
        given = dict(names)
        defaults = function.args.defaults
        for name, default in zip(parameters[len(parameters) - len(defaults) :], defaults, strict=True):
            given[name] = evaluate(default, names)
        given |= dict(zip(parameters, (evaluate(item, names) for item in node.args), strict=False))
        given |= {item.arg: evaluate(item.value, names) for item in node.keywords if item.arg}
        inner = _Place(names=given, batch=place.batch, conditional=place.conditional, depth=place.depth + 1)
        for made in self._block(function.body, given, inner):
            # The place to show is where the helper is called.
            yield Made(call=made.call, node=node, batch=made.batch, conditional=made.conditional)


def _conditional(place: _Place) -> _Place:
    return _Place(names=place.names, batch=place.batch, conditional=True, depth=place.depth)


def _entered(items: list[ast.withitem], names: dict[str, Any], place: _Place) -> _Place:
    """Inside a `with`: a batch has a table, others change nothing."""
    for item in items:
        value = evaluate(item.context_expr, names)
        if (
            isinstance(value, Construct)
            and value.name == "batch_alter_table"
            and (table := value.text(0, "table_name"))
        ):
            schema = value.keywords.get("schema")
            target = Target(name=table, schema=schema if isinstance(schema, str) else None)
            if item.optional_vars is not None:
                _bind(item.optional_vars, Construct("batch_op"), names)
            return _Place(names=names, batch=target, conditional=place.conditional, depth=place.depth)
    return place


def _bind(target: ast.expr, value: Any, names: dict[str, Any]) -> None:
    match target:
        case ast.Name(id=name):
            names[name] = value
        case ast.Tuple(elts=items) | ast.List(elts=items):
            values = value if isinstance(value, tuple) and len(value) == len(items) else (UNKNOWN,) * len(items)
            for item, part in zip(items, values, strict=True):
                _bind(item, part, names)
        case _:
            pass


def _decided(test: ast.expr, names: dict[str, Any]) -> bool | None:
    """Whether a test is known: a constant, or the name of the dialect."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as sign], comparators=[right]):
            one, other = evaluate(left, names), evaluate(right, names)
            if _is_dialect(one) and isinstance(other, str):
                return (other == "postgresql") is isinstance(sign, ast.Eq)
            if isinstance(one, str) and isinstance(other, str):
                return (one == other) is isinstance(sign, ast.Eq)
            return None
        case _:
            value = evaluate(test, names)
            return value if isinstance(value, bool) else None


def _is_dialect(value: Any) -> bool:
    match value:
        case Construct(name="name", owner=Construct(name="dialect")) | Construct(name="dialect_name"):
            return True
        case _:
            return False


def _on_operations(value: Construct) -> bool:
    return isinstance(value.owner, Construct) and value.owner.name == "op" and value.owner.owner is None


def _on_batch(value: Construct) -> bool:
    return isinstance(value.owner, Construct) and value.owner.name == "batch_op"


def _is_enum(value: Any) -> bool:
    return isinstance(value, Construct) and value.name in {"ENUM", "Enum"}


def _is_directive(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="op"))):
            return True
        case _:
            return False
