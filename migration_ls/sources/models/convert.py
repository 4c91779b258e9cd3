"""Python's syntax trees to terms and facts."""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from migration_ls.sources.models.facts import (
    Assignment,
    Branch,
    Class,
    Function,
    Import,
    Invocation,
    Loop,
    Return,
    Setting,
    StarImport,
    Statement,
    Step,
)
from migration_ls.sources.models.terms import (
    Attribute,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Const,
    Items,
    Joined,
    Keyword,
    Lambda,
    Other,
    Pairs,
    Ref,
    Slice,
    Starred,
    Subscript,
    Term,
    Unary,
)
from migration_ls.text.lines import LineIndex

_CLASS = re.compile(r"class[ \t\f\\\r\n]+")
_KINDS: dict[type[ast.expr], str] = {ast.Tuple: "tuple", ast.List: "list", ast.Set: "set"}


@dataclass(frozen=True, slots=True)
class Unparsable:
    """Why a text is no Python, and the code point that the parser complains about."""

    message: str
    offset: int


def parse(text: str) -> ast.Module | Unparsable:
    """The syntax tree of a text, or why it has none; texts that are nested too deeply have none either."""
    try:
        return _quietly(text) if "\\" in text else ast.parse(text)
    except SyntaxError as error:
        return Unparsable(error.msg or "invalid syntax", _offset_of(text, error))
    except (ValueError, RecursionError, MemoryError) as error:
        return Unparsable(f"the text cannot be parsed ({error})", 0)


def _quietly(text: str) -> ast.Module:
    """Odd escapes in a user's strings are no concern of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _offset_of(text: str, error: SyntaxError) -> int:
    starts = LineIndex(text).starts
    line = min(max((error.lineno or 1) - 1, 0), len(starts) - 1)
    stop = starts[line + 1] - 1 if line + 1 < len(starts) else len(text)
    return max(starts[line], min(starts[line] + max((error.offset or 1) - 1, 0), stop))


@lru_cache(maxsize=3000)
def statements_of(text: str) -> tuple[Statement, ...] | Unparsable:
    """The facts of a chunk of source, or why it cannot be parsed."""
    tree = parse(text)
    if isinstance(tree, Unparsable):
        return tree
    try:
        return tuple(_Converter(text).statements(tree.body))
    except RecursionError:
        return Unparsable("the statement is nested too deeply to be read", 0)


@lru_cache(maxsize=4096)
def term_of(text: str, start: int, end: int) -> Term | None:
    """The term that a text in quotes says, as annotations do; it stands at the quotes' place."""
    tree = parse(f"({text})")
    match tree:
        case ast.Module(body=[ast.Expr(value=value)]):
            try:
                return _Converter(text, (start, end)).term(value)
            except RecursionError:
                return None
        case _:
            return None


