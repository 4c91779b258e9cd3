"""What a field's annotation says: a type, whether None is allowed, and `Field(...)` inside `Annotated`."""

import ast
from dataclasses import dataclass, field

from migration_ls.sources.pymodels.modules import Module, Modules

_ABSENT = frozenset({"ClassVar", "Relationship", "InitVar"})
_WRAPPERS = frozenset({"Final", "Required", "NotRequired", "Mapped", "ReadOnly"})
_MOST_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Annotation:
    """The core of an annotation and the module its names belong to.

    `metadata` are the extra arguments of `Annotated`, outermost last, each with its module. `literals` are the values
    of `Literal[...]`.
    """

    core: ast.expr
    module: Module
    optional: bool = False
    metadata: tuple[tuple[ast.expr, Module], ...] = ()
    literals: tuple[ast.expr, ...] = ()
    arguments: tuple[ast.expr, ...] = field(default=())
    """What stands in brackets after the core: `list[str]`."""


def read_annotation(modules: Modules, module: Module, node: ast.expr, depth: int = 0) -> Annotation | None:
    """The annotation without its wrappers; None for what is no column (`ClassVar`)."""
    if depth > _MOST_DEPTH:
        return Annotation(node, module)
    match node:
        case ast.Constant(value=str(text)):
            return _forward(modules, module, node, text, depth)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _union(modules, module, [left, right], depth)
        case ast.Subscript(value=value, slice=inner):
            return _subscript(modules, module, node, value, inner, depth)
        case ast.Name(id=name):
            found = modules.find(module, name)
            if found and isinstance(found.node, ast.expr):
                return read_annotation(modules, found.module, found.node, depth + 1)
            return Annotation(node, module)
        case _:
            return Annotation(node, module)


def _forward(modules: Modules, module: Module, node: ast.Constant, text: str, depth: int) -> Annotation | None:
    try:
        inner = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return Annotation(node, module)
    for part in ast.walk(inner):
        ast.copy_location(part, node)
    return read_annotation(modules, module, inner, depth + 1)


def _union(modules: Modules, module: Module, parts: list[ast.expr], depth: int) -> Annotation | None:
    others = [part for part in parts if not (isinstance(part, ast.Constant) and part.value is None)]
    if not others:
        return None
    read = read_annotation(modules, module, others[0], depth + 1)
    if read is None:
        return None
    nested = [read_annotation(modules, module, part, depth + 1) for part in others]
    optional = len(others) < len(parts) or any(part is not None and part.optional for part in nested)
    return Annotation(read.core, read.module, optional, read.metadata, read.literals, read.arguments)


def _subscript(
    modules: Modules, module: Module, node: ast.Subscript, value: ast.expr, inner: ast.expr, depth: int
) -> Annotation | None:
    name = modules.full_name(module, value).rpartition(".")[2]
    parts = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
    if name in _ABSENT:
        return None
    if name == "Optional":
        read = read_annotation(modules, module, parts[0], depth + 1)
        if read is None:
            return None
        return Annotation(read.core, read.module, True, read.metadata, read.literals, read.arguments)  # noqa: FBT003
    if name == "Union":
        return _union(modules, module, parts, depth)
    if name in _WRAPPERS:
        return read_annotation(modules, module, parts[0], depth + 1)
    if name == "Annotated":
        read = read_annotation(modules, module, parts[0], depth + 1)
        if read is None:
            return None
        more = tuple((part, module) for part in parts[1:])
        return Annotation(read.core, read.module, read.optional, (*read.metadata, *more), read.literals, read.arguments)
    if name == "Literal":
        return Annotation(node, module, any(_is_none(part) for part in parts), (), tuple(parts))
    return Annotation(value, module, False, (), (), tuple(parts))  # noqa: FBT003


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
