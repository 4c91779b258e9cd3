"""What a change of a column's type makes PostgreSQL do (`ATColumnChangeRequiresRewrite`, casts of `pg_cast`)."""

from dataclasses import dataclass

from migration_ls.postgres.cast_facts import ASSIGNED
from migration_ls.postgres.types import ColumnType

_TEXTS = frozenset({"text", "character varying"})
_STRINGS = frozenset({"text", "character varying", "character", "name"})
"""Types of the string category: whatever prints itself is assigned to them."""
_WIDTH = {"smallint": 0, "integer": 1, "bigint": 2, "numeric": 3}
_FLOATS = {"real": 0, "double precision": 1}
_TIMES = frozenset(
    {
        "timestamp without time zone",
        "timestamp with time zone",
        "time without time zone",
        "time with time zone",
        "interval",
    }
)


@dataclass(frozen=True, slots=True)
class TypeChange:
    """What happens: `rewrites` the table or not; values may not fit (`may_fail`), or lose digits (`lossy`).

    `needs_using`: there is no cast that PostgreSQL would apply by itself.
    """

    rewrites: bool
    may_fail: bool = False
    lossy: bool = False
    needs_using: bool = False


def type_change(old: ColumnType, new: ColumnType, time_zone: str | None = None) -> TypeChange:
    """What changing a column from `old` to `new` without USING does, in a session of that time zone."""
    if old == new:
        return TypeChange(rewrites=False)
    if old.is_array or new.is_array:
        return _arrays(old, new, time_zone)
    if old.name == new.name:
        return _modifiers(old, new)
    if old.name in _TEXTS and new.name in _TEXTS:
        return _texts(old, new)
    if ASSIGNED.get((old.name, new.name)) and not new.modifiers:
        return TypeChange(rewrites=False)
    if {old.name, new.name} == {"timestamp without time zone", "timestamp with time zone"}:
        utc = time_zone is not None and time_zone.strip("'\"").upper() in {"UTC", "GMT", "ETC/UTC", "ZULU"}
        precise = _fits(old.modifiers or ("6",), new.modifiers or ("6",))
        return TypeChange(rewrites=not (utc and precise), lossy=not precise)
    return _others(old, new)


def _arrays(old: ColumnType, new: ColumnType, time_zone: str | None) -> TypeChange:
    if not (old.is_array and new.is_array):
        return TypeChange(rewrites=True, may_fail=True, needs_using=new.is_array or new.name not in _TEXTS)
    inner = type_change(old.element, new.element, time_zone)
    return TypeChange(rewrites=True, may_fail=inner.may_fail, lossy=inner.lossy, needs_using=inner.needs_using)