class _Converter:
    """Converts nodes of one text; `fixed` is the place that all terms get."""

    def __init__(self, text: str, fixed: tuple[int, int] | None = None) -> None:
        self._text = text
        self._fixed = fixed
        self._starts = LineIndex(text).starts
        self._is_plain = fixed is None and text.isascii()

    def _at(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        stop = self._starts[line] if line < len(self._starts) else len(self._text)
        return start + len(self._text[start:stop].encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))

    def _span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        if self._is_plain and node.end_lineno and node.end_col_offset:
            starts = self._starts
            return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
        if self._fixed:
            return self._fixed
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self._at(node.lineno, node.col_offset), self._at(end_line, end_column)

    def statements(self, nodes: Iterable[ast.stmt]) -> Iterator[Statement]:
        """The facts of statements; branches of `if`, `try` and `with` are read as if they all ran."""
        for node in nodes:
            match node:
                case ast.ClassDef():
                    yield self._class(node)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    yield self._function(node)
                case ast.AnnAssign() | ast.Assign():
                    yield from self._assignments(node)
                case ast.Import():
                    for alias in node.names:
                        whole = alias.name if alias.asname else alias.name.partition(".")[0]
                        yield Import(alias.asname or whole, whole, 0, None)
                case ast.ImportFrom():
                    for alias in node.names:
                        if alias.name == "*":
                            yield StarImport(node.module or "", node.level)
                        else:
                            yield Import(alias.asname or alias.name, node.module or "", node.level, alias.name)
                case ast.If():
                    yield from self.statements(node.orelse)
                    yield from self.statements(node.body)
                case ast.Try() | ast.TryStar():
                    for handler in node.handlers:
                        yield from self.statements(handler.body)
                    yield from self.statements([*node.body, *node.orelse, *node.finalbody])
                case ast.With():
                    yield from self.statements(node.body)
                case ast.Expr(value=ast.Call() as call):
                    term = self.term(call)
                    if isinstance(term, Call):
                        yield Invocation(term)
                case _:
                    pass

    def _assignments(self, node: ast.AnnAssign | ast.Assign) -> Iterator[Statement]:
        start, end = self._span(node)
        if isinstance(node, ast.AnnAssign):
            if isinstance(node.target, ast.Name):
                value = self.term(node.value) if node.value else None
                yield Assignment(node.target.id, self.term(node.annotation), value, start, end)
            return
        value = self.term(node.value)
        for target in node.targets:
            match target:
                case ast.Name():
                    yield Assignment(target.id, None, value, start, end)
                case ast.Attribute():
                    place = self.term(target)
                    if isinstance(place, Ref):
                        yield Setting(place.names, value)
                case ast.Tuple() | ast.List() if isinstance(value, Items) and len(value.items) == len(target.elts):
                    for item, part in zip(target.elts, value.items, strict=True):
                        if isinstance(item, ast.Name):
                            yield Assignment(item.id, None, part, start, end)
                case _:
                    pass

    def _class(self, node: ast.ClassDef) -> Class:
        start, _ = self._span(node)
        if (match := _CLASS.match(self._text, start)) is not None:
            start = match.end()
        return Class(
            node.name,
            tuple(map(self.term, node.decorator_list)),
            tuple(map(self.term, node.bases)),
            tuple(map(self._keyword, node.keywords)),
            tuple(self.statements(node.body)),
            start,
            start + len(node.name),
        )

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
        start, end = self._span(node)
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults = [
            *zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        steps = tuple(self._steps(node.body))
        return Function(
            node.name,
            tuple(map(self.term, node.decorator_list)),
            tuple(item.arg for item in (*positional, *arguments.kwonlyargs)),
            len(positional),
            arguments.vararg.arg if arguments.vararg else None,
            arguments.kwarg.arg if arguments.kwarg else None,
            tuple((item.arg, self.term(value)) for item, value in defaults if value is not None),
            steps,
            tuple(_returned(steps)),
            self.term(node.returns) if node.returns else None,
            start,
            end,
        )

    def _steps(self, nodes: Iterable[ast.stmt]) -> Iterator[Step]:
        """What the body of a function does, as far as it bears on what the function returns."""
        for node in nodes:
            match node:
                case ast.Return():
                    yield Return(self.term(node.value) if node.value else None)
                case ast.If():
                    yield Branch(self.term(node.test), tuple(self._steps(node.body)), tuple(self._steps(node.orelse)))
                case ast.For():
                    jumps = any(isinstance(item, ast.Break | ast.Continue) for item in ast.walk(node))
                    source = None if jumps else self.term(node.iter)
                    yield Loop(_names(node.target), source, tuple(self._steps(node.body)))
                case ast.While():
                    yield Loop((), None, tuple(self._steps(node.body)))
                case ast.With():
                    yield from self._steps(node.body)
                case ast.Try() | ast.TryStar():
                    yield from self._steps([*node.body, *node.orelse, *node.finalbody])
                case ast.Match():
                    for case in node.cases:
                        yield Loop((), None, tuple(self._steps(case.body)))
                case _:
                    yield from self._simple_steps(node)

    def _simple_steps(self, node: ast.stmt) -> Iterator[Step]:
        start, end = self._span(node)
        match node:
            case ast.AugAssign(target=ast.Name(id=name)):
                before = Ref(start, end, (name,))
                yield Assignment(
                    name, None, Binary(start, end, type(node.op).__name__, before, self.term(node.value)), start, end
                )
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=key)]):
                added = Pairs(start, end, ((self.term(key), self.term(node.value)),))
                yield self._changed(name, "BitOr", added)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[item])):
                yield self._changed(name, "Add", Items(start, end, "list", (self.term(item),)))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="extend"), args=[item])):
                yield self._changed(name, "Add", self.term(item))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="update"), args=[item])):
                yield self._changed(name, "BitOr", self.term(item))
            case ast.Assign() | ast.AnnAssign():
                yield from (item for item in self._assignments(node) if isinstance(item, Assignment | Setting))
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="__init__")) as call):
                term = self.term(call)
                if isinstance(term, Call):
                    yield Invocation(term)
            case _:
                pass

    def _changed(self, name: str, operator: str, added: Term) -> Assignment:
        start, end = added[:2]
        value = Binary(start, end, operator, Ref(start, end, (name,)), added)
        return Assignment(name, None, value, start, end)

    def _keyword(self, node: ast.keyword) -> Keyword:
        start, end = self._span(node)
        return Keyword(start, end, node.arg, self.term(node.value))

    def term(self, node: ast.expr) -> Term:
        """The term of an expression."""
        start, end = self._span(node)
        match node:
            case ast.Name():
                return Ref(start, end, (node.id,))
            case ast.Constant():
                return Const(start, end, node.value)
            case ast.Attribute():
                base = self.term(node.value)
                if isinstance(base, Ref):
                    return Ref(start, end, (*base.names, node.attr))
                return Attribute(start, end, base, node.attr)
            case ast.Call():
                function = self.term(node.func)
                arguments = tuple([self.term(item) for item in node.args]) if node.args else ()
                keywords = tuple([self._keyword(item) for item in node.keywords]) if node.keywords else ()
                return Call(start, end, function, arguments, keywords)
            case ast.Subscript():
                return Subscript(start, end, self.term(node.value), self.term(node.slice))
            case ast.Tuple() | ast.List() | ast.Set():
                return Items(start, end, _KINDS[type(node)], tuple(map(self.term, node.elts)))  # type: ignore[arg-type]
            case ast.Dict():
                keys = (self.term(key) if key else None for key in node.keys)
                return Pairs(start, end, tuple(zip(keys, map(self.term, node.values), strict=True)))
            case _:
                return self._rarer_term(node, start, end)

    def _rarer_term(self, node: ast.expr, start: int, end: int) -> Term:
        match node:
            case ast.BinOp():
                return Binary(start, end, type(node.op).__name__, self.term(node.left), self.term(node.right))
            case ast.BoolOp():
                term = self.term(node.values[0])
                for value in node.values[1:]:
                    term = Binary(start, end, type(node.op).__name__, term, self.term(value))
                return term
            case ast.Compare() if len(node.ops) == 1:
                operator = type(node.ops[0]).__name__
                return Binary(start, end, operator, self.term(node.left), self.term(node.comparators[0]))
            case ast.UnaryOp():
                return Unary(start, end, type(node.op).__name__, self.term(node.operand))
            case ast.JoinedStr():
                return Joined(start, end, tuple(map(self.term, node.values)))
            case ast.FormattedValue() if node.conversion == -1 and node.format_spec is None:
                return self.term(node.value)
            case ast.Starred():
                return Starred(start, end, self.term(node.value))
            case ast.Lambda():
                return Lambda(start, end, tuple(item.arg for item in node.args.args), self.term(node.body))
            case ast.ListComp(generators=[loop]) | ast.SetComp(generators=[loop]) | ast.GeneratorExp(generators=[loop]):
                conditions = tuple(map(self.term, loop.ifs))
                source = self.term(loop.iter)
                return Comprehension(start, end, self.term(node.elt), _names(loop.target), source, conditions)
            case ast.IfExp():
                return Conditional(start, end, self.term(node.body), self.term(node.orelse), self.term(node.test))
            case ast.Slice():
                parts = (self.term(part) if part else None for part in (node.lower, node.upper, node.step))
                return Slice(start, end, *parts)
            case _:
                return Other(start, end)


def _names(target: ast.expr) -> tuple[str, ...]:
    """The names that a loop gives values to; other targets have the empty name."""
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    return tuple(part.id if isinstance(part, ast.Name) else "" for part in parts)


def _returned(steps: Iterable[Step]) -> Iterator[Term]:
    for step in steps:
        match step:
            case Return(value=value) if value is not None:
                yield value
            case Branch():
                yield from _returned((*step.yes, *step.no))
            case Loop():
                yield from _returned(step.body)
            case _:
                pass
