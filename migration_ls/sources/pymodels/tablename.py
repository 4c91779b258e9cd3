"""Table names that a function computes from the class's name."""

import ast
import re

from migration_ls.sources.pymodels.enums import literal_text


def computed_name(function: ast.FunctionDef, class_name: str) -> str | None:
    """What the function returns for the class; None where it does more than join, cut and change case."""
    for statement in function.body:
        if isinstance(statement, ast.Return) and statement.value is not None:
            return _evaluated(statement.value, class_name)
    return None


def _evaluated(node: ast.expr, class_name: str) -> str | None:
    if (text := literal_text(node)) is not None:
        return text
    match node:
        case ast.Attribute(value=ast.Name(), attr="__name__"):
            return class_name
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            first, second = _evaluated(left, class_name), _evaluated(right, class_name)
            return first + second if first is not None and second is not None else None
        case ast.JoinedStr(values=values):
            parts = [
                _evaluated(part.value if isinstance(part, ast.FormattedValue) else part, class_name) for part in values
            ]
            return "".join(part for part in parts if part is not None) if None not in parts else None
        case ast.Call(func=ast.Attribute(value=value, attr="lower" | "upper" | "strip" as method)):
            inner = _evaluated(value, class_name)
            if method == "sub":
                return None
            return getattr(inner, method)() if inner is not None else None
        case ast.Call(func=ast.Attribute(attr="sub"), args=[pattern, replacement, subject, *_]):
            texts = [_evaluated(item, class_name) for item in (pattern, replacement, subject)]
            if None in texts:
                return None
            try:
                return re.sub(str(texts[0]), str(texts[1]), str(texts[2]))
            except re.error:
                return None
        case ast.Call(func=ast.Name(id=name), args=[argument]) if "snake" in name:
            inner = _evaluated(argument, class_name)
            return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", inner).lower() if inner is not None else None
        case _:
            return None
