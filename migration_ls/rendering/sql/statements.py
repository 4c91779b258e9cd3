"""One statement for one operation."""

from dataclasses import replace

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_constraint import RenameConstraint
from migration_ls.operations.rename_enum_value import RenameEnumValue
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.postgres.quoting import identifier, literal
from migration_ls.rendering.sql.definitions import column_sql, constraint_sql, deferral, index_body, type_sql
from migration_ls.rendering.sql.objects import object_statement
from migration_ls.schema.names import Name
from migration_ls.schema.tables import PrimaryKey, Table, Unique

_EXTENSION_TYPES = frozenset({"citext", "hstore", "ltree", "vector"})
"""Types that an extension of the same name brings."""
_OPCLASS_EXTENSIONS = {"gin_trgm_ops": "pg_trgm", "gist_trgm_ops": "pg_trgm"}


def statement(operation: Operation) -> str:
    """The statement that does the operation, without a semicolon; an operation that is not rendered is a comment."""
    action = table_action(operation)
    if action is not None:
        table, text = action
        return f"ALTER TABLE {table.sql} {text}"
    return _other(operation)


def table_action(operation: Operation) -> tuple[Name, str] | None:
    """The table and the ALTER TABLE action that does the operation; None for what ALTER TABLE does not do."""
    match operation:
        case AddColumn(table=table):
            guard = "IF NOT EXISTS " if operation.if_not_exists else ""
            return table, f"ADD COLUMN {guard}{column_sql(operation.column)}"
        case DropColumn(table=table, column=column):
            return table, f"DROP COLUMN {_if_exists(operation.if_exists)}{identifier(column)}"
        case SetNotNull(table=table, column=column):
            return table, f"ALTER COLUMN {identifier(column)} SET NOT NULL"
        case DropNotNull(table=table, column=column):
            return table, f"ALTER COLUMN {identifier(column)} DROP NOT NULL"
        case SetDefault(table=table, column=column, default=default):
            end = f"SET DEFAULT {default.text}" if default else "DROP DEFAULT"
            return table, f"ALTER COLUMN {identifier(column)} {end}"
        case SetIdentity(table=table, column=column, drops_expression=True):
            return table, f"ALTER COLUMN {identifier(column)} DROP EXPRESSION IF EXISTS"
        case SetIdentity(table=table, column=column, identity=identity):
            end = f"ADD GENERATED {identity.upper()} AS IDENTITY" if identity else "DROP IDENTITY IF EXISTS"
            return table, f"ALTER COLUMN {identifier(column)} {end}"
        case SetType(table=table, column=column, using=using):
            collate = f" COLLATE {identifier(operation.collation)}" if operation.collation else ""
            end = f" USING {using.text}" if using else ""
            return table, f"ALTER COLUMN {identifier(column)} TYPE {type_sql(operation.type)}{collate}{end}"
        case AddConstraint(table=table):
            return table, f"ADD {_added(operation)}"
        case ValidateConstraint(table=table, constraint=name):
            return table, f"VALIDATE CONSTRAINT {identifier(name)}"
        case DropConstraint(table=table, constraint=name):
            return table, f"DROP CONSTRAINT {_if_exists(operation.if_exists)}{identifier(name)}"
        case RenameColumn(table=table, column=column, to=to):
            return table, f"RENAME COLUMN {identifier(column)} TO {identifier(to)}"
        case RenameConstraint(table=table, constraint=name, to=to):
            return table, f"RENAME CONSTRAINT {identifier(name)} TO {identifier(to)}"
        case RenameTable(name=table, to=to):
            return table, f"RENAME TO {identifier(to)}"
        case _:
            return None


def _added(operation: AddConstraint) -> str:
    constraint = operation.constraint
    if operation.using_index and isinstance(constraint, PrimaryKey | Unique):
        kind = "PRIMARY KEY" if isinstance(constraint, PrimaryKey) else "UNIQUE"
        name = f"CONSTRAINT {identifier(constraint.name)} " if constraint.name else ""
        return f"{name}{kind} USING INDEX {identifier(operation.using_index)}{deferral(constraint)}"
    return constraint_sql(constraint)


def _if_exists(yes: bool) -> str:  # noqa: FBT001 - a word or none
    return "IF EXISTS " if yes else ""


