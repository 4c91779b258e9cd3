"""A schema to write specs against, and requests as lines."""

from migration_ls.postgres.types import parse_type
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change
from migration_ls.schema.schema import Enum, Schema, schema_of
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
from migration_ls.sources.sql.expressions import expression


def table(name: str, *columns: str, **more: object) -> Table:
    """A table of columns such as `title varchar(100) not null default 'x'`, its first column being the key."""
    made = []
    for text in columns:
        words, _, default = text.partition(" default ")
        required = words.endswith(" not null")
        column, _, type_ = words.removesuffix(" not null").partition(" ")
        made.append(
            Column(
                name=column,
                type=parse_type(type_),
                nullable=not required,
                default=expression(default) if default else None,
                autoincrement=type_ == "serial",
            )
        )
    key = PrimaryKey(name=f"{name}_pkey", columns=(made[0].name,))
    return Table(name=Name(name), columns=tuple(made), primary_key=key, **more)  # type: ignore[arg-type]


def library() -> Schema:
    """Books and their readers, a help desk, a shop and an external table."""

    def key(column: str, other: str) -> ForeignKey:
        return ForeignKey(name=None, columns=(column,), ref_table=Name(other), ref_columns=("id",))

    return schema_of(
        [
            table(
                "books",
                "id serial not null",
                "title varchar(200) not null",
                "isbn varchar(17)",
                "shelf_mark varchar(30)",
                "pages integer",
                "created_at timestamptz not null default now()",
                uniques=(Unique(name="uq_books_isbn", columns=("isbn",)),),
                indexes=(Index(name="ix_books_shelf_mark", parts=(IndexPart(text="shelf_mark"),)),),
            ),
            table("members", "id serial not null", "name varchar(120) not null", "email varchar(255) not null"),
            table(
                "loans",
                "id serial not null",
                "book_id integer not null",
                "member_id integer not null",
                "due_on date not null",
                "returned_at timestamptz",
                foreign_keys=(key("book_id", "books"), key("member_id", "members")),
            ),
            table(
                "tickets",
                "id serial not null",
                "subject varchar(150) not null",
                "status varchar(20) not null default 'open'",
                "resolved boolean not null default false",
                checks=(Check(name="chk", expression=expression("status IN ('open', 'waiting', 'closed')")),),
            ),
            table("projects", "id serial not null", "name varchar(100) not null"),
            table("products", "id serial not null", "sku varchar(40) not null", "price numeric(10,2) not null", "kind product_kind"),
            table("users", "id uuid not null", "email varchar(255) not null"),
            table("accounts", "id uuid not null", "name text", external=True),
        ],
        [Enum(name=Name("product_kind"), values=("book", "toy"))],
    )


def line(change: Change) -> str:
    """A change as one line of text."""
    match change:
        case asked.AddTable(table=made):
            inner = [_column(column) for column in made.columns]
            inner += [_constraint(item) for item in made.constraints if not isinstance(item, PrimaryKey)]
            inner += [_index(item) for item in made.indexes]
            key = ", ".join(made.primary_key.columns) if made.primary_key else ""
            return f"create {made.name} ({'; '.join(inner)}; key {key})"
        case asked.AddColumn(table=name, column=column, values=values):
            return f"{name} + {_column(column)}" + (f" of {'|'.join(values)}" if values else "")
        case asked.AddConstraint(table=name, constraint=constraint):
            return f"{name} + {_constraint(constraint)}"
        case asked.AddIndex(table=name, index=index):
            return f"{name} + {_index(index)}"
        case asked.DropColumn(table=name, column=column):
            return f"{name} - {column}"
        case asked.DropTable(table=name):
            return f"drop {name}"
        case asked.RenameColumn(table=name, column=column, to=to):
            return f"{name}.{column} -> {to}"
        case asked.RenameTable(table=name, to=to):
            return f"{name} -> {to}"
        case asked.ChangeType(table=name, column=column, type=type_):
            return f"{name}.{column} : {type_}"
        case asked.ChangeNullable(table=name, column=column, nullable=nullable, fill=fill):
            return f"{name}.{column} {'null' if nullable else 'not null'}" + (f" fill {fill.text}" if fill else "")
        case asked.ChangeDefault(table=name, column=column, default=default):
            return f"{name}.{column} default {default.text if default else None}"
        case asked.AddEnum(enum=enum):
            return f"enum {enum.name} {'|'.join(enum.values)}"
        case asked.AddEnumValue(enum=name, value=value, after=after):
            return f"enum {name} + {value} after {after}"
        case asked.DropIndex(index=index) | asked.DropConstraint(constraint=index):
            return f"drop {index}"


def _column(column: Column) -> str:
    null = {True: " null", False: " not null", None: " ?"}[column.nullable]
    default = f" default {column.default.text}" if column.default else ""
    return f"{column.name} {column.type}{null}{default}"


def _constraint(constraint: Constraint) -> str:
    match constraint:
        case Check(expression=condition):
            return f"check {condition.text}"
        case Unique(columns=columns):
            return f"unique {', '.join(columns)}"
        case ForeignKey(columns=columns, ref_table=other, on_delete=action):
            return f"fk {', '.join(columns)} -> {other}" + ("" if action == "NO ACTION" else f" {action.lower()}")
        case _:
            return str(constraint)


def _index(index: Index) -> str:
    return f"{index.using} index {', '.join(map(str, index.parts))}"
