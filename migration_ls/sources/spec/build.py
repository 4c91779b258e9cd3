"""Columns and tables from what is said about them."""

from dataclasses import dataclass, field, replace

from migration_ls.postgres.quoting import identifier, literal
from migration_ls.postgres.types import ColumnType
from migration_ls.schema import request as asked
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Change, Grade, Request
from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import (
    Check,
    Column,
    Constraint,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
    Unique,
)
from migration_ls.sources.problem import Problem
from migration_ls.sources.spec.details import Details, Reference
from migration_ls.sources.spec.families.values import likely_default
from migration_ls.sources.spec.habits import Habits
from migration_ls.sources.spec.items import Said, SaidColumn, SaidDefault, SaidTable
from migration_ls.sources.spec.nouns import guessed_type
from migration_ls.sources.spec.options import SpecOptions
from migration_ls.sources.spec.tables import Tables
from migration_ls.sources.spec.words import key_of, singular

_SHORTEST = 20
_TEXTUAL = frozenset({"character varying", "text", "character"})
_INTEGERS = frozenset({"integer", "bigint", "smallint"})


@dataclass(slots=True, kw_only=True)
class Made:
    """A column with what comes along: constraints, indexes, an enum; `requests` ask for it on an existing table."""

    column: Column
    said: Said
    primary_key: bool = False
    constraints: list[Constraint] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    assumption: str | None = None