def _fits(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """Whether a precision or length only grows; none is the largest."""
    if not new:
        return True
    if not old:
        return False
    try:
        return int(new[0]) >= int(old[0])
    except ValueError:
        return False


def _modifiers(old: ColumnType, new: ColumnType) -> TypeChange:
    fits = _fits(old.modifiers, new.modifiers)
    if old.name == "numeric":
        same_scale = not new.modifiers or (bool(old.modifiers) and old.modifiers[1:] == new.modifiers[1:])
        free = fits and same_scale
        coarser = not free and _scale(new) < _scale(old)
        # a value that is rounded may need one digit more: 9.96 becomes 10.0
        short = not free and _whole_digits(new) < _whole_digits(old) + coarser
        return TypeChange(rewrites=not free, may_fail=short, lossy=coarser)
    if old.name in {"character varying", "bit varying"}:
        return TypeChange(rewrites=not fits, may_fail=not fits)
    if old.name == "interval":
        precise = _finest(new) >= _finest(old)
        return TypeChange(rewrites=not precise, lossy=not precise)
    if old.name in _TIMES:
        precise = _fits(old.modifiers or ("6",), new.modifiers or ("6",))
        return TypeChange(rewrites=not precise, lossy=not precise)
    if old.name == "bit":
        # a value of any other length is refused
        return TypeChange(rewrites=True, may_fail=True)
    return TypeChange(rewrites=bool(new.modifiers) or old.name != "character", may_fail=not fits)


_FIELDS = ("year", "month", "day", "hour", "minute", "second")


def _finest(type_: ColumnType) -> tuple[int, int]:
    """The last field that an interval keeps, and of seconds the digits (`interval_support`)."""
    words = type_.modifiers[0].lower() if type_.modifiers else ""
    name, _, digits = words.rpartition(" ")[2].partition("(")
    if name.isdigit():
        return (_FIELDS.index("second"), int(name))
    place = _FIELDS.index(name) if name in _FIELDS else _FIELDS.index("second")
    return (place, int(digits.rstrip(")")) if digits.rstrip(")").isdigit() else 6)


def _scale(type_: ColumnType) -> int:
    """How many digits of a numeric stand behind the point; without modifiers any number, with one alone none."""
    try:
        return int(type_.modifiers[1]) if type_.modifiers[1:] else (0 if type_.modifiers else _ANY)
    except ValueError:
        return 0


def _whole_digits(type_: ColumnType) -> int:
    """How many digits may stand before the point."""
    return _digits(type_) - (_scale(type_) if type_.name == "numeric" and type_.modifiers else 0)


def _longest(type_: ColumnType) -> int:
    """How many characters a value has at most when it is printed."""
    if type_.name in _PRINTED:
        return _PRINTED[type_.name]
    if type_.name == "numeric" and type_.modifiers:
        return _digits(type_) + 3 if _scale(type_) else _digits(type_) + 1
    if type_.name in {"character", "character varying"}:
        return type_.length or (1 if type_.name == "character" else _ANY)
    return _ANY


def _texts(old: ColumnType, new: ColumnType) -> TypeChange:
    fits = new.name == "text" or _fits(old.modifiers if old.name != "text" else (), new.modifiers)
    return TypeChange(rewrites=not fits, may_fail=not fits)


def _others(old: ColumnType, new: ColumnType) -> TypeChange:
    if new.name in _TEXTS:
        return TypeChange(rewrites=True, may_fail=new.length is not None and new.length < _longest(old))
    if old.name in _WIDTH and new.name in _WIDTH:
        narrows = _WIDTH[new.name] < _WIDTH[old.name]
        short = narrows or (bool(new.modifiers) and _whole_digits(new) < _digits(old))
        return TypeChange(rewrites=True, may_fail=short, lossy=old.name == "numeric" and narrows)
    if old.name in _FLOATS and new.name in _FLOATS:
        return TypeChange(rewrites=True, lossy=_FLOATS[new.name] < _FLOATS[old.name])
    if {old.name, new.name} <= _WIDTH.keys() | _FLOATS.keys():
        exact = new.name in _FLOATS and _digits(old) <= _EXACT_DIGITS[new.name]
        limited = new.name in _WIDTH and (new.name != "numeric" or bool(new.modifiers))
        return TypeChange(rewrites=True, may_fail=limited, lossy=not exact)
    if (old.name, new.name) == ("numeric", "money"):
        return TypeChange(rewrites=True, lossy=_scale(old) > _CENTS)
    if (old.name, new.name) in _COARSER:
        return TypeChange(rewrites=True, lossy=True)
    if (old.name, new.name) == ("inet", "cidr"):
        return TypeChange(rewrites=True, lossy=True)
    if new.name in _STRINGS:
        return TypeChange(rewrites=True, may_fail=new.name == "character" and (new.length or 1) < _longest(old))
    if (old.name, new.name) in ASSIGNED:
        return TypeChange(rewrites=True, may_fail=bool(new.modifiers))
    return TypeChange(rewrites=True, may_fail=True, needs_using=True)


def integer_range(name: str) -> tuple[int, int] | None:
    """The smallest and the largest value of an integer type; None for other types."""
    bits = {"smallint": 15, "integer": 31, "bigint": 63}.get(name)
    return None if bits is None else (-(2**bits), 2**bits - 1)


def numeric_digits(type_: ColumnType) -> tuple[int, int]:
    """How many digits a `numeric(p, s)` has, and how many of them stand behind the point."""
    return _digits(type_), _scale(type_)


def is_number(type_: ColumnType) -> bool:
    """Whether a value of the type can be compared with a number."""
    return not type_.is_array and type_.name in _WIDTH.keys() | _FLOATS.keys()


_CENTS = 2
_ANY = 1000
"""More digits or characters than any limit that is told apart here."""
_PRINTED = {"boolean": 5, "smallint": 6, "integer": 11, "bigint": 20, "uuid": 36}
"""The longest text of a value."""
_EXACT_DIGITS = {"real": 6, "double precision": 15}
_DIGITS = {"smallint": 5, "integer": 10, "bigint": 19}
_COARSER = frozenset(
    {
        ("timestamp without time zone", "date"),
        ("timestamp with time zone", "date"),
        ("timestamp without time zone", "time without time zone"),
        ("timestamp with time zone", "time without time zone"),
        ("timestamp with time zone", "time with time zone"),
        ("time with time zone", "time without time zone"),
        ("interval", "time without time zone"),
    }
)
"""Assignments that drop a part of every value."""


def _digits(type_: ColumnType) -> int:
    """How many decimal digits a value of the type may have."""
    if type_.name in _DIGITS:
        return _DIGITS[type_.name]
    return int(type_.modifiers[0]) if type_.modifiers and type_.modifiers[0].isdigit() else _ANY


COLLATABLE = frozenset({"text", "character varying", "character", "name"})
"""The built-in types that take COLLATE (`typcollation`), also as elements of arrays."""


def index_family(name: str) -> str:
    """What tells whether an index on a column goes on to serve another type (`GetDefaultOpClass`)."""
    return {"character varying": "text", "cidr": "inet"}.get(name, name)


def comparable(one: ColumnType, other: ColumnType) -> bool:
    """Whether a foreign key can compare the two; types of which nothing is known count as if it could."""
    if one.is_array or other.is_array:
        return one == other or one.is_array == other.is_array
    groups = [next((group for group in _COMPARED if item.name in group), None) for item in (one, other)]
    return groups[0] == groups[1] or None in groups


def refers(one: ColumnType, other: ColumnType) -> bool:
    """Whether a foreign key's column of the one type can refer to a column of the other."""
    if one.is_array or other.is_array:
        return one.is_array == other.is_array and one.name == other.name
    if one.name == other.name:
        return True
    if one.name in _WIDTH.keys() | _FLOATS.keys() and other.name in _WIDTH.keys() | _FLOATS.keys():
        # the index of the key has to know the operator, or the value becomes one of the key's type by itself
        rank = {"smallint": 0, "integer": 0, "bigint": 0, "numeric": 1, "real": 2, "double precision": 2}
        return rank[one.name] <= rank[other.name]
    return any({one.name, other.name} <= group for group in _COMPARED)


_COMPARED = (
    frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision"}),
    _STRINGS,
    frozenset({"date", "timestamp without time zone", "timestamp with time zone"}),
    frozenset({"uuid"}),
    frozenset({"boolean"}),
    frozenset({"inet", "cidr"}),
)
