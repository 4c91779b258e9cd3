"""Tables under their new names in the project's own files: in models, and in schema documents."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from migration_ls.operations.rename_table import RenameTable
from migration_ls.schema.names import Name
from migration_ls.text.edits import Edit, apply_edits
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span

_LITERAL = re.compile(r"(?P<open>[rRuU]?(?:\"\"\"|'''|\"|'))(?P<body>[^\\\n]*?)(?:\"\"\"|'''|\"|')\Z")


def renamed_in_models(text: str, renames: Sequence[RenameTable]) -> tuple[Edit, ...]:
    """The edits that call tables of classes, and what refers to them, by their new names; none where nothing parses."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    index = LineIndex(text)
    edits: dict[Span, Edit] = {}
    for rename in renames:
        for literal, body in _strings(tree, rename.name):
            if edit := _replaced(text, _span(text, index, literal), body, rename):
                edits[edit.span] = edit
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and (edit := _named(text, index, node, rename)):
                edits[edit.span] = edit
    return tuple(edits[span] for span in sorted(edits))


def _strings(tree: ast.Module, name: Name) -> Iterator[tuple[ast.Constant, str]]:
    """The literals that name the table: of `__tablename__`, of foreign keys and of `Table(...)`."""
    for node in ast.walk(tree):
        found: list[ast.expr | None] = []
        match node:
            case ast.Assign(targets=[ast.Name(id="__tablename__")], value=value):
                found = [value]
            case ast.AnnAssign(target=ast.Name(id="__tablename__"), value=value):
                found = [value]
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)):
                found = [keyword.value for keyword in node.keywords if keyword.arg == "foreign_key"]
                found += node.args[:1] if called in {"ForeignKey", "Table"} else []
                lists = node.args[1:2] if called == "ForeignKeyConstraint" else []
                found += [item for part in lists if isinstance(part, ast.List | ast.Tuple) for item in part.elts]
            case _:
                pass
        for item in found:
            if isinstance(item, ast.Constant) and isinstance(item.value, str) and _names(item.value, name):
                yield item, item.value


def _names(value: str, name: Name) -> bool:
    """Whether a literal is the table's name, or that of a column of it."""
    words = value.split(".")
    if words[0] == name.namespace and len(words) > 1:
        words = words[1:]
    return words[0] == name.name and len(words) <= 2


def _span(text: str, index: LineIndex, node: ast.expr | ast.stmt) -> Span:
    def offset(line: int, column: int) -> int:
        start = index.starts[line - 1]
        # columns of the tree are bytes
        return start + len(text[start : start + column].encode()[:column].decode("utf-8", "ignore"))

    return Span(offset(node.lineno, node.col_offset), offset(node.end_lineno or node.lineno, node.end_col_offset or 0))


def _replaced(text: str, span: Span, value: str, rename: RenameTable) -> Edit | None:
    literal = text[span.start : span.end]
    match = _LITERAL.match(literal)
    if match is None or match["body"] != value:
        return None
    words = value.split(".")
    at = 1 if words[0] == rename.name.namespace and len(words) > 1 else 0
    before = span.start + len(match["open"]) + sum(len(word) + 1 for word in words[:at])
    return Edit(Span(before, before + len(rename.name.name)), rename.to)


def _named(text: str, index: LineIndex, node: ast.ClassDef, rename: RenameTable) -> Edit | None:
    """A name of its own for a class whose table is called like it."""
    is_table = any(keyword.arg == "table" for keyword in node.keywords)
    own = any(
        isinstance(target, ast.Name) and target.id == "__tablename__"
        for item in node.body
        for target in (item.targets if isinstance(item, ast.Assign) else [getattr(item, "target", None)])
    )
    if not is_table or own or node.name.lower() != rename.name.name:
        return None
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    place = node.body[1] if documented and len(node.body) > 1 else first
    start = index.starts[place.lineno - 1]
    indent = text[start : start + place.col_offset]
    if indent.strip():
        return None
    newline = "\r\n" if "\r\n" in text else "\n"
    return Edit(Span(start, start), f'{indent}__tablename__ = "{rename.to}"{newline}')


def renamed_in_document(text: str, renames: Iterable[RenameTable]) -> tuple[Edit, ...]:
    """The edits that call tables by their new names in headings, code, SQL and references; prose is left alone."""
    edits: dict[Span, Edit] = {}
    for rename in renames:
        word = re.escape(rename.name.name)
        marked = re.compile(
            r"(?P<lead>(?P<heading>^[ \t]{0,3}#[^\n]*?(?<![\w.]))|`(?:\w+\.)?"
            r"|\b(?:table|references|on|into|update)\s+[\"`]?(?:\w+\.)?|__tablename__\s*=\s*[\"']|(?<![\w.]))"
            rf"(?P<name>{word})(?!\w)",
            re.IGNORECASE | re.MULTILINE,
        )
        for match in marked.finditer(text):
            after = text[match.end() : match.end() + 2]
            reference = after[:1] in {".", "("} and (after[1:].isalpha() or after[1:] == "_")
            titled = match["heading"] is not None and match["name"].istitle()
            if (match["name"] == rename.name.name and (match["lead"] or reference)) or titled:
                span = Span(match.start("name"), match.end("name"))
                edits[span] = Edit(span, rename.to.capitalize() if titled else rename.to)
    return tuple(edits[span] for span in sorted(edits))


def after_renaming(text: str, first: Sequence[Edit], more: Sequence[Edit]) -> tuple[Edit, ...]:
    """Edits of the text that come to `first`, and then `more`, which were made for the text after `first`."""
    moved: list[Edit] = []
    for edit in more:
        start, end = _former(edit.span.start, first), _former(edit.span.end, first)
        if start is None or end is None:
            return (_whole(text, apply_edits(apply_edits(text, first), more)),)
        moved.append(Edit(Span(start, end), edit.new))
    both = (*first, *moved)
    ends = sorted((edit.span for edit in both), key=lambda span: (span.start, span.end))
    if any(one.end > other.start for one, other in pairwise(ends)):
        return (_whole(text, apply_edits(apply_edits(text, first), more)),)
    return both


def _former(offset: int, first: Sequence[Edit]) -> int | None:
    """Where an offset was before the edits; None inside of what they wrote."""
    shift = 0
    for edit in sorted(first, key=lambda item: item.span.start):
        start = edit.span.start + shift
        if offset <= start:
            break
        if offset < start + len(edit.new):
            return None
        shift += len(edit.new) - (edit.span.end - edit.span.start)
    return offset - shift


def _whole(old: str, new: str) -> Edit:
    """One edit from the first difference to the last."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return Edit(Span(start, len(old) - end), new[start : len(new) - end])