@dataclass(slots=True, kw_only=True)
class Builder:
    """Makes columns and tables; remembers the types it gave, for the keys that refer to them."""

    tables: Tables
    habits: Habits
    options: SpecOptions
    defaults: list[SaidDefault]
    _types: dict[tuple[Name, str], ColumnType] = field(default_factory=dict)

    def column(self, table: Name, name: str, details: Details, items: list[SaidColumn], *, is_new: bool) -> Made | None:
        """The column; None when nothing tells its type."""
        best = _best(items)
        said = best.said
        reference = self._target(details)
        enum = self._enum(table, name, details)
        type_ = ColumnType(str(enum.name)) if enum else self._type(name, details, reference)
        if type_ is None:
            if said.grade is Grade.IMPLIED and not is_new:
                return None
            type_ = ColumnType("text")
        self._types[(table, name)] = type_
        made = Made(
            column=Column(name=name, type=type_, origin=said.origin), said=said, primary_key=details.primary_key
        )
        must = next((item.must for item in items if item.must is not None), None)
        default = self._default(table, name, details, made, must=must, is_new=is_new)
        made.column = replace(
            made.column,
            nullable=self._nullable(details, default, must=must, is_new=is_new, made=made, table=table),
            default=default,
            autoincrement=details.autoincrement or (details.primary_key and self._counts(name, details, type_)),
            identity=details.identity,
            generated=_expression(details.generated) if details.generated else None,
        )
        if made.column.autoincrement:
            made.column = replace(made.column, default=None, nullable=False)
        if enum:
            made.enums.append(enum)
        self._constrain(table, details, reference, made, has_enum=enum is not None)
        others = tuple(dict.fromkeys(item.said.origin for item in items if item.said.origin != said.origin))
        made.requests = self._requests(table, details, made, others)
        return made

    def _requests(self, table: Name, details: Details, made: Made, others: tuple[Origin, ...]) -> list[Request]:
        changes: list[Change] = [asked.AddEnum(enum=enum) for enum in made.enums]
        changes.append(asked.AddColumn(table=table, column=made.column, values=details.values))
        changes += [asked.AddConstraint(table=table, constraint=constraint) for constraint in made.constraints]
        changes += [asked.AddIndex(table=table, index=index) for index in made.indexes]
        requests = [
            Request(change=change, origin=made.said.origin, grade=made.said.grade, evidence=made.said.evidence)
            for change in changes
        ]
        hints = tuple(
            hint.said.origin
            for hint in self.defaults
            if made.column.default
            and hint.said.origin.line != made.said.origin.line
            and self._hints_at(hint, table, made.column.name, details)
            and made.column.default.value == _pick(hint.value, details.values)
        )
        return [
            replace(request, assumption=made.assumption, explains=(*others, *hints))
            if isinstance(request.change, asked.AddColumn)
            else request
            for request in requests
        ]

    def _type(self, name: str, details: Details, reference: ForeignKey | None) -> ColumnType | None:
        if details.type:
            if details.type.name == "character varying" and not details.type.modifiers:
                if details.values:
                    return _varchar(details.values)
                if details.length:
                    return ColumnType("character varying", (str(details.length),))
            return details.type
        if details.values:
            return _varchar(details.values)
        if details.references:
            return self._key_type(reference)
        if details.length:
            return ColumnType("character varying", (str(details.length),))
        if details.low or details.high:
            return _number_type(details.low, details.high)
        guessed = guessed_type(name, self.habits)
        if guessed:
            return guessed
        if details.checks:
            return ColumnType("integer")
        if details.default in {"true", "false"}:
            return ColumnType("boolean")
        if details.default and details.default.lstrip("-").isdigit():
            return ColumnType("integer")
        return ColumnType("character varying", ("50",)) if details.default and details.default.startswith("'") else None

    def _key_type(self, reference: ForeignKey | None) -> ColumnType:
        if reference is None:
            return self.habits.key.type
        column = reference.ref_columns[0] if reference.ref_columns else "id"
        known = self.tables.column(reference.ref_table, column)
        if known is not None:
            return known.type
        return self._types.get((reference.ref_table, column), self.habits.key.type)

    def _target(self, details: Details) -> ForeignKey | None:
        reference = details.references
        if reference is None:
            return None
        table = self.tables.find(reference.table) or self._dotted(reference)
        if table is None:
            return None
        known = self.tables.table(table)
        column = reference.column
        if not column:
            key = known.primary_key.columns if known and known.primary_key else ("id",)
            if len(key) != 1:
                return None
            column = key[0]
        on_delete = details.on_delete or reference.on_delete
        return ForeignKey(name=None, columns=(), ref_table=table, ref_columns=(column,), on_delete=on_delete)

    def _dotted(self, reference: Reference) -> Name | None:
        return self.tables.find(reference.table.rpartition(".")[2]) if "." in reference.table else None

    def _enum(self, table: Name, name: str, details: Details) -> Enum | None:
        if not details.values or self.options.enums != "native" or details.type:
            return None
        return Enum(name=Name("_".join((*key_of(table.name), name)), table.namespace), values=details.values)

    def _counts(self, name: str, details: Details, type_: ColumnType) -> bool:
        plain = not (details.identity or details.default or details.references)
        return name == "id" and type_.name in _INTEGERS and plain

    def _default(
        self, table: Name, name: str, details: Details, made: Made, *, must: bool | None, is_new: bool
    ) -> Expression | None:
        if details.default is not None:
            picked = _pick(details.default.strip("'"), details.values)
            return _expression(literal(picked) if picked and details.default.startswith("'") else details.default)
        if not details.values or details.primary_key or is_new:
            hint = self._hint(table, name, details) if details.values else None
            return _expression(literal(hint)) if hint else None
        if hint := self._hint(table, name, details):
            return _expression(literal(hint))
        if details.nullable is True or must is False or made.said.grade is Grade.DECLARED:
            return None
        choices = ", ".join(f"`{value}`" for value in details.values)
        likely = likely_default(details.values)
        if likely is None:
            made.assumption = (
                f"`{table}.{name}` takes nulls, because nothing says which of {choices} existing rows have"
            )
            made.problems.append(
                _ambiguous(
                    made.said,
                    f"Nothing says which value existing rows of `{table}` have in `{name}`: {choices} or none",
                )
            )
            return None
        made.assumption = (
            f"`{likely}` is the default of `{table}.{name}`, because nothing says which value counts without a choice"
        )
        made.problems.append(
            _ambiguous(
                made.said,
                f"Nothing says which value of `{table}.{name}` counts without a choice: {choices}; `{likely}` is "
                f"assumed",
            )
        )
        return _expression(literal(likely))

    def _hint(self, table: Name, name: str, details: Details) -> str | None:
        for hint in self.defaults:
            if self._hints_at(hint, table, name, details):
                return _pick(hint.value, details.values)
        return None

    def _hints_at(self, hint: SaidDefault, table: Name, name: str, details: Details) -> bool:
        if _pick(hint.value, details.values) is None:
            return False
        words = {*key_of(table.name), *key_of(name)}
        return bool(words & hint.words)

    def _nullable(
        self, details: Details, default: Expression | None, *, must: bool | None, is_new: bool, made: Made, table: Name
    ) -> bool | None:
        if details.primary_key or details.autoincrement or details.identity:
            return False
        if details.nullable is not None:
            return details.nullable
        if default is not None and made.said.grade is Grade.IMPLIED:
            return False
        if is_new:
            return None if must is None else not must
        if default is not None:
            return False
        if must and made.assumption is None:
            made.assumption = (
                f"`{table}.{made.column.name}` takes nulls, because existing rows have no value and none is named"
            )
        return True

    def _constrain(
        self, table: Name, details: Details, reference: ForeignKey | None, made: Made, *, has_enum: bool
    ) -> None:
        name, origin = made.column.name, made.said.origin
        quoted = identifier(name)
        checks: list[str] = []
        if details.values and not has_enum and not made.column.type.is_array and made.column.type.name in _TEXTUAL:
            checks.append(f"{quoted} IN ({', '.join(literal(value) for value in details.values)})")
        numeric = made.column.type.name in _INTEGERS | {"numeric", "double precision", "real"}
        if numeric and details.low is not None and details.high is not None:
            checks.append(f"{quoted} BETWEEN {details.low} AND {details.high}")
        elif numeric and details.low is not None:
            checks.append(f"{quoted} >= {details.low}")
        elif numeric and details.high is not None:
            checks.append(f"{quoted} <= {details.high}")
        checks += [check.replace("{}", quoted).replace("{{", "{").replace("}}", "}") for check in details.checks]
        made.constraints += [Check(name=None, expression=_expression(check), origin=origin) for check in checks]
        if (reference and reference.ref_table != table) or (reference and name != reference.ref_columns[0]):
            made.constraints.append(replace(reference, columns=(name,), origin=origin))
        if details.unique and not details.primary_key:
            made.constraints.append(Unique(name=None, columns=(name,), origin=origin))
        elif details.index:
            using = "gin" if made.column.type.is_array or made.column.type.name == "jsonb" else details.index
            made.indexes.append(Index(name=None, parts=(IndexPart(text=name),), using=using, origin=origin))

    def table(self, name: Name, said: SaidTable, columns: list[Made]) -> Table:
        """A new table of these columns; one that is only implied gets the key that the project's tables have."""
        key = said.key or tuple(made.column.name for made in columns if made.primary_key)
        own = [made.column for made in columns]
        if not key and said.said.grade is Grade.IMPLIED and all(column.name != "id" for column in own):
            own.insert(0, self.habits.key)
            key = ("id",)
        elif not key and any(column.name == "id" for column in own) and said.said.grade is Grade.DECLARED:
            key = ("id",)
        marks = {column.nullable for column in own if column.name not in key}
        # Where a document marks what is optional, the rest is not.
        unsaid = said.said.grade is Grade.DECLARED and True not in marks
        settled = [
            replace(column, nullable=False)
            if column.name in key
            else column
            if column.nullable is not None
            else replace(column, nullable=unsaid)
            for column in own
        ]
        if len(key) > 1:
            settled = [replace(column, autoincrement=False) if column.name in key else column for column in settled]
        table = Table(
            name=name,
            columns=tuple(settled),
            primary_key=PrimaryKey(name=None, columns=key, origin=said.said.origin) if key else None,
            origin=said.said.origin,
        )
        for made in columns:
            for constraint in made.constraints:
                table = table.with_constraint(constraint)
            for index in made.indexes:
                table = table.with_index(index)
        return table


