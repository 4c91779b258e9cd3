"""What a migration file does, in whichever language it is written."""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from migration_ls.operations.statement import Statement
from migration_ls.sources.problem import Problem
from migration_ls.text.span import Span
from migration_ls.workspace.revisions import NO_CONVENTION, Convention, revision_of
from migration_ls.workspace.sql_files import sql_file


@dataclass(frozen=True, slots=True)
class Program:
    """The statements of a file both ways. `in_transaction`: its runner puts it in one, whatever the settings say."""

    statements: tuple[Statement, ...]
    rollback: tuple[Statement, ...]
    problems: tuple[Problem, ...]
    in_transaction: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What a file's meaning depends on besides its text.

    For revisions a naming convention, for scripts of psql the files that they include, by path with their texts.
    """

    convention: Convention = NO_CONVENTION
    included: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """It as something that can be compared."""
        return (self.convention, self.included)


NOTHING_BESIDE = Beside()
_INCLUDE = re.compile(
    r"\\(?P<kind>i|ir|include|include_relative)[ \t]+(?P<quote>['\"]?)(?P<path>[^'\"\r\n]+?)(?P=quote)[ \t]*\Z"
)
_DEEPEST = 8
_MOST = 400


def included_by(path: str, text: str, text_of: Callable[[str], str | None]) -> tuple[tuple[str, str], ...]:
    r"""The files that a script includes with `\i` and `\ir`, and those that these include, with their texts.

    Only files of the workspace are followed; `\i` is looked up from the root, where psql is likely run, then beside
    the file.
    """
    if "\\i" not in text:
        return ()
    found: dict[str, str] = {}
    waiting = [(path, text)]
    while waiting and len(found) < _MOST:
        own, content = waiting.pop()
        for line in content.split("\n"):
            for place in _places(own, line.strip()):
                inner = text_of(place) if place not in found and place != path else None
                if inner is not None:
                    found[place] = inner
                    waiting.append((place, inner))
                    break
    return tuple(sorted(found.items()))


def _places(path: str, line: str) -> tuple[str, ...]:
    """Where the file may be that a line includes."""
    match = _INCLUDE.match(line)
    if match is None:
        return ()
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), match["path"]))
    if match["kind"] in {"ir", "include_relative"}:
        return (beside,)
    return (posixpath.normpath(match["path"]), beside)


def _with_included(path: str, program: Program, included: Mapping[str, str], depth: int = 0) -> Program:
    """The program with what included files do in the place of the lines that include them."""
    if not included or depth > _DEEPEST:
        return program
    statements: list[Statement] = []
    for statement in program.statements:
        place = next((place for place in _places(path, statement.sql) if place in included), None)
        if place is None:
            statements.append(statement)
            continue
        rest = {key: text for key, text in included.items() if key != place}
        inner = sql_file(place, included[place])
        ran = _with_included(place, Program(inner.statements, (), ()), rest, depth + 1)
        statements += [_moved(item, statement.span) for item in ran.statements]
    return replace(program, statements=tuple(statements))


def _moved(statement: Statement, span: Span) -> Statement:
    """The statement as if it stood at the span."""
    clauses = tuple(replace(clause, span=span, parts=()) for clause in statement.clauses)
    return replace(statement, span=span, clauses=clauses)


def program_of(path: str, text: str, beside: Beside = NOTHING_BESIDE) -> Program:
    """What the file says; revisions are told by the end of their path."""
    convention = beside.convention
    if path.endswith(".py"):
        revision = revision_of(path, text, convention)
        if revision is None:
            return Program((), (), (), in_transaction=True)
        return Program(revision.upgrade, revision.downgrade, revision.problems, in_transaction=True)
    read = sql_file(path, text)
    return _with_included(path, Program(read.statements, read.rollback, read.problems), dict(beside.included))
