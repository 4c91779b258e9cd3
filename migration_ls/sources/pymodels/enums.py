"""Literals and enum classes of Python."""

import ast

from migration_ls.sources.pymodels.modules import Found, Module, Modules

_ENUM_BASES = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})


def literal_text(node: ast.expr | None) -> str | None:
    """A literal as the content of an SQL literal: `true`, `42`, `medium`; None for anything else and for None."""
    match node:
        case ast.Constant(value=bool(value)):
            return "true" if value else "false"
        case ast.Constant(value=str(value)):
            return value
        case ast.Constant(value=int(value) | float(value)):
            return str(value)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value) | float(value))):
            return f"-{value}"
        case ast.JoinedStr(values=parts):
            texts = [part.value for part in parts if isinstance(part, ast.Constant)]
            return "".join(map(str, texts)) if len(texts) == len(parts) else None
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            first, second = literal_text(left), literal_text(right)
            return first + second if first is not None and second is not None else None
        case _:
            return None


def constant_text(modules: Modules, module: Module, node: ast.expr | None, depth: int = 0) -> str | None:
    """As `literal_text`, with constants of the project's modules put in: `f"{SCHEMA}.tenants.id"`, `MAX_TITLE`."""
    if node is None or depth > 8:
        return None
    if (text := literal_text(node)) is not None:
        return text
    match node:
        case ast.Name(id=name):
            found = modules.find(module, name)
            if found and isinstance(found.node, ast.expr):
                return constant_text(modules, found.module, found.node, depth + 1)
            return None
        case ast.FormattedValue(value=value):
            return constant_text(modules, module, value, depth + 1)
        case ast.JoinedStr(values=values):
            parts = [constant_text(modules, module, value, depth + 1) for value in values]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            parts = [constant_text(modules, module, value, depth + 1) for value in (left, right)]
        case _:
            return None
    return "".join(part for part in parts if part is not None) if None not in parts else None


def is_enum(modules: Modules, found: Found | None, depth: int = 0) -> bool:
    """Whether the definition is an enum class, through bases of the project too."""
    if found is None or not isinstance(found.node, ast.ClassDef) or depth > 8:
        return False
    for base in found.node.bases:
        name = modules.full_name(found.module, base)
        if name.rpartition(".")[2] in _ENUM_BASES:
            return True
        if isinstance(base, ast.Name) and is_enum(modules, modules.find(found.module, base.id), depth + 1):
            return True
    return False


def enum_of_class(modules: Modules, found: Found) -> tuple[tuple[str, str], ...] | None:
    """The members of an enum class as name and value; None when it is no enum."""
    if not is_enum(modules, found) or not isinstance(found.node, ast.ClassDef):
        return None
    members: list[tuple[str, str]] = []
    strings = any(modules.full_name(found.module, base).endswith("StrEnum") for base in found.node.bases)
    for statement in found.node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not name.startswith("_"):
                members.append((name, _member_value(name, value, len(members), strings=strings)))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if not name.startswith("_"):
                members.append((name, _member_value(name, value, len(members), strings=strings)))
            case _:
                pass
    return tuple(members)


def _member_value(name: str, value: ast.expr, position: int, *, strings: bool) -> str:
    text = literal_text(value)
    if text is not None:
        return text
    if isinstance(value, ast.Tuple) and value.elts and (first := literal_text(value.elts[0])) is not None:
        return first
    return name.lower() if strings else str(position + 1)
