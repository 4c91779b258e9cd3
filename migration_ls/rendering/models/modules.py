"""Reads the places of a module with `libcst`."""

import re
from collections.abc import Iterator
from dataclasses import replace

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from migration_ls.rendering.models.places import (
    Argument,
    ClassPlace,
    FieldPlace,
    ImportPlace,
    Listing,
    Module,
    PlainImport,
    Spans,
    UnreadableModuleError,
)
from migration_ls.text.span import Span

_NO_CODE = re.compile(r"(?m)^(?:[ \t]*#[^\r\n]*|[ \t]+$)")
_LONE_CR = re.compile(r"\r(?!\n)")


def read_module(text: str) -> Module:
    """The places of a module.

    Raises:
        UnreadableModuleError: it cannot be parsed, or the parser would not give the text back as it is.
    """
    shift = 1 if text.startswith("\ufeff") else 0
    # the parser stumbles over a lone CR, which ends a line like LF and is as long, and over a last line without an end
    source = _LONE_CR.sub("\n", text[shift:])
    source += "" if source.endswith("\n") else "\n"
    try:
        tree = cst.parse_module(source)
        if tree.code != source:
            # lines before a comment that is indented otherwise than the code are lost, not so before one at the margin
            source = _NO_CODE.sub(lambda match: "#" * len(match[0]), source)
            tree = cst.parse_module(source)
        if tree.code != source:
            raise UnreadableModuleError("it does not survive a round trip through the parser")
        wrapper = MetadataWrapper(tree, unsafe_skip_copy=True)
        positions = wrapper.resolve(ByteSpanPositionProvider)
    except cst.ParserSyntaxError as error:
        raise UnreadableModuleError(f"line {error.raw_line}: {error.message}") from error
    except (RecursionError, UnicodeError) as error:
        raise UnreadableModuleError(str(error)) from error
    return _Reader(text, Spans(text, source, shift, positions), wrapper.module).module()


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
        tables: list[Listing] = []
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
                    tables += self._tables(statement)
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
            tables=tuple(tables),
            plain_imports=tuple(plain),
            type_checking=tuple(checking),
            type_checking_body=checking_body,
            top_names=frozenset(names),
            first_code=self._first_code(imports),
            exported=exported,
            spans=self._spans,
        )

    def _tables(self, line: cst.SimpleStatementLine) -> Iterator[Listing]:
        for statement in line.body:
            if isinstance(statement, cst.Assign | cst.AnnAssign) and isinstance(statement.value, cst.Call):
                found = self._spans.listing(statement.value)
                if found is not None and found.function.split(".")[-1] == "Table":
                    yield found

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
