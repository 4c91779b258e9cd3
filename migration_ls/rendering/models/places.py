"""Where things stand in a module with models: classes, fields, calls, imports, as code-point spans."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

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
    """Code-point spans of the nodes of one tree."""

    def __init__(self, text: str, shift: int, positions: Mapping[cst.CSTNode, object]) -> None:
        self.text = text
        self._shift = shift
        self._positions = positions
        self._bytes: list[int] | None = None
        if not text.isascii():
            total, self._bytes = 0, []
            for char in text[shift:]:
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


def read_module(text: str) -> Module:
    """The places of a module.

    Raises:
        UnreadableModuleError: it cannot be parsed, or the parser would not give the text back as it is.
    """
    shift = 1 if text.startswith("\ufeff") else 0
    try:
        wrapper = MetadataWrapper(cst.parse_module(text[shift:]), unsafe_skip_copy=True)
        if wrapper.module.code != text[shift:]:
            raise UnreadableModuleError("it does not survive a round trip through the parser")
        positions = wrapper.resolve(ByteSpanPositionProvider)
    except cst.ParserSyntaxError as error:
        raise UnreadableModuleError(f"line {error.raw_line}: {error.message}") from error
    except (RecursionError, UnicodeError) as error:
        raise UnreadableModuleError(str(error)) from error
    return _Reader(text, Spans(text, shift, positions), wrapper.module).module()


class _Reader:
    """Walks one tree."""

    def __init__(self, text: str, spans: Spans, tree: cst.Module) -> None:
        self._text = text
        self._spans = spans
        self._tree = tree

    def module(self) -> Module:
        classes: list[ClassPlace] = []
        imports: list[ImportPlace] = []
        checking: list[ImportPlace] = []
        checking_body: Span | None = None
        modules: dict[str, str] = {}
        plain: list[PlainImport] = []
        names: set[str] = set()
        exported: Listing | None = None
        for statement in self._tree.body:
            match statement:
                case cst.SimpleStatementLine():
                    imports += self._imports(statement)
                    bound = self._plain_imports(statement)
                    modules |= bound
                    lines = self._spans.line_span(self._spans.of(statement))
                    plain += [PlainImport(module=module, lines=lines) for module in bound.values()]
                    names |= set(_assigned(statement))
                    exported = self._exported(statement) or exported
                case cst.If(test=test) if self._spans.of(test).of(self._text).endswith("TYPE_CHECKING"):
                    for inner in statement.body.body:
                        if isinstance(inner, cst.SimpleStatementLine):
                            checking += self._imports(inner)
                            checking_body = self._spans.of(inner)
                case cst.ClassDef():
                    classes.append(self._class(statement))
                    names.add(statement.name.value)
                case cst.FunctionDef():
                    names.add(statement.name.value)
                case _:
                    pass
        return Module(
            text=self._text,
            newline=_newline(self._text),
            classes=tuple(classes),
            imports=tuple(imports),
            modules=modules,
            plain_imports=tuple(plain),
            type_checking=tuple(checking),
            type_checking_body=checking_body,
            top_names=frozenset(names),
            first_code=self._first_code(imports),
            exported=exported,
            spans=self._spans,
        )

    def _exported(self, line: cst.SimpleStatementLine) -> Listing | None:
        for statement in line.body:
            if isinstance(statement, cst.Assign) and "__all__" in _assigned(line):
                return self._spans.listing(statement.value)
        return None

    def _first_code(self, imports: list[ImportPlace]) -> int:
        end = 0
        if self._tree.body and isinstance(first := self._tree.body[0], cst.SimpleStatementLine) and _is_text(first):
            end = self._spans.line_span(self._spans.of(first)).end
        return max([end, *(item.lines.end for item in imports if item.module == "__future__")])

    def _imports(self, line: cst.SimpleStatementLine) -> Iterator[ImportPlace]:
        for statement in line.body:
            if not isinstance(statement, cst.ImportFrom):
                continue
            span = self._spans.of(statement)
            module = self._spans.of(statement.module).of(self._text) if statement.module else ""
            names: tuple[tuple[str, str], ...] = ()
            listing: Listing | None = None
            if not isinstance(statement.names, cst.ImportStar):
                names = tuple((_dotted(item.name), _bound(item)) for item in statement.names)
                listing = self._import_listing(statement, span) if len(line.body) == 1 else None
            yield ImportPlace(
                module=module,
                level=len(statement.relative),
                span=span,
                lines=self._spans.line_span(span),
                names=names,
                listing=listing,
                bracketed=statement.lpar is not None,
            )

    def _import_listing(self, statement: cst.ImportFrom, span: Span) -> Listing | None:
        assert not isinstance(statement.names, cst.ImportStar)
        items = [
            Argument(keyword=None, span=self._spans.of(item), value=self._spans.of(item), node=cst.Name("_"))
            for item in statement.names
        ]
        last = statement.names[-1].comma
        return Listing(
            function="",
            span=span,
            open=self._spans.of(statement.lpar).end if statement.lpar else items[0].span.start,
            close=self._spans.of(statement.rpar).start if statement.rpar else span.end,
            arguments=tuple(items),
            comma=self._spans.of(last).end if isinstance(last, cst.Comma) else None,
        )

    def _plain_imports(self, line: cst.SimpleStatementLine) -> dict[str, str]:
        bound: dict[str, str] = {}
        for statement in line.body:
            if isinstance(statement, cst.Import):
                for item in statement.names:
                    bound[_bound(item) if item.asname else _dotted(item.name)] = _dotted(item.name)
        return bound

    def _class(self, node: cst.ClassDef) -> ClassPlace:
        span = self._spans.of(node)
        name = self._spans.of(node.name)
        start = min([span.start, *(self._spans.of(item).start for item in node.decorators)])
        inline = not isinstance(node.body, cst.IndentedBlock)
        body = self._body_span(node)
        statements = [] if inline else list(node.body.body)
        fields: list[FieldPlace] = []
        docstring: Span | None = None
        filler: Span | None = None
        for number, statement in enumerate(statements):
            if not isinstance(statement, cst.SimpleStatementLine):
                continue
            if _is_text(statement) and number == 0:
                docstring = self._spans.of(statement)
            elif _is_text(statement) and fields and isinstance(statements[number - 1], cst.SimpleStatementLine):
                fields[-1] = _with_end(fields[-1], self._spans.line_span(self._spans.of(statement)).end)
            elif _is_filler(statement):
                filler = self._spans.line_span(self._spans.of(statement))
            else:
                fields += self._fields(statement)
        return ClassPlace(
            name=node.name.value,
            name_span=name,
            lines=self._spans.line_span(Span(start, span.end)),
            bases=tuple(self._spans.of(item.value).of(self._text) for item in node.bases),
            is_table=any(_keyword_is_true(item, "table") for item in node.keywords),
            indent=self._indent(node),
            fields=tuple(fields),
            docstring=docstring,
            header_end=self._header_end(node, body),
            body=body,
            is_empty=len(statements) - (docstring is not None) - (filler is not None) == 0,
            inline=inline,
            filler=filler,
        )

    def _body_span(self, node: cst.ClassDef) -> Span:
        inner = node.body.body
        if not inner:
            return self._spans.of(node)
        return Span(self._spans.of(inner[0]).start, self._spans.of(inner[-1]).end)

    def _header_end(self, node: cst.ClassDef, body: Span) -> int:
        place = max(
            [self._spans.of(node.name).end] + [self._spans.of(item.value).end for item in (*node.bases, *node.keywords)]
        )
        colon = self._text.find(":", place, body.start)
        return self._spans.line_span(Span(colon, colon)).end if colon >= 0 else place

    def _indent(self, node: cst.ClassDef) -> str:
        if isinstance(node.body, cst.IndentedBlock) and node.body.indent:
            return node.body.indent
        return self._tree.default_indent

    def _fields(self, line: cst.SimpleStatementLine) -> Iterator[FieldPlace]:
        for statement in line.body:
            match statement:
                case cst.AnnAssign(target=cst.Name() as target):
                    node: cst.BaseExpression | None = statement.annotation.annotation
                    value = statement.value
                case cst.Assign(targets=[cst.AssignTarget(target=cst.Name() as target)]):
                    node, value = None, statement.value
                case _:
                    continue
            span = self._spans.of(statement)
            yield FieldPlace(
                name=target.value,
                name_span=self._spans.of(target),
                span=span,
                lines=self._spans.line_span(span),
                annotation=self._spans.of(node) if node else None,
                annotation_node=node,
                value=self._spans.of(value) if value else None,
                value_node=value,
                alone=len(line.body) == 1,
            )


def _with_end(place: FieldPlace, end: int) -> FieldPlace:
    from dataclasses import replace

    return replace(place, lines=Span(place.lines.start, end))


def _newline(text: str) -> str:
    for mark in ("\r\n", "\n", "\r"):
        if mark in text:
            return mark
    return "\n"


def _is_text(line: cst.SimpleStatementLine) -> bool:
    return (
        len(line.body) == 1
        and isinstance(line.body[0], cst.Expr)
        and isinstance(line.body[0].value, (cst.SimpleString, cst.ConcatenatedString))
    )


def _is_filler(line: cst.SimpleStatementLine) -> bool:
    return len(line.body) == 1 and (
        isinstance(line.body[0], cst.Pass)
        or (isinstance(line.body[0], cst.Expr) and isinstance(line.body[0].value, cst.Ellipsis))
    )


def _keyword_is_true(item: cst.Arg, name: str) -> bool:
    return (
        item.keyword is not None
        and item.keyword.value == name
        and isinstance(item.value, cst.Name)
        and item.value.value == "True"
    )


def _dotted(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def _bound(item: cst.ImportAlias) -> str:
    if item.asname and isinstance(item.asname.name, cst.Name):
        return item.asname.name.value
    return _dotted(item.name)


def _assigned(line: cst.SimpleStatementLine) -> Iterator[str]:
    for statement in line.body:
        if isinstance(statement, cst.Assign):
            for target in statement.targets:
                if isinstance(target.target, cst.Name):
                    yield target.target.value
        elif isinstance(statement, cst.AnnAssign) and isinstance(statement.target, cst.Name):
            yield statement.target.value
