"""Constraints and indexes that `__table_args__` and `Table(...)` list."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from migration_ls.postgres.quoting import identifier, literal
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.tables import Check, Exclusion, ForeignKey, Index, IndexPart, PrimaryKey, Unique
from migration_ls.sources.models.arguments import Arguments, arguments_of
from migration_ls.sources.models.columns import Draft
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.displays import items, pairs
from migration_ls.sources.models.evaluate import expand, string
from migration_ls.sources.models.index_text import index_parts
from migration_ls.sources.models.keys import action, referred
from migration_ls.sources.models.naming import Metadata, Named
from migration_ls.sources.models.sql_text import sql_text
from migration_ls.sources.models.values import Member, Plain, Value
from migration_ls.sources.sql.expressions import expression


@dataclass(slots=True, kw_only=True)
class Parts:
    """The constraints and indexes of a table in the making; `columns` are names of columns by attribute."""

    table: Name
    metadata: Metadata
    columns: dict[str, str]
    primary_key: PrimaryKey | None = None
    uniques: list[Unique] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)

    def copied(self) -> "Parts":
        """The same parts, to be added to."""
        return replace(
            self,
            uniques=list(self.uniques),
            checks=list(self.checks),
            foreign_keys=list(self.foreign_keys),
            exclusions=list(self.exclusions),
            indexes=list(self.indexes),
        )

    def name(
        self, kind: str, given: "str | None", columns: tuple[str, ...], key: ForeignKey | None = None
    ) -> str | None:
        """The name of a part as SQLAlchemy makes it."""
        if not self.metadata.makes(kind):
            return given
        named = Named(
            table=self.table,
            columns=columns,
            referred=key.ref_table if key else None,
            referred_columns=key.ref_columns if key else (),
            given=given,
        )
        return self.metadata.name(kind, named)


def add_argument(context: Context, value: Value, parts: Parts, place: Origin) -> None:
    """Add what one entry of `__table_args__` makes; entries that make nothing in the database are passed over."""
    given = arguments_of(context, expand(context, value))
    if given is None:
        return
    origin = given.origin or place
    match given.name:
        case "UniqueConstraint":
            columns = _columns(context, given.positional, parts)
            if not columns:
                return
            parts.uniques.append(
                Unique(
                    name=_name(given, parts, "uq", columns),
                    columns=columns,
                    nulls_not_distinct=given.true("postgresql_nulls_not_distinct"),
                    include=_listed(context, given.named("postgresql_include"), parts),
                    deferrable=given.true("deferrable"),
                    origin=origin,
                )
            )
        case "CheckConstraint":
            _add_check(context, given, parts, origin)
        case "ForeignKeyConstraint":
            _add_key(context, given, parts, origin)
        case "PrimaryKeyConstraint":
            columns = _columns(context, given.positional, parts)
            parts.primary_key = PrimaryKey(name=_name(given, parts, "pk", columns), columns=columns, origin=origin)
        case "Index":
            parts.indexes += [index] if (index := read_index(context, given, parts, origin)) else []
        case "ExcludeConstraint":
            _add_exclusion(context, given, parts, origin)
        case _:
            pass


def _name(
    given: Arguments, parts: Parts, kind: str, columns: tuple[str, ...], key: ForeignKey | None = None
) -> str | None:
    value = given.named("name")
    made = arguments_of(given.context, value) if value is not None else None
    if made is not None and made.name in {"conv", "f"}:
        return made.text(0)
    return parts.name(kind, given.text("name"), columns, key)


def column_name(context: Context, value: Value, parts: Parts) -> str | None:
    """The name of the column that a string or an attribute of the class means."""
    match value:
        case Member(name=name) if name in parts.columns:
            return parts.columns[name]
        case Member(owner=Member(name="c" | "columns"), name=name):
            return name
        case _:
            pass
    text = string(context, value)
    if text is not None:
        return text if text in parts.columns.values() else parts.columns.get(text, text)
    given = arguments_of(context, expand(context, value))
    if given is not None and given.name in {"Column", "column"}:
        return given.text(0)
    return None


def _columns(context: Context, values: Iterable[Value], parts: Parts) -> tuple[str, ...]:
    names = (column_name(context, value, parts) for value in values)
    return tuple(name for name in names if name is not None)


def _listed(context: Context, value: Value | None, parts: Parts) -> tuple[str, ...]:
    return _columns(context, items(context, value) or (), parts) if value is not None else ()


def _sql(context: Context, value: Value, parts: Parts) -> str | None:
    if isinstance(value, Plain):
        return value.value if isinstance(value.value, str) else None
    known = string(context, value)
    return known if known is not None else sql_text(context, value, parts.columns)


def _add_check(context: Context, given: Arguments, parts: Parts, origin: Origin) -> None:
    inner = given.named("sqltext", 0)
    text = _sql(context, inner, parts) if inner is not None else None
    if text is None:
        _not_told(context, origin, "check constraint")
        return
    made = expression(text)
    columns = tuple(name for name in parts.columns.values() if name in made.columns)
    parts.checks.append(Check(name=_name(given, parts, "ck", columns), expression=made, origin=origin))


def _not_told(context: Context, origin: Origin, what: str) -> None:
    context.report(
        origin,
        "models-unknown-expression",
        f"the {what} is made by code that is not run, so it is left out",
        "Write its SQL as a string or with `text(...)`",
        serious=False,
    )


def _add_key(context: Context, given: Arguments, parts: Parts, origin: Origin) -> None:
    columns = _listed(context, given.named("columns", 0), parts)
    targets = (
        items(context, referred_columns) if (referred_columns := given.named("refcolumns", 1)) is not None else None
    )
    found = [referred(context, target) for target in targets or ()]
    known = [target for target in found if target is not None]
    if not columns or not known or len(known) != len(found):
        _not_told(context, origin, "foreign key")
        return
    namespace, table, _ = known[0]
    key = ForeignKey(
        name=None,
        columns=columns,
        ref_table=Name(table, namespace or parts.metadata.namespace or "public"),
        ref_columns=tuple(column for _, _, column in known),
        on_delete=action(given.text("ondelete")),
        on_update=action(given.text("onupdate")),
        deferrable=given.true("deferrable"),
        origin=origin,
    )
    parts.foreign_keys.append(replace(key, name=_name(given, parts, "fk", columns, key)))


def read_index(context: Context, given: Arguments, parts: Parts, origin: Origin) -> Index | None:
    """The index that a call of `Index` makes; None when a part of it cannot be told."""
    opclasses = pairs(context, given.keywords["postgresql_ops"]) if "postgresql_ops" in given.keywords else None
    found: list[IndexPart] = []
    for value in given.positional[1:]:
        made = _index_part(context, value, parts)
        if made is None:
            _not_told(context, origin, "index")
            return None
        found += made
    if not found:
        return None
    for position, part in enumerate(found):
        if opclasses and part.text in opclasses:
            found[position] = replace(part, opclass=string(context, opclasses[part.text]))
    where = given.named("postgresql_where")
    condition = _sql(context, where, parts) if where is not None else None
    plain = tuple(part.text for part in found if not part.is_expression)
    first = given.at(0)
    name = string(context, first) if first is not None else None
    return Index(
        name=parts.name("ix", name, plain),
        parts=tuple(found),
        unique=given.true("unique"),
        using=(given.text("postgresql_using") or "btree").lower(),
        where=expression(condition) if condition is not None else None,
        include=_listed(context, given.named("postgresql_include"), parts),
        nulls_not_distinct=given.true("postgresql_nulls_not_distinct"),
        origin=origin,
    )


def _index_part(context: Context, value: Value, parts: Parts) -> tuple[IndexPart, ...] | None:
    """One entry of an index; a text may hold several parts."""
    name = column_name(context, value, parts)
    if name is not None:
        return (IndexPart(text=name),)
    text = sql_text(context, value, parts.columns)
    return index_parts(text) if text is not None else None


def _add_exclusion(context: Context, given: Arguments, parts: Parts, origin: Origin) -> None:
    elements: list[str] = []
    for value in given.positional:
        pair = items(context, value) or ()
        operator = string(context, pair[1]) if len(pair) == 2 else None
        name = column_name(context, pair[0], parts) if pair else None
        target = identifier(name) if name is not None else sql_text(context, pair[0], parts.columns) if pair else None
        if target is None or operator is None:
            _not_told(context, origin, "exclusion constraint")
            return
        elements.append(f"{target if name is not None or '(' in target else f'({target})'} WITH {operator}")
    inner = given.named("where")
    condition = _sql(context, inner, parts) if inner is not None else None
    where = f" WHERE ({condition})" if condition is not None else ""
    parts.exclusions.append(
        Exclusion(
            name=given.text("name"),
            definition=f"EXCLUDE USING {given.text('using') or 'gist'} ({', '.join(elements)}){where}",
            origin=origin,
        )
    )


def add_own_parts(draft: Draft, parts: Parts) -> None:
    """Add the constraints and the index that are written at a column."""
    columns = (draft.name,)
    if draft.index:
        place = draft.places.get("index", draft.origin)
        name = parts.name("ix", None, columns)
        parts.indexes.append(Index(name=name, parts=(IndexPart(text=draft.name),), unique=draft.unique, origin=place))
    elif draft.unique:
        place = draft.places.get("unique", draft.origin)
        parts.uniques.append(Unique(name=parts.name("uq", None, columns), columns=columns, origin=place))
    for key in draft.keys:
        made = key.made(draft.name, parts.metadata.namespace)
        parts.foreign_keys.append(replace(made, name=parts.name("fk", made.name, columns, made)))
    for check in draft.checks:
        parts.checks.append(replace(check, name=parts.name("ck", check.name, columns)))
    if draft.type is not None and draft.type.checked and draft.type.labels:
        allowed = ", ".join(literal(label) for _, label in draft.type.labels)
        condition = expression(f"{identifier(draft.name)} IN ({allowed})")
        name = parts.name("ck", draft.type.check_name, columns)
        parts.checks.append(Check(name=name, expression=condition, origin=draft.origin))
