"""Where things stand in a module with models: classes, fields, calls, imports, as code-point spans."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

import libcst as cst

from migration_ls.text.span import Span


class UnreadableModuleError(ValueError):
    """The text is no Python that can be edited; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """An argument of a call, or an item of a tuple, list or dict; `span` leaves the comma out."""

    keyword: str | None
    span: Span
    value: Span
    node: cst.BaseExpression
    starred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A bracketed, comma-separated list: the arguments of a call, a tuple, a dict.

    `open` is the offset after the opening bracket, `close` that of the closing one; `comma` the end of a comma after
    the last item.
    """

    function: str
    span: Span
    open: int
    close: int
    arguments: tuple[Argument, ...]
    comma: int | None

    def argument(self, keyword: str) -> Argument | None:
        """The argument of that keyword."""
        return next((item for item in self.arguments if item.keyword == keyword), None)

    @property
    def positional(self) -> tuple[Argument, ...]:
        """Arguments without a keyword."""
        return tuple(item for item in self.arguments if item.keyword is None and not item.starred)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPlace:
    """An annotated assignment, or a plain one (`annotation` is None), in a class.

    `lines` are its whole lines, with a docstring that follows it; `alone` says that nothing else stands on them.
    """

    name: str
    name_span: Span
    span: Span
    lines: Span
    annotation: Span | None
    annotation_node: cst.BaseExpression | None
    value: Span | None
    value_node: cst.BaseExpression | None
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassPlace:
    """A class of the module. `lines` are its whole lines, decorators included; `body` the span of its suite."""

    name: str
    name_span: Span
    lines: Span
    bases: tuple[str, ...]
    is_table: bool
    indent: str
    fields: tuple[FieldPlace, ...]
    docstring: Span | None
    header_end: int
    """The end of the line with the colon."""
    body: Span
    is_empty: bool
    """The body is `pass`, `...` or a docstring alone."""
    inline: bool
    """The body stands on the line of the colon."""
    filler: Span | None
    """The lines of a lone `pass` or `...`."""

    def field(self, name: str) -> FieldPlace | None:
        """The last assignment to that name."""
        return next((item for item in reversed(self.fields) if item.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlace:
    """A `from module import names` at the top level; `names` maps what is imported to what it is called here."""

    module: str
    level: int
    span: Span
    lines: Span
    names: tuple[tuple[str, str], ...]
    listing: Listing | None
    """None for a star and for statements that share their line."""
    bracketed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainImport:
    """An `import module` at the top level."""

    module: str
    lines: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A parsed module; spans are of `text`."""

    text: str
    newline: str
    classes: tuple[ClassPlace, ...]
    imports: tuple[ImportPlace, ...]
    modules: Mapping[str, str] = field(default_factory=dict)
    """What plain imports bind: `sa` to `sqlalchemy`, `sqlalchemy.dialects.postgresql` to itself."""
    plain_imports: tuple[PlainImport, ...] = ()
    tables: tuple[Listing, ...] = ()
    """Calls of `Table` that give names at the top level their value."""
    type_checking: tuple[ImportPlace, ...] = ()
    type_checking_body: Span | None = None
    top_names: frozenset[str] = frozenset()
    first_code: int = 0
    """Where imports may begin: after the module's docstring and `from __future__` lines."""
    exported: Listing | None = None
    """The list of `__all__`."""
    spans: "Spans" = field(repr=False, compare=False, default=None)  # type: ignore[assignment]

    def class_at(self, offset: int) -> ClassPlace | None:
        """The class whose name stands at `offset`."""
        return next((item for item in self.classes if item.name_span.contains(offset)), None)

    def class_named(self, name: str) -> ClassPlace | None:
        """The last class of that name."""
        return next((item for item in reversed(self.classes) if item.name == name), None)

    def code(self, span: Span) -> str:
        """The text of a span."""
        return span.of(self.text)

    def listing(self, node: cst.BaseExpression | None) -> Listing | None:
        """The bracketed list that an expression is: a call, a tuple in brackets, a list, a dict."""
        return self.spans.listing(node) if node is not None else None

    def annotated_listing(self, place: FieldPlace) -> Listing | None:
        """The call that stands in `Annotated[type, call(...)]`."""
        for value in reversed(self._annotated(place)):
            if isinstance(value, cst.Call):
                return self.spans.listing(value)
        return None

    def type_span(self, place: FieldPlace) -> Span | None:
        """The annotation, or what `Annotated` is given first."""
        values = self._annotated(place)
        return self.spans.of(values[0]) if values else place.annotation

    def _annotated(self, place: FieldPlace) -> list[cst.BaseExpression]:
        node = place.annotation_node
        if not isinstance(node, cst.Subscript) or not self.code(self.spans.of(node.value)).endswith("Annotated"):
            return []
        return [item.slice.value for item in node.slice if isinstance(item.slice, cst.Index)]

    def line_span(self, span: Span) -> Span:
        """Grown to whole lines, the last line's end included."""
        return self.spans.line_span(span)


