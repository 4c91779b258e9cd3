"""DO blocks: the statements that stand in them as they are, found by a walk over the body's tokens.

Statements under an IF, a loop or in a block with an EXCEPTION part are conditional. `EXECUTE` of what is put together
from literals alone is read, of anything else opaque. So are functions that the same file defines and calls.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from migration_ls.operations.change_rows import ChangeRows
from migration_ls.operations.inert import Inert
from migration_ls.operations.opaque import Opaque
from migration_ls.operations.statement import Clause
from migration_ls.sources.sql.constant_text import constant_text
from migration_ls.sources.sql.grammar import SyntaxProblem, parse
from migration_ls.sources.sql.source import Source
from migration_ls.sources.sql.tokens import Token, tokens
from migration_ls.text.span import Span

Bind = Callable[[Any, Source], tuple[Clause, ...]]

_SQL = frozenset(
    """
    alter analyze call cluster comment copy create delete drop grant insert lock merge refresh reindex reset revoke
    security select set truncate update vacuum values with
    """.split()
)


def bind_do(node: Any, source: Source, bind: Bind) -> tuple[Clause, ...]:
    """The clauses of a DO block, with spans in its body."""
    language = "plpgsql"
    body: str | None = None
    for item in node.args:
        if item.def_elem.defname == "language":
            language = item.def_elem.arg.string.sval
        elif item.def_elem.defname == "as":
            body = item.def_elem.arg.string.sval
    if language.lower() != "plpgsql" or body is None:
        return (source.clause(Opaque(why=f"a DO block in `{language}` is not read", relations=None)),)
    found = bind_body(body, source, bind, place=body_place(source, body))
    return found or (source.clause(Inert(what="DO")),)


def bind_body(body: str, source: Source, bind: Bind, *, place: int | None = None) -> tuple[Clause, ...]:
    """The clauses of a PL/pgSQL body that stands at `place` in the statement; None where it stands elsewhere."""
    walk = _Walk(source=source, bind=bind, body=body, place=place)
    walk.run()
    return tuple(walk.clauses)


def bind_call(name: str, source: Source, bind: Bind) -> tuple[Clause, ...] | None:
    """What a call of a function that the same file defines does; None for any other function."""
    for known, language, body in source.scope.bodies:
        if known != name:
            continue
        # it may call itself or others that call it: each is followed once
        rest = tuple(item for item in source.scope.bodies if item[0] != name)
        within = Source(source.sql, replace(source.scope, bodies=rest))
        if language == "plpgsql":
            return bind_body(body, within, bind)
        if language == "sql":
            return _bind_sql_body(body, within, bind)
    return None


def _bind_sql_body(body: str, source: Source, bind: Bind) -> tuple[Clause, ...] | None:
    tree = parse(body)
    if isinstance(tree, SyntaxProblem):
        return None
    inner = Source(body, source.scope)
    return tuple(
        replace(clause, span=source.whole, parts=())
        for statement in tree.stmts
        for clause in bind(statement.stmt, inner)
    )


def body_place(source: Source, body: str) -> int | None:
    """Where the body begins in the statement; None when quoting changes its text."""
    for token in source.tokens:
        if token.kind == "string" and (at := source.sql.find(body, token.start, token.end)) >= 0:
            return at
    return None


@dataclass(slots=True)
class _Frame:
    """An open block: what it is, and the clauses found in it so far."""

    kind: str
    first: int


@dataclass(slots=True, kw_only=True)
class _Walk:
    source: Source
    bind: Bind
    body: str
    place: int | None
    clauses: list[Clause] = field(default_factory=list)
    frames: list[_Frame] = field(default_factory=list)
    variables: set[str] = field(default_factory=set)
    """What the body declares: such a name in a condition is no column."""

    def run(self) -> None:
        """Go through the body, one PL/pgSQL statement at a time."""
        items = tokens(self.body)
        position = 0
        while position < len(items):
            position = max(position + 1, self._statement(items, position))

    def _statement(self, items: tuple[Token, ...], at: int) -> int:
        """Deal with what begins at `at`; where the next one begins."""
        word = items[at].text if items[at].kind == "word" else ""
        if items[at].text == "<":
            return _after_label(items, at)
        end = _until(items, at, ";")
        match word:
            case "begin":
                self.frames.append(_Frame("begin", len(self.clauses)))
                return at + 1
            case "declare":
                stop = _until_words(items, at + 1, {"begin"})
                self.variables |= _declared(items[at + 1 : stop])
                return stop
            case "commit" | "rollback":
                self._add(
                    self.source.clause(Inert(what=word.upper(), transaction_forbidden=True)),
                    Span(items[at].start, items[at].end),
                )
                return end + 1
            case "if" | "elsif" | "elseif" | "case" | "when":
                if word in {"if", "case"}:
                    self.frames.append(_Frame("if", len(self.clauses)))
                stop = _until_words(items, at + 1, {"then"} if word != "case" else {"when"})
                self._reads(items[at + 1 : stop])
                return stop + 1 if word != "case" else stop
            case "else":
                return at + 1
            case "loop" | "while" | "for" | "foreach":
                stop = _until_words(items, at, {"loop"})
                self._loop_query(items, at, stop)
                self.frames.append(_Frame("loop", len(self.clauses)))
                return stop + 1
            case "exception":
                self._guarded()
                return at + 1
            case "end":
                if self.frames:
                    self.frames.pop()
                return end + 1
            case "execute":
                self._execute(items[at:end])
                return end + 1
            case "perform":
                self._sql(items[at + 1 : end], prefix="SELECT ")
                return end + 1
            case _ if word in _SQL and not _is_assignment(items, at):
                self._sql(items[at:end])
                return end + 1
            case _:
                return end + 1

    @property
    def _conditional(self) -> bool:
        return any(frame.kind != "begin" for frame in self.frames)

    def _guarded(self) -> None:
        """What stands before EXCEPTION in a block may fail and be forgiven; what follows runs only then."""
        if not self.frames:
            return
        frame = self.frames[-1]
        self.clauses[frame.first :] = [replace(clause, conditional=True) for clause in self.clauses[frame.first :]]
        frame.kind = "exception"

    def _reads(self, items: tuple[Token, ...]) -> None:
        """A condition: the tables it reads are locked like a query's."""
        if any(item.text == "select" for item in items):
            self._sql(items, prefix="SELECT ", quiet=True)

    def _loop_query(self, items: tuple[Token, ...], at: int, stop: int) -> None:
        if items[at].text in {"for", "foreach"} and at + 1 < stop:
            self.variables.add(items[at + 1].text)
        if items[at].text != "for":
            return
        start = next((index for index in range(at, stop) if items[index].text == "in"), stop)
        query = items[start + 1 : stop]
        if query and query[0].text == "execute":
            self._execute(query)
        elif query and query[0].text in {"select", "with"}:
            self._sql(query, quiet=True)

    def _sql(self, items: tuple[Token, ...], *, prefix: str = "", quiet: bool = False) -> None:
        """Bind a statement of the body; `quiet` ones are queries that matter for what they read only."""
        if not items:
            return
        start, stop = items[0].start, items[-1].end
        text = self.body[start:stop]
        blank = _without_into(text, items, start)
        tree = parse(prefix + blank)
        if isinstance(tree, SyntaxProblem):
            if not quiet:
                self._opaque(f"`{items[0].text.upper()}` in the block does not parse", start, stop)
            return
        self._bind(tree, prefix + blank, start - len(prefix), Span(start, stop))

    def _bind(self, tree: Any, sql: str, offset: int, within: Span) -> None:
        inner = Source(sql, self.source.scope)
        for statement in tree.stmts:
            for clause in self.bind(statement.stmt, inner):
                if isinstance(clause.operation, Inert):
                    continue
                span = Span(
                    min(max(clause.span.start + offset, within.start), within.end),
                    max(within.start, min(clause.span.end + offset, within.end)),
                )
                self._add(self._without_variables(clause), span)

    def _without_variables(self, clause: Clause) -> Clause:
        operation = clause.operation
        if not isinstance(operation, ChangeRows) or operation.where is None:
            return clause
        columns = operation.where.columns - self.variables
        return replace(clause, operation=replace(operation, where=replace(operation.where, columns=columns)))

    def _execute(self, items: tuple[Token, ...]) -> None:
        """EXECUTE of one literal is a statement like any other."""
        argument = items[1:]
        stop = next((i for i, item in enumerate(argument) if item.text in {"into", "using"}), len(argument))
        literal = argument[:stop]
        start, end = items[0].start, items[-1].end
        sql = constant_text(literal, self.body)
        if sql is None:
            self._opaque("it executes text that is made at run time", start, end)
            return
        tree = parse(sql)
        if isinstance(tree, SyntaxProblem):
            self._opaque("the text it executes does not parse", start, end)
            return
        at = self.body.find(sql, literal[0].start, literal[0].end)
        exact = at >= 0 and bool(sql)
        within = Span(at, at + len(sql)) if exact else Span(literal[0].start, literal[-1].end)
        self._bind(tree, sql, within.start, within)

    def _opaque(self, why: str, start: int, end: int) -> None:
        self._add(self.source.clause(Opaque(why=why, relations=None)), Span(start, end))

    def _add(self, clause: Clause, span: Span) -> None:
        place = span.shifted(self.place) if self.place is not None else self.source.whole
        conditional = clause.conditional or self._conditional
        self.clauses.append(replace(clause, span=place, conditional=conditional))


