"""A file's facts, chunk by chunk, so that an edit costs one chunk and a half-typed statement hides nothing else."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from migration_ls.schema.origin import Origin
from migration_ls.sources.models.convert import Unparsable, parse, statements_of
from migration_ls.sources.models.facts import (
    Assignment,
    Chunk,
    Class,
    Function,
    Import,
    Invocation,
    Setting,
    StarImport,
    Statement,
)
from migration_ls.sources.models.terms import Call, Ref
from migration_ls.sources.problem import Problem
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span

_START = re.compile(r"\n(?=[^\W\d]|@)(?!(?:else|elif|except|finally)\b)")
_BODY = re.compile(r"^([ \t]+)[^ \t#\r\n]", re.MULTILINE)
_CLASS_NAME = re.compile(r"^class[ \t]+([^\W\d]\w*)", re.MULTILINE)
_WORD = re.compile(r"\w+|\S|\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """A Python file: its path relative to the project, with `/`, and its text."""

    path: str
    text: str


@dataclass(frozen=True, eq=False)
class Module:
    """What one file says. `incomplete` are classes with statements that could not be read.

    `opaque` means that something at the top could not be read, which may have been a class.
    """

    path: str
    chunks: tuple[Chunk, ...]
    lines: LineIndex
    problems: tuple[Problem, ...] = ()
    incomplete: frozenset[str] = frozenset()
    opaque: bool = False
    bindings: dict[str, tuple[int, "Assignment | Import | Function | Class"]] = field(default_factory=dict)
    """The last statement that gives a name its value, and the offset of the chunk it stands in."""
    stars: tuple[StarImport, ...] = ()
    settings: tuple[tuple[int, Setting], ...] = ()
    calls: tuple[tuple[int, Invocation], ...] = ()
    metadata: tuple[tuple[int, Assignment], ...] = ()
    """Names that are given a `MetaData(...)`."""
    kept: dict[object, Any] = field(default_factory=dict, repr=False)
    """What was found out about the file, by what it is about; it goes with the file."""
    fields: dict[str, Any] = field(default_factory=dict, repr=False)
    """What fields of classes are, by their text; the file's texts hand it on from one to the next."""

    def __post_init__(self) -> None:
        stars: list[StarImport] = []
        settings: list[tuple[int, Setting]] = []
        calls: list[tuple[int, Invocation]] = []
        metadata: list[tuple[int, Assignment]] = []
        for chunk in self.chunks:
            for statement in chunk.statements:
                match statement:
                    case StarImport():
                        stars.append(statement)
                    case Setting():
                        settings.append((chunk.offset, statement))
                    case Invocation():
                        calls.append((chunk.offset, statement))
                    case Assignment(value=None):
                        self.bindings.setdefault(statement.name, (chunk.offset, statement))
                    case Assignment(value=Call(function=Ref(names=(*_, "MetaData")))):
                        metadata.append((chunk.offset, statement))
                        self.bindings[statement.name] = (chunk.offset, statement)
                    case _:
                        self.bindings[statement.name] = (chunk.offset, statement)
        object.__setattr__(self, "metadata", tuple(metadata))
        object.__setattr__(self, "stars", tuple(stars))
        object.__setattr__(self, "settings", tuple(settings))
        object.__setattr__(self, "calls", tuple(calls))

    @property
    def is_package(self) -> bool:
        """Whether it is the `__init__.py` of a package."""
        return self.path.rpartition("/")[2] == "__init__.py"

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the module and the packages it is in, as far as the path tells."""
        parts = tuple(self.path.removesuffix(".py").split("/"))
        return parts[:-1] if self.is_package else parts

    def origin(self, start: int, end: int) -> Origin:
        """The place of a span of the file."""
        return Origin(self.path, Span(start, end), self.lines.line(start))


_VERSIONS = 3
"""Texts of one file that are kept: the edited one, the one at the base, and the one before the edit."""
_FILES = 5_000
_kept: dict[str, tuple[Module, ...]] = {}


def forget() -> None:
    """Keep no file any longer, as at the start of a process."""
    _kept.clear()


def analyse_file(file: ModelFile) -> Module:
    """What a file says; asked again for one of its last texts, it is there already."""
    known = _kept.get(file.path, ())
    for module in known:
        if module.lines.text == file.text:
            return module
    module = _analysed(file, known[0].fields if known else {})
    if len(_kept) >= _FILES:
        _kept.clear()
    _kept[file.path] = (module, *known[: _VERSIONS - 1])
    return module


def _analysed(file: ModelFile, fields: dict[str, Any]) -> Module:
    text = file.text
    pieces = list(_pieces(text))
    read = [(offset, statements_of(piece)) for offset, piece in pieces]
    if any(isinstance(result, Unparsable) for _, result in read):
        shift = 1 if text.startswith("\ufeff") else 0
        whole = parse(text[shift:])
        if not isinstance(whole, Unparsable):
            # The split was wrong, not the text: take the statements' own beginnings.
            begins = LineIndex(text).starts
            starts = [begins[line - 1] if line > 1 else shift for line in map(_first_line, whole.body)]
            pieces = list(_cut(text, starts))
            read = [(offset, statements_of(piece)) for offset, piece in pieces]
    chunks: list[Chunk] = []
    problems: list[Problem] = []
    incomplete: set[str] = set()
    opaque = False
    for (offset, piece), (_, result) in zip(pieces, read, strict=True):
        statements = result
        if isinstance(statements, Unparsable):
            found, name, statements = _recover(offset, piece, statements)
            problems += found
            incomplete.update(filter(None, [name]))
            opaque = opaque or name is None
        chunks.append(Chunk(offset, statements))
    return Module(
        path=file.path,
        chunks=tuple(chunks),
        lines=LineIndex(text),
        problems=tuple(problems),
        incomplete=frozenset(incomplete),
        opaque=opaque,
        fields=fields,
    )


def _first_line(node: ast.stmt) -> int:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return min([node.lineno, *(item.lineno for item in node.decorator_list)])
    return node.lineno


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The top-level statements by their first column; decorators and multi-line strings are kept together."""
    starts: list[int] = []
    # most files use one kind of quotes, and what they do not use needs no counting
    quotes = {mark: False for mark in ('"""', "'''") if mark in text}
    last = 1 if text.startswith("\ufeff") else 0
    decorated = False
    # With a line's end before it the text begins like any other line, and every match starts where its line does.
    for match in _START.finditer(f"\n{text}"):
        start = match.start()
        if quotes:
            between = text[last:start]
            for mark, is_open in quotes.items():
                quotes[mark] = is_open != bool(between.count(mark) % 2)
            last = start
            if any(quotes.values()):
                continue
        if not decorated:
            starts.append(start)
        decorated = text[start] == "@"
    yield from _cut(text, starts)