def _best(items: list[SaidColumn]) -> SaidColumn:
    """The place that tells most; declared before implied, then the first."""
    empty = Details()

    def weight(item: SaidColumn) -> int:
        details = item.details
        return sum(
            getattr(details, part) != getattr(empty, part)
            for part in (
                "type",
                "default",
                "unique",
                "references",
                "values",
                "length",
                "low",
                "high",
                "checks",
                "on_delete",
            )
        )

    declared = [item for item in items if item.said.grade is Grade.DECLARED] or items
    return max(declared, key=lambda item: (not item.is_detail, weight(item)))


def _pick(value: str, values: tuple[str, ...]) -> str | None:
    wanted = value.lower()
    # `New users are members`
    return next((known for known in values if known.lower() in {wanted, singular(wanted)}), None)


def _expression(text: str) -> Expression:
    from migration_ls.sources.sql.expressions import expression

    return expression(text)


def _varchar(values: tuple[str, ...]) -> ColumnType:
    longest = max(len(value) for value in values)
    length = next((size for size in (_SHORTEST, 50, 100) if longest <= size), longest)
    return ColumnType("character varying", (str(length),))


def _number_type(low: str | None, high: str | None) -> ColumnType:
    numbers = [number for number in (low, high) if number]
    decimals = max(len(number.partition(".")[2]) for number in numbers)
    digits = max(len(number.lstrip("-").partition(".")[0]) for number in numbers)
    if decimals:
        return ColumnType("numeric", (str(digits + decimals), str(decimals)))
    return ColumnType("smallint" if digits <= 4 and high is not None else "integer")


def _ambiguous(said: Said, message: str) -> Problem:
    return Problem(
        code="ambiguous-request",
        message=message,
        help="Say which value is the default, or declare the column under a heading such as `Database changes`",
        span=said.origin.span,
        serious=False,
    )
