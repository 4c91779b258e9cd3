"""Python files as syntax trees with exact places, and names that lead from one file to another."""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from migration_ls.schema.origin import Origin
from migration_ls.sources.problem import Problem
from migration_ls.text.encoding import ByteIndex
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span

_MOST_REPAIRS = 20
_CHUNK = re.compile(r"^(?=[^\s#)\]}])", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """A Python file: its path relative to the project, with `/`, and its text."""

    path: str
    text: str


@dataclass(slots=True)
class Module:
    """A parsed file: what it defines at the top, and where its names come from.

    `classes` and `values` are the definitions by name, `imports` map a local name to the dotted name it stands for.
    """

    path: str
    text: str
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    values: dict[str, ast.expr] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    statements: list[ast.stmt] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _index: LineIndex | None = None

    @property
    def dotted(self) -> str:
        """`backend.app.models` for `backend/app/models/__init__.py`."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def index(self) -> LineIndex:
        """The lines of the text."""
        if self._index is None:
            self._index = LineIndex(self.text)
        return self._index

    def span(self, node: ast.AST) -> Span:
        """The characters of a node."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        end_line, end_column = getattr(node, "end_lineno", line), getattr(node, "end_col_offset", column)
        start = self._offset(line, column)
        return Span(start, max(start, self._offset(end_line, end_column)))

    def origin(self, node: ast.AST) -> Origin:
        """The place of a node."""
        span = self.span(node)
        return Origin(path=self.path, span=span, line=self.index.line(span.start))

    def place(self, span: Span) -> Origin:
        """The place of a span."""
        return Origin(path=self.path, span=span, line=self.index.line(span.start))

    def _offset(self, line: int, column: int) -> int:
        starts = self.index.starts
        if line - 1 >= len(starts):
            return len(self.text)
        start = starts[line - 1]
        if self.text.isascii():
            return min(start + column, len(self.text))
        return start + ByteIndex(self.index.line_text(line - 1)).code_point(column)


def read_module(file: ModelFile) -> Module:
    """The module; where the text does not parse, what can be read around the broken statements. Total."""
    module = Module(path=file.path, text=file.text)
    tree = _parsed(module)
    module.statements = tree.body if tree else []
    for statement in _top(module.statements):
        _define(module, statement)
    return module


def _parsed(module: Module) -> ast.Module | None:
    text = module.text
    for _ in range(_MOST_REPAIRS):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(text)
        except SyntaxError as error:
            offset = _error_offset(module, error)
            if not module.problems or not any(problem.span.contains(offset) for problem in module.problems):
                module.problems.append(_problem(module, error, offset))
            repaired = _without_chunk(text, offset)
            if repaired is None or repaired == text:
                return None
            text = repaired
        except (ValueError, RecursionError, MemoryError):
            module.problems.append(
                Problem(
                    code="models-syntax-error",
                    message="The file cannot be read as Python, so its tables are not known",
                    help="Save it as a plain Python file",
                    span=Span(0, 0),
                )
            )
            return None
    return None


def _error_offset(module: Module, error: SyntaxError) -> int:
    line, column = (error.lineno or 1) - 1, max((error.offset or 1) - 1, 0)
    return module.index.offset(line, column)


def _problem(module: Module, error: SyntaxError, offset: int) -> Problem:
    line = module.index.line(offset)
    end = module.index.starts[line] + len(module.index.line_text(line))
    words = (error.msg or "invalid syntax").rstrip(".")
    return Problem(
        code="models-syntax-error",
        message=f"`{module.path}` does not parse here ({words}), so what stands in this statement is not known",
        help="Correct the syntax; tables of the other statements are read all the same",
        span=Span(min(offset, end), end),
    )


def _without_chunk(text: str, offset: int) -> str | None:
    """The text with the top-level statement at `offset` blanked out, so that every other place stays where it is."""
    starts = [match.start() for match in _CHUNK.finditer(text)] or [0]
    before = [start for start in starts if start <= offset]
    for start in reversed(before or [0]):
        end = next((other for other in starts if other > max(start, offset)), len(text))
        chunk = text[start:end]
        if chunk.strip():
            return text[:start] + re.sub(r"[^\r\n]", " ", chunk) + text[end:]
    return None


def _top(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Top-level statements, those under `if` and `try` too."""
    for statement in statements:
        yield statement
        if isinstance(statement, ast.If):
            yield from _top(statement.body)
            yield from _top(statement.orelse)
        elif isinstance(statement, ast.Try):
            yield from _top(statement.body)
            for handler in statement.handlers:
                yield from _top(handler.body)


def _define(module: Module, statement: ast.stmt) -> None:
    match statement:
        case ast.ClassDef():
            module.classes[statement.name] = statement
        case ast.FunctionDef():
            module.functions[statement.name] = statement
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            module.values[name] = value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            module.values[name] = value
        case ast.Import(names=names):
            for alias in names:
                module.imports[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        case ast.ImportFrom(names=names):
            base = _base(module, statement)
            for alias in names:
                if alias.name == "*":
                    module.stars.append(base)
                else:
                    module.imports[alias.asname or alias.name] = f"{base}.{alias.name}" if base else alias.name
        case _ if type(statement).__name__ == "TypeAlias":
            # `type X = ...` of Python 3.12, which older parsers do not have.
            name_node, value = getattr(statement, "name", None), getattr(statement, "value", None)
            if isinstance(name_node, ast.Name) and isinstance(value, ast.expr):
                module.values[name_node.id] = value
        case _:
            pass


def _base(module: Module, statement: ast.ImportFrom) -> str:
    if not statement.level:
        return statement.module or ""
    parts = module.dotted.split(".")
    is_package = module.path.endswith("__init__.py")
    kept = parts[: len(parts) - statement.level + (1 if is_package else 0)]
    return ".".join([*kept, *([statement.module] if statement.module else [])])


@dataclass(frozen=True, slots=True)
class Found:
    """A definition and the module it stands in."""

    module: Module
    node: ast.AST


class Modules:
    """All modules of a project, for following names."""

    def __init__(self, modules: Sequence[Module]) -> None:
        self.all = tuple(modules)
        self._by_dotted: Mapping[str, Module] = {module.dotted: module for module in modules}

    def named(self, dotted: str, near: Module) -> Module | None:
        """The module of that dotted name; an absolute name may begin anywhere below the project's root.

        Of several candidates the one nearest to `near` is taken: services of one repository often share names.
        """
        if not dotted:
            return None
        exact = self._by_dotted.get(dotted)
        found = [module for name, module in self._by_dotted.items() if name.endswith(f".{dotted}")]
        if exact:
            found.append(exact)
        if not found:
            return None
        own = near.path.split("/")
        return max(found, key=lambda module: _shared(module.path.split("/"), own))

    def find(self, module: Module, name: str, seen: frozenset[tuple[str, str]] = frozenset()) -> Found | None:
        """The definition that a name means in a module, followed through imports."""
        key = (module.path, name)
        if key in seen:
            return None
        seen |= {key}
        for table in (module.classes, module.values, module.functions):
            if name in table:
                return Found(module, table[name])
        if name in module.imports:
            base, _, last = module.imports[name].rpartition(".")
            target = self.named(base, module)
            return self.find(target, last, seen) if target else None
        for star in module.stars:
            target = self.named(star, module)
            found = self.find(target, name, seen) if target else None
            if found:
                return found
        return None

    def full_name(self, module: Module, node: ast.expr) -> str:
        """The dotted name of an expression with imports resolved: `sqlalchemy.Column`; empty for other expressions."""
        match node:
            case ast.Name(id=name):
                return module.imports.get(name, name)
            case ast.Attribute(value=value, attr=attr):
                base = self.full_name(module, value)
                return f"{base}.{attr}" if base else ""
            case ast.Constant(value=str(text)):
                return module.imports.get(text, text)
            case _:
                return ""


def _shared(one: list[str], two: list[str]) -> int:
    count = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        count += 1
    return count
