"""What is known of the functions that expressions and triggers call."""

from migration_ls.postgres.volatility import IMMUTABLE, STABLE
from migration_ls.schema.expression import Expression, Volatility
from migration_ls.schema.schema import Function, Refuses, Schema, Trigger


def named(schema: Schema, name: str) -> tuple[Function, ...]:
    """The functions of that name, in any namespace and with any arguments."""
    return tuple(item for item in schema.functions.values() if item.name.name == name)


def is_volatile(schema: Schema, expression: Expression) -> bool:
    """Whether its value may differ from row to row: functions that nobody knows count as volatile."""
    if expression.volatility is not Volatility.VOLATILE:
        return False
    own = expression.functions - IMMUTABLE - STABLE
    return not own or not all(_is_never(named(schema, name), Volatility.VOLATILE) for name in own)


def not_immutable(schema: Schema, expression: Expression) -> str:
    """The function (or word, as CURRENT_DATE) that keeps it from being immutable; empty where none surely does.

    A function in SQL may be put in place by the planner, which then looks at what it calls instead of what it says.
    """
    if expression.mutable:
        return expression.mutable
    for name in sorted(expression.functions - IMMUTABLE - STABLE):
        known = named(schema, name)
        if known and _is_never(known, Volatility.IMMUTABLE) and all(item.language != "sql" for item in known):
            return name
    return ""


def _is_never(functions: tuple[Function, ...], volatility: Volatility) -> bool:
    return bool(functions) and all(item.volatility is not volatility for item in functions)


def refuses(schema: Schema, trigger: Trigger) -> Refuses:
    """Whether the trigger's function raises an error, where the body of all functions of its name is known to."""
    found: list[Refuses] = [item.refuses for item in named(schema, trigger.function)]
    return found[0] if found and all(found) else ""