class Spans:
    """Code-point spans of the nodes of one tree; `source` is what was parsed of the text, as long as it."""

    def __init__(self, text: str, source: str, shift: int, positions: Mapping[cst.CSTNode, object]) -> None:
        self.text = text
        self._shift = shift
        self._positions = positions
        self._bytes: list[int] | None = None
        if not source.isascii():
            total, self._bytes = 0, []
            for char in source:
                self._bytes.append(total)
                total += len(char.encode("utf-8", "surrogatepass"))
            self._bytes.append(total)

    def of(self, node: cst.CSTNode) -> Span:
        """The span of a node without the white space around it."""
        place = self._positions[node]
        start, length = place.start, place.length  # type: ignore[attr-defined]
        return Span(self._offset(start), self._offset(start + length))

    def _offset(self, byte: int) -> int:
        return self._shift + (byte if self._bytes is None else bisect_right(self._bytes, byte) - 1)

    def line_span(self, span: Span) -> Span:
        """Grown to whole lines, the last line's end included."""
        text, start, end = self.text, span.start, span.end
        while start and text[start - 1] not in "\r\n":
            start -= 1
        while end < len(text) and text[end] not in "\r\n":
            end += 1
        if text.startswith("\r\n", end):
            end += 2
        elif end < len(text):
            end += 1
        return Span(start, end)

    def listing(self, node: cst.BaseExpression) -> Listing | None:
        """The bracketed list that an expression is."""
        span = self.of(node)
        match node:
            case cst.Call():
                items = [self._argument(item) for item in node.args]
                function = self.of(node.func)
                opening = self.text.index("(", function.end)
                last = node.args[-1].comma if node.args else None
                name = function.of(self.text)
                span = Span(function.start, self._close(span.end))
            case cst.Tuple() if node.lpar:
                items = [self._item(item.value) for item in node.elements]
                opening = span.start if self.text[span.start] == "(" else self.text.rindex("(", 0, span.start)
                last = node.elements[-1].comma if node.elements else None
                name = ""
                if self.text[span.start] != "(":
                    span = Span(opening, self.text.index(")", span.end) + 1)
            case cst.List():
                items = [self._item(item.value) for item in node.elements]
                opening, last, name = span.start, (node.elements[-1].comma if node.elements else None), ""
            case cst.Dict():
                items = [self._entry(item) for item in node.elements]
                opening, last, name = span.start, (node.elements[-1].comma if node.elements else None), ""
            case _:
                return None
        comma = self.of(last).end if isinstance(last, cst.Comma) else None
        return Listing(
            function=name, span=span, open=opening + 1, close=span.end - 1, arguments=tuple(items), comma=comma
        )

    def _close(self, end: int) -> int:
        return end

    def _argument(self, item: cst.Arg) -> Argument:
        value = self.of(item.value)
        start = self.of(item.keyword).start if item.keyword else value.start - len(item.star)
        return Argument(
            keyword=item.keyword.value if item.keyword else None,
            span=Span(start, value.end),
            value=value,
            node=item.value,
            starred=bool(item.star),
        )

    def _item(self, value: cst.BaseExpression) -> Argument:
        span = self.of(value)
        return Argument(keyword=None, span=span, value=span, node=value)

    def _entry(self, item: cst.BaseDictElement) -> Argument:
        value = self.of(item.value)
        if isinstance(item, cst.DictElement):
            key = self.of(item.key)
            name = item.key.evaluated_value if isinstance(item.key, cst.SimpleString) else None
            keyword = name if isinstance(name, str) else None
            return Argument(keyword=keyword, span=Span(key.start, value.end), value=value, node=item.value)
        return Argument(keyword=None, span=value, value=value, node=item.value, starred=True)


def above(text: str, start: int) -> int:
    """The offset before the comments that stand right above a line, which begins at `start`."""
    while start:
        previous = max(text.rfind("\n", 0, start - 1), text.rfind("\r", 0, start - 1)) + 1
        if not text[previous:start].strip().startswith("#"):
            break
        start = previous
    return start
