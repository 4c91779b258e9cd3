"""What binders know of the statement they bind besides its tree."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from migration_ls.operations.statement import Clause
from migration_ls.operations.union import Operation
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.sources.sql.expressions import expression, read_expression
from migration_ls.sources.sql.grammar import print_expression
from migration_ls.sources.sql.tokens import Token, segments, tokens
from migration_ls.text.encoding import ByteIndex
from migration_ls.text.span import Span

TEMPORARY = "pg_temp"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where names without a namespace are looked up: the first of the search path, and what the file made so far."""

    namespace: str = "public"
    temporary: frozenset[str] = frozenset()
    bodies: tuple[tuple[str, str, str], ...] = ()
    """Functions that the file has defined so far: name, language, body."""


class Source:
    """One statement's text with its tokens; offsets are code points from the start of the statement."""

    def __init__(self, sql: str, scope: Scope) -> None:
        self.sql = sql
        self.scope = scope
        self._bytes = ByteIndex(sql)

    @property
    def whole(self) -> Span:
        """The statement."""
        return Span(0, len(self.sql))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its tokens."""
        return tokens(self.sql)

    def at(self, location: int) -> int:
        """The code point of a node's location."""
        return self._bytes.code_point(max(0, location))

    def clause(
        self, operation: Operation, span: Span | None = None, *, parts: tuple[tuple[str, Span], ...] = ()
    ) -> Clause:
        """A clause; without a span it is the whole statement."""
        return Clause(operation=operation, span=span or self.whole, parts=parts)

    def name(self, relation: Any) -> Name:
        """The name that a `RangeVar` means."""
        return self.named(relation.relname, relation.schemaname)

    def named(self, name: str, namespace: str = "") -> Name:
        """The name with its namespace."""
        if not namespace and name in self.scope.temporary:
            return Name(name, TEMPORARY)
        return Name(name, namespace or self.scope.namespace)

    def created(self, relation: Any) -> Name:
        """The name of a relation that is being made; temporary ones live in a namespace of their own."""
        if relation.relpersistence == "t":
            return Name(relation.relname, TEMPORARY)
        return Name(relation.relname, relation.schemaname or self.scope.namespace)

    def name_of(self, parts: Iterable[Any]) -> Name:
        """The name that a list of `String` nodes means."""
        words = [part.string.sval for part in parts]
        return self.named(words[-1] if words else "", words[-2] if len(words) > 1 else "")

    def type_name_of(self, parts: Iterable[Any]) -> Name:
        """The name of a type, which no temporary table can hide."""
        words = [part.string.sval for part in parts]
        namespace = words[-2] if len(words) > 1 else self.scope.namespace
        return Name(words[-1] if words else "", namespace)

    def type_name_from(self, relation: Any) -> Name:
        """The name of a composite type, which the parser has as a relation's."""
        return Name(relation.relname, relation.schemaname or self.scope.namespace)

    def expression(self, node: Any, text: str | None = None) -> Expression:
        """The expression of a node; `text` is how the user spelled it, where that is known."""
        if text is not None and (found := read_expression(text)) is not None:
            return found
        return expression((print_expression(node) if node is not None else None) or text or "")

    def after(self, start: int, *words: str, depth: int = 0) -> int | None:
        """The index of the first token at or after `start` that is one of the words, at `depth`."""
        for index, token in enumerate(self.tokens):
            if token.start >= start and token.depth == depth and token.kind == "word" and token.text in words:
                return index
        return None

    def brackets_after(self, start: int) -> tuple[Token, ...]:
        """The tokens between the first `(` at or after `start` and its `)`."""
        for index, token in enumerate(self.tokens):
            if token.start >= start and token.text == "(" and token.kind == "other":
                return self.inside(index)
        return ()

    def inside(self, bracket: int) -> tuple[Token, ...]:
        """The tokens inside the bracket at that index."""
        opening = self.tokens[bracket]
        for index in range(bracket + 1, len(self.tokens)):
            if self.tokens[index].depth <= opening.depth:
                return self.tokens[bracket + 1 : index]
        return self.tokens[bracket + 1 :]

    def text_of(self, items: tuple[Token, ...]) -> str | None:
        """What the tokens cover."""
        return self.sql[items[0].start : items[-1].end] if items else None

    def after_relation(self, relation: Any) -> tuple[Span, ...]:
        """The comma-separated parts that follow a relation's name: the actions of an ALTER TABLE."""
        start = self.at(relation.location)
        items = [token for token in self.tokens if token.start >= start]
        position = 1
        while position + 1 < len(items) and items[position].text == ".":
            position += 2
        if position < len(items) and items[position].text == "*":
            position += 1
        return segments(tuple(items[position:]), 0)

    def last_list(self, count: int) -> tuple[Span, ...]:
        """The spans of the last `count` items of the list that the statement ends with (DROP, TRUNCATE)."""
        found = segments(self.tokens, 0)
        if len(found) != count or count < 2:
            return (self.whole,) * count
        return found