def _other(operation: Operation) -> str:
    match operation:
        case CreateTable(table=table):
            return create_table(table, guarded=operation.if_not_exists)
        case DropTable(name=name):
            return f"DROP TABLE {_if_exists(operation.if_exists)}{name.sql}"
        case CreateIndex():
            return create_index(operation)
        case DropIndex(name=name):
            concurrently = "CONCURRENTLY " if operation.concurrently else ""
            return f"DROP INDEX {concurrently}{_if_exists(operation.if_exists)}{name.sql}"
        case CreateEnum(enum=enum):
            return f"CREATE TYPE {enum.name.sql} AS ENUM ({', '.join(literal(value) for value in enum.values)})"
        case AddEnumValue(enum=name, value=value):
            guard = "IF NOT EXISTS " if operation.if_not_exists else ""
            place = f" {operation.side.upper()} {literal(operation.neighbour)}" if operation.neighbour else ""
            return f"ALTER TYPE {name.sql} ADD VALUE {guard}{literal(value)}{place}"
        case RenameEnumValue(enum=name, value=value, to=to):
            return f"ALTER TYPE {name.sql} RENAME VALUE {literal(value)} TO {literal(to)}"
        case DropType(name=name):
            return f"DROP TYPE {_if_exists(operation.if_exists)}{name.sql}"
        case CommentOn(what=what, comment=comment) if what:
            return f"COMMENT ON {what} IS {literal(comment) if comment else 'NULL'}"
        case CommentOn(table=table, column=column, comment=comment) if table:
            what = f"COLUMN {table.sql}.{identifier(column)}" if column else f"TABLE {table.sql}"
            return f"COMMENT ON {what} IS {literal(comment) if comment else 'NULL'}"
        case _:
            return object_statement(operation) or f"-- {type(operation).__name__} has no SQL of its own"


def create_index(operation: CreateIndex) -> str:
    """CREATE INDEX."""
    index = operation.index
    unique = "UNIQUE " if index.unique else ""
    concurrently = "CONCURRENTLY " if operation.concurrently else ""
    guard = "IF NOT EXISTS " if operation.if_not_exists else ""
    only = "ONLY " if operation.only else ""
    name = f"{guard}{identifier(index.name)} " if index.name else ""
    return f"CREATE {unique}INDEX {concurrently}{name}ON {only}{operation.table.sql} {index_body(index)}"


def create_table(table: Table, *, guarded: bool = False) -> str:
    """CREATE TABLE with constraints, one entry per line; its indexes are statements of their own."""
    if table.partition_of is not None and table.bound:
        # what the partitioned table has, its partitions have from it
        parts = f" PARTITION BY {table.partition_key}" if table.partition_key else ""
        exists = "IF NOT EXISTS " if guarded else ""
        return f"CREATE TABLE {exists}{table.name.sql} PARTITION OF {table.partition_of.sql}\n    {table.bound}{parts}"
    entries = [column_sql(column) for column in table.columns]
    entries += [constraint_sql(constraint) for constraint in table.constraints]
    body = ",\n    ".join(entries)
    guard = "IF NOT EXISTS " if guarded else ""
    partition = f" PARTITION BY {table.partition_key}" if table.partition_key else ""
    heirs = f" INHERITS ({', '.join(name.sql for name in table.inherits)})" if table.inherits else ""
    unlogged = "UNLOGGED " if table.unlogged else ""
    return f"CREATE {unlogged}TABLE {guard}{table.name.sql} (\n    {body}\n){heirs}{partition}"


def table_with_indexes(table: Table, *, guarded: bool = False) -> tuple[str, ...]:
    """CREATE TABLE and a CREATE INDEX for each of its indexes."""
    own = () if table.partition_of is not None and table.bound else table.indexes
    indexes = (CreateIndex(table=table.name, index=index, if_not_exists=guarded) for index in own)
    return (create_table(table, guarded=guarded), *(create_index(index) for index in indexes))


def schema_sql(schema_tables: tuple[Table, ...], enums: tuple[CreateEnum, ...] = ()) -> str:
    """A whole schema as a script, foreign keys last so that the order of tables does not matter."""
    names = [table.name for table in schema_tables] + [enum.enum.name for enum in enums]
    spaces = dict.fromkeys(name.namespace for name in names if name.namespace != "public")
    types = {column.type.name for table in schema_tables for column in table.columns}
    classes = {part.opclass for table in schema_tables for index in table.indexes for part in index.parts}
    extensions = (types & _EXTENSION_TYPES) | {
        _OPCLASS_EXTENSIONS[name] for name in classes & _OPCLASS_EXTENSIONS.keys() if name
    }
    lines = [f"CREATE EXTENSION IF NOT EXISTS {name};" for name in sorted(extensions)]
    lines += [f"CREATE SCHEMA IF NOT EXISTS {identifier(space)};" for space in spaces]
    lines += [f"{_other(enum)};" for enum in enums]
    keys: list[str] = []
    for table in schema_tables:
        bare = replace(table, foreign_keys=())
        lines += [f"{text};" for text in table_with_indexes(bare)]
        keys += [f"{statement(AddConstraint(table=table.name, constraint=key))};" for key in table.foreign_keys]
    return "\n".join([*lines, *keys]) + "\n"
