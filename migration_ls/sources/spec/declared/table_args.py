"""Constraints and indexes of a class in a fence: `__table_args__ = (UniqueConstraint("a", "b"), Index("ix", "a"))`."""

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from migration_ls.schema.names import name_from_text
from migration_ls.schema.tables import Check, Constraint, FkAction, ForeignKey, Index, IndexPart, Unique
from migration_ls.text.span import Span

_ARGS = re.compile(r"^[ \t]*__table_args__\b[^=\n]*=\s*", re.MULTILINE)
_LONGEST = 4_000
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_ACTIONS: Mapping[str, FkAction] = {
    "CASCADE": "CASCADE", "SET NULL": "SET NULL", "SET DEFAULT": "SET DEFAULT", "RESTRICT": "RESTRICT",
}  # fmt: skip


def table_args(text: str, within: Span) -> Iterator[tuple[Constraint | Index, Span]]:
    """What the class in the span says beside its fields, each with its place; what cannot be read is left out."""
    match = _ARGS.search(text, within.start, within.end)
    if match is None:
        return
    for span in _items(text, match.end(), min(within.end, match.end() + _LONGEST)):
        try:
            node = ast.parse(span.of(text).strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if isinstance(node, ast.Call) and (found := _read(node)) is not None:
            yield found, span


def _items(text: str, start: int, end: int) -> Iterator[Span]:
    """The places of the items of the tuple that begins there."""
    if text[start : start + 1] != "(":
        return
    cuts, waiting, quote = [start], [], ""
    for offset in range(start, end):
        character = text[offset]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in _PAIRS:
            waiting.append(_PAIRS[character])
        elif waiting and character == waiting[-1]:
            waiting.pop()
            if not waiting:
                cuts.append(offset)
                break
        elif character == "," and len(waiting) == 1:
            cuts.append(offset)
    for before, after in pairwise(cuts):
        words = text[before + 1 : after]
        if words.strip() and not waiting:
            first = before + 1 + len(words) - len(words.lstrip())
            yield Span(first, first + len(words.strip()))


def _read(call: ast.Call) -> Constraint | Index | None:
    """The constraint or index that a call makes."""
    kind = (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )
    words = tuple(
        argument.value
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )
    named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    name = _string(named.get("name"))
    match kind:
        case "UniqueConstraint" if words and len(words) == len(call.args):
            return Unique(name=name, columns=words)
        case "CheckConstraint" if condition := _string(call.args[0] if call.args else named.get("sqltext")):
            from migration_ls.sources.sql.expressions import read_expression

            read = read_expression(condition)
            return Check(name=name, expression=read) if read else None
        case "ForeignKeyConstraint" if len(call.args) == 2:
            return _foreign(name, _strings(call.args[0]), _strings(call.args[1]), _string(named.get("ondelete")) or "")
        case "Index" if len(words) > 1 and len(words) == len(call.args):
            return _index(words[0], words[1:], named)
        case _:
            return None


def _index(name: str, columns: tuple[str, ...], named: Mapping[str, ast.expr]) -> Index:
    from migration_ls.sources.sql.expressions import read_expression

    unique, where = named.get("unique"), named.get("postgresql_where")
    condition = _string(where.args[0]) if isinstance(where, ast.Call) and where.args else _string(where)
    return Index(
        name=name,
        parts=tuple(IndexPart(text=column) for column in columns),
        unique=isinstance(unique, ast.Constant) and unique.value is True,
        using=(_string(named.get("postgresql_using")) or "btree").lower(),
        where=read_expression(condition) if condition else None,
    )


def _foreign(name: str | None, columns: tuple[str, ...], targets: tuple[str, ...], action: str) -> ForeignKey | None:
    owners = {target.rpartition(".")[0] for target in targets}
    if not columns or len(columns) != len(targets) or len(owners) != 1 or "" in owners:
        return None
    return ForeignKey(
        name=name,
        columns=columns,
        ref_table=name_from_text(owners.pop()),
        ref_columns=tuple(target.rpartition(".")[2] for target in targets),
        on_delete=_ACTIONS.get(action.upper(), "NO ACTION"),
    )


def _string(node: ast.expr | None) -> str | None:
    if isinstance(node, ast.Call) and node.args:
        # `text("...")`
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _strings(node: ast.expr) -> tuple[str, ...]:
    items = node.elts if isinstance(node, ast.List | ast.Tuple) else []
    return tuple(item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str))