def _cut(text: str, starts: list[int]) -> Iterator[tuple[int, str]]:
    shift = 1 if text.startswith("\ufeff") else 0
    if not starts or text[shift : starts[0]].strip():
        starts = [shift, *(start for start in starts if start > shift)]
    for start, end in pairwise([*starts, len(text)]):
        if end > start:
            yield start, text[start:end]


def _recover(offset: int, piece: str, error: Unparsable) -> tuple[list[Problem], str | None, tuple[Statement, ...]]:
    """A broken chunk: the problems, the class it is (None when it is none), and what can be read of it."""
    named = _CLASS_NAME.search(piece)
    errors = [error]
    statements: tuple[Statement, ...] = ()
    if named is not None:
        mended, found = _without_broken(piece, named.start())
        result = statements_of(mended) if found else error
        if not isinstance(result, Unparsable):
            statements, errors = result, found
    what = "the statement" if named is None else f"`{named[1]}`"
    rest = "is read without this part" if statements else "is not read"
    problems = [
        Problem(
            code="models-syntax-error",
            message=f"{what} {rest}: {error.message}",
            help="Complete the statement; until then no difference that rests on it is certain",
            span=_place(piece, error.offset).shifted(offset),
        )
        for error in errors
    ]
    return problems, named[1] if named else None, statements


def _place(text: str, offset: int) -> Span:
    word = _WORD.match(text, min(offset, len(text)))
    return Span(offset, max(word.end() if word else offset, offset))


def _without_broken(piece: str, start: int) -> tuple[str, list[Unparsable]]:
    """The class with each statement of its body that cannot be parsed made blank, every offset as it was."""
    first = _BODY.search(piece, start)
    if first is None:
        return piece, []
    indent = first[1]
    begin_of = re.compile(rf"^{indent}(?=[^ \t#\r\n)\]}}])", re.MULTILINE)
    begins = [match.start() for match in begin_of.finditer(piece, first.start())]
    parts = [piece[: first.start()]]
    errors: list[Unparsable] = []
    waiting = first.start()
    for begin, end in pairwise([*begins, len(piece)]):
        if piece[begin:].lstrip().startswith("@"):
            continue
        part = piece[waiting:end]
        result = statements_of(_HEADER + part)
        if isinstance(result, Unparsable):
            errors.append(Unparsable(result.message, max(waiting, waiting + result.offset - len(_HEADER))))
            part = _blank(part, indent)
        parts.append(part)
        waiting = end
    return "".join(parts) + re.sub(r"[^\r\n]", " ", piece[waiting:]), errors


_HEADER = "class _:\n"


def _blank(part: str, indent: str) -> str:
    spaces = re.sub(r"[^\r\n]", " ", part)
    line = spaces.partition("\n")[0].rstrip("\r")
    if len(line) < len(indent) + 4:
        return spaces
    return indent + "pass" + spaces[len(indent) + 4 :]
