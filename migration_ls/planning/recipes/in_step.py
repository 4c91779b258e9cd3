"""Triggers that keep columns in step, and the values of one side from the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from migration_ls.operations.create_function import CreateFunction
from migration_ls.operations.create_trigger import CreateTrigger
from migration_ls.operations.drop_function import DropFunction
from migration_ls.operations.drop_trigger import DropTrigger
from migration_ls.postgres.casts import integer_range, type_change
from migration_ls.postgres.quoting import identifier, literal, object_name, with_columns
from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Function, Trigger

_INCOMPARABLE = frozenset({"json", "xml", "point", "box", "lseg", "line", "path", "polygon", "circle"})
"""Types without an equality that `IS DISTINCT FROM` could use; they are compared as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A column's value from others: SQL over their names.

    `may_fail`: some values of the others have none. `guarded`: the expression raises an error for these, where others
    give NULL.
    """

    column: str
    type: ColumnType
    text: str
    may_fail: bool = False
    guarded: bool = False


def cast_value(column: str, type_: ColumnType, source: str, old: ColumnType) -> Value:
    """The value of a column from one of another type, as PostgreSQL casts it."""
    name = identifier(source)
    change = type_change(old, type_)
    fails = change.may_fail or change.needs_using
    if old == type_:
        return Value(column=column, type=type_, text=name)
    bounds = integer_range(type_.name)
    if fails and bounds and not type_.is_array and integer_range(old.name):
        text = f"CASE WHEN {name} BETWEEN {bounds[0]} AND {bounds[1]} THEN CAST({name} AS {type_}) END"
        return Value(column=column, type=type_, text=text, may_fail=True)
    if type_.length is not None and not type_.is_array:
        # an explicit cast would cut what is too long
        printed = name if old.name in {"text", "character varying", "character"} else f"CAST({name} AS text)"
        text = f"CASE WHEN char_length({printed}) <= {type_.length} THEN {printed} END" if fails else printed
        return Value(column=column, type=type_, text=text, may_fail=fails)
    return Value(column=column, type=type_, text=f"CAST({name} AS {_spelled(type_)})", may_fail=fails, guarded=fails)


def relabelled(column: str, type_: ColumnType, source: str, lost: Sequence[str]) -> Value:
    """The value of a column from one of another enum type, by its label; those that are lost have none."""
    array = "[]" if type_.is_array else ""
    name = f"CAST({identifier(source)} AS text{array})"
    text = f"CAST({name} AS {type_.name}{array})"
    if lost:
        text = f"CASE WHEN {keeps_labels(source, lost, is_array=type_.is_array)} THEN {text} END"
    return Value(column=column, type=type_, text=text, may_fail=bool(lost))


def keeps_labels(source: str, lost: Sequence[str], *, is_array: bool) -> str:
    """The condition that a value of an enum type, or an array of them, has none of the labels."""
    labels = ", ".join(literal(value) for value in lost)
    if is_array:
        return f"NOT (CAST({identifier(source)} AS text[]) && ARRAY[{labels}])"
    return f"CAST({identifier(source)} AS text) NOT IN ({labels})"


def _spelled(type_: ColumnType) -> str:
    if type_.is_built_in or '"' in type_.name:
        return str(type_)
    namespace, dot, name = type_.name.rpartition(".")
    words = f"{identifier(namespace)}.{identifier(name)}" if dot else identifier(name)
    return words + str(type_)[len(type_.name) :]


def differs(column: str, type_: ColumnType, other: str, row: str = "") -> str:
    """The condition that the column, of the row, is not what the other expression says."""
    name = f"{row}{identifier(column)}"
    if type_.name in _INCOMPARABLE:
        return f"CAST({name} AS text) IS DISTINCT FROM CAST({other} AS text)"
    return f"{name} IS DISTINCT FROM {other}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InStep:
    """A trigger with its function."""

    table: Name
    name: str
    body: str
    when: str = "BEFORE INSERT OR UPDATE"

    @property
    def function(self) -> CreateFunction:
        """The step that makes the function."""
        name = Name(self.name, self.table.namespace)
        return CreateFunction(function=Function(name=name, language="plpgsql", returns="trigger"), body=self.body)

    @property
    def no_function(self) -> DropFunction:
        """The step that drops the function."""
        return DropFunction(signature=self.function.function.signature)

    @property
    def trigger(self) -> CreateTrigger:
        """The step that makes the trigger; by its name it runs after others, whose changes it has to see."""
        definition = (
            f"CREATE TRIGGER {identifier(self.name)} {self.when} ON {self.table.sql} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.function.function.signature}"
        )
        return CreateTrigger(trigger=Trigger(name=self.name, table=self.table, definition=definition))

    @property
    def no_trigger(self) -> DropTrigger:
        """The step that drops the trigger."""
        return DropTrigger(table=self.table, name=self.name)


def one_way(table: Name, columns: Mapping[str, ColumnType], values: Sequence[Value], ending: str) -> InStep:
    """Whenever one of the columns is written, the values are made from them."""
    parts = [differs(name, type_, f"OLD.{identifier(name)}", "NEW.") for name, type_ in columns.items()]
    changed = " OR ".join([*parts, *_left_out(columns, values)])
    lines = [f"IF TG_OP = 'INSERT' OR {changed} THEN"]
    lines += _indented(line for value in values for line in _assigned(f"NEW.{identifier(value.column)}", value))
    lines += ["END IF;"]
    return InStep(table=table, name=_name(table, columns, ending), body=_body([], lines))


def both_ways(
    table: Name,
    old: Mapping[str, ColumnType],
    new: Mapping[str, ColumnType],
    values: Sequence[Value],
    back: Sequence[Value],
) -> InStep:
    """Either side is made from the other that was written; where both were and disagree, the new one counts."""
    made = {value.column: f"made_{number}" for number, value in enumerate(values, start=1)}
    declared = [f"{made[name]} {table.sql}.{identifier(name)}%TYPE;" for name in made]
    lines = [line for value in values for line in _assigned(made[value.column], value)]
    given = " AND ".join(f"NEW.{identifier(name)} IS NULL" for name in new)
    written = " OR ".join(differs(name, type_, f"OLD.{identifier(name)}", "NEW.") for name, type_ in new.items())
    former = " OR ".join(differs(name, type_, f"OLD.{identifier(name)}", "NEW.") for name, type_ in old.items())
    unlike = " OR ".join(differs(name, type_, made[name], "NEW.") for name, type_ in new.items())
    forward = [f"NEW.{identifier(name)} := {made[name]};" for name in made]
    backward = [line for value in back for line in _assigned(f"NEW.{identifier(value.column)}", value)] or ["NULL;"]
    again = "".join(f" OR {part}" for part in _left_out(new, back))
    lines += [
        f"IF (TG_OP = 'INSERT' AND {given}) OR (TG_OP = 'UPDATE' AND NOT ({written}) AND ({former})) THEN",
        *_indented(forward),
        f"ELSIF ((TG_OP = 'INSERT' OR {written}) AND ({unlike})){again} THEN",
        *_indented(backward),
        "END IF;",
    ]
    return InStep(table=table, name=_name(table, new, "in_step"), body=_body(declared, lines))


def _left_out(columns: Iterable[str], values: Iterable[Value]) -> list[str]:
    """Conditions of rows that wait for a value whose expression may raise an error: any update of them tries it."""
    given = " AND ".join(f"NEW.{identifier(name)} IS NOT NULL" for name in columns)
    return [f"(NEW.{identifier(value.column)} IS NULL AND {given})" for value in values if value.guarded]


def _name(table: Name, columns: Iterable[str], ending: str) -> str:
    return object_name("zz", table.name[:24], next(iter(columns))[:20], ending)


def _assigned(target: str, value: Value) -> list[str]:
    """The assignment; an error that a value causes gives NULL, so that the statement of the release goes on."""
    names = {item: f"NEW.{identifier(item)}" for item in _names(value.text)}
    line = f"{target} := {with_columns(value.text, names)};"
    if not value.guarded:
        return [line]
    return [
        "BEGIN",
        f"    {line}",
        "EXCEPTION WHEN data_exception OR check_violation THEN",
        f"    {target} := NULL;",
        "END;",
    ]


def _names(text: str) -> frozenset[str]:
    from migration_ls.sources.sql.expressions import expression  # noqa: PLC0415 - the parser takes its time to load

    return expression(text).columns


def _body(declared: Sequence[str], lines: Sequence[str]) -> str:
    head = ["DECLARE", *_indented(declared)] if declared else []
    return "\n" + "\n".join([*head, "BEGIN", *_indented([*lines, "RETURN NEW;"]), "END"]) + "\n"


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]
