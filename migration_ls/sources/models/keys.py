"""Foreign keys in the making."""

from dataclasses import dataclass

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.tables import FkAction, ForeignKey
from migration_ls.sources.models.arguments import Arguments, arguments_of
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.evaluate import expand, string
from migration_ls.sources.models.tablenames import name_of_class, name_of_table_call
from migration_ls.sources.models.terms import Call
from migration_ls.sources.models.values import ClassValue, Member, Node, Value

_ACTIONS: dict[str, FkAction] = {
    "CASCADE": "CASCADE",
    "RESTRICT": "RESTRICT",
    "SET NULL": "SET NULL",
    "SET DEFAULT": "SET DEFAULT",
    "NO ACTION": "NO ACTION",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDraft:
    """One `ForeignKey`: what it refers to, with an empty column for the one of the same name."""

    namespace: str | None
    table: str
    column: str
    name: str | None = None
    on_delete: FkAction = "NO ACTION"
    on_update: FkAction = "NO ACTION"
    deferrable: bool = False
    origin: Origin | None = None

    def made(self, column: str, default_namespace: str | None) -> ForeignKey:
        """The key of a column; tables without a namespace are in that of the metadata."""
        return ForeignKey(
            name=self.name,
            columns=(column,),
            ref_table=Name(self.table, self.namespace or default_namespace or "public"),
            ref_columns=(self.column or column,),
            on_delete=self.on_delete,
            on_update=self.on_update,
            deferrable=self.deferrable,
            origin=self.origin,
        )


def action(text: str | None) -> FkAction:
    """What `ondelete=` or `onupdate=` says."""
    return _ACTIONS.get(" ".join(text.upper().split()), "NO ACTION") if text else "NO ACTION"


def read_key(context: Context, given: Arguments, place: Origin, column: str) -> KeyDraft | None:
    """The key that a call of `ForeignKey` makes; None when what it refers to cannot be told."""
    target = given.named("column", 0)
    found = referred(context, target) if target is not None else None
    if found is None:
        context.report(
            place,
            "models-unknown-reference",
            f"what the foreign key of `{column}` refers to cannot be told, so the key is left out",
            "Write the table and column as a string",
            serious=False,
        )
        return None
    namespace, table, name = found
    return KeyDraft(
        namespace=namespace,
        table=table,
        column=name,
        name=given.text("name"),
        on_delete=action(given.text("ondelete")),
        on_update=action(given.text("onupdate")),
        deferrable=given.true("deferrable"),
        origin=place,
    )


def referred(context: Context, target: Value) -> tuple[str | None, str, str] | None:
    """Namespace, table and column of `"app.users.id"`, `User.id` or `users.c.id`."""
    match target:
        case Member(owner=ClassValue() as cls, name=column) if column not in {"__tablename__", "__name__"}:
            made = name_of_class(context, cls)
            if made is not None and string(context, target) is None:
                return made[0], made[1], column
        case Member(owner=Member(owner=owner, name="c" | "columns"), name=column):
            match owner:
                case Member(owner=ClassValue() as cls, name="__table__"):
                    made = name_of_class(context, cls)
                    return (made[0], made[1], column) if made else None
                case _:
                    table = expand(context, owner)
                    if isinstance(table, Node) and isinstance(table.term, Call):
                        return _of_object(context, table, column)
        case _:
            pass
    text = string(context, target)
    if not text:
        return None
    parts = text.split(".")
    if len(parts) == 1:
        return None, parts[0], ""
    return ".".join(parts[:-2]) or None, parts[-2], parts[-1]


def _of_object(context: Context, table: Node, column: str) -> tuple[str | None, str, str] | None:
    given = arguments_of(context, table)
    named = name_of_table_call(context, given) if given is not None else None
    return (*named, column) if named is not None else None