def _until(items: tuple[Token, ...], at: int, text: str) -> int:
    """The index of the next such token outside brackets opened since; the end when there is none."""
    depth = items[at].depth
    for index in range(at, len(items)):
        if items[index].text == text and items[index].kind == "other" and items[index].depth <= depth:
            return index
    return len(items)


def _declared(items: tuple[Token, ...]) -> set[str]:
    """The names that a DECLARE section declares."""
    found: set[str] = set()
    at = 0
    while at < len(items):
        found.add(items[at].text)
        at = _until(items, at, ";") + 1
    return found


def _after_label(items: tuple[Token, ...], at: int) -> int:
    """Behind `<<label>>`."""
    closing = next((index for index in range(at, len(items)) if items[index].text == ">"), at)
    return closing + 2


def _until_words(items: tuple[Token, ...], at: int, words: set[str]) -> int:
    depth = items[at].depth if at < len(items) else 0
    nested = 0
    for index in range(at, len(items)):
        token = items[index]
        if token.kind != "word" or token.depth != depth:
            continue
        if token.text == "case":
            nested += 1
        elif token.text == "end" and nested:
            nested -= 1
        elif token.text in words and not nested:
            return index
    return len(items)


def _is_assignment(items: tuple[Token, ...], at: int) -> bool:
    return at + 1 < len(items) and items[at + 1].text in {":=", "=", "["}


def _without_into(text: str, items: tuple[Token, ...], start: int) -> str:
    """The text with PL/pgSQL's `INTO [STRICT] target, ...` blanked, which is no SQL; INSERT INTO stays."""
    if items[0].text in {"insert", "merge"} and not any(item.text == "returning" for item in items):
        return text
    depth = items[0].depth
    first = next(
        (
            index
            for index, item in enumerate(items)
            if item.text == "into"
            and item.depth == depth
            and index
            and items[index - 1].text not in {"insert", "merge"}
        ),
        None,
    )
    if first is None:
        return text
    index = first + 1
    if index < len(items) and items[index].text == "strict":
        index += 1
    while index < len(items) and items[index].kind in {"word", "name"}:
        index += 1
        while index + 1 < len(items) and items[index].text == ".":
            index += 2
        if index < len(items) and items[index].text == ",":
            index += 1
            continue
        break
    stop = items[index].start if index < len(items) else items[-1].end
    begin = items[first].start
    return text[: begin - start] + " " * (stop - begin) + text[stop - start :]
