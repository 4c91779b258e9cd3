"""Types as parse trees name them."""

from typing import Any

from migration_ls.postgres.quoting import identifier
from migration_ls.postgres.types import ALIASES, BUILT_IN, SERIALS, ColumnType

_FULL_RANGE = 0x7FFF
_INTERVAL_FIELDS = {
    4: "year",
    2: "month",
    8: "day",
    1024: "hour",
    2048: "minute",
    4096: "second",
    6: "year to month",
    1032: "day to hour",
    3080: "day to minute",
    7176: "day to second",
    3072: "hour to minute",
    7168: "hour to second",
    6144: "minute to second",
}


def type_of(node: Any) -> ColumnType:
    """The type that a `TypeName` node names, in canonical form; `serial` gives `integer`."""
    names = [part.string.sval for part in node.names]
    dimensions = 1 if len(node.array_bounds) else 0
    modifiers = tuple(_modifier(item) for item in node.typmods)
    if len(names) == 1 and names[0] == "char":
        # Only `"char"` in quotes arrives without a namespace.
        return ColumnType('"char"', modifiers, dimensions)
    if names[:1] == ["pg_catalog"]:
        names = names[1:]
    name = names[-1] if names else ""
    if len(names) == 1 and name in ALIASES:
        name = ALIASES[name]
        modifiers = _usual(name, modifiers)
    else:
        namespace = ".".join(identifier(part) for part in names[:-1] if part != "public")
        name = f"{namespace}.{identifier(name)}" if namespace else _bare(name)
        modifiers = _usual(name, modifiers)
    return ColumnType(name + ("%TYPE" if node.pct_type else ""), modifiers, dimensions)


def is_serial(node: Any) -> bool:
    """Whether a `TypeName` node says SERIAL of some width."""
    return len(node.names) == 1 and node.names[0].string.sval in SERIALS


def _bare(name: str) -> str:
    """Names of built-in types that are key words need no quotes."""
    return name if name in BUILT_IN else identifier(name)


def _usual(name: str, modifiers: tuple[str, ...]) -> tuple[str, ...]:
    if name == "interval" and modifiers:
        return _interval(modifiers)
    if name == "numeric" and len(modifiers) == 1:
        return (*modifiers, "0")
    return modifiers


def _interval(modifiers: tuple[str, ...]) -> tuple[str, ...]:
    """`interval(3)` arrives as a mask of all fields and 3; `interval day to second` as a mask."""
    mask, precision = int(modifiers[0]) if modifiers[0].isdigit() else _FULL_RANGE, modifiers[1:]
    fields = _INTERVAL_FIELDS.get(mask)
    if fields is None:
        return precision
    return (f"{fields}({precision[0]})" if precision else fields,)


def _modifier(node: Any) -> str:
    match node.WhichOneof("node"):
        case "a_const":
            constant = node.a_const
            match constant.WhichOneof("val"):
                case "ival":
                    return str(constant.ival.ival)
                case "sval":
                    return str(constant.sval.sval)
                case "fval":
                    return str(constant.fval.fval)
                case _:
                    return ""
        case "column_ref":
            return ".".join(field.string.sval for field in node.column_ref.fields)
        case _:
            return ""
