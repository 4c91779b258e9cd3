"""Changes, operations and effects in words."""

from typing import assert_never

from migration_ls.operations.effect import Effect
from migration_ls.rendering.sql.definitions import column_sql, constraint_sql, index_body, type_sql
from migration_ls.schema import request as asked
from migration_ls.schema.request import Request


def describe(request: Request) -> str:  # noqa: C901, PLR0912 - one case per kind
    """What a request asks for, short, with SQL in backticks."""
    match request.change:
        case asked.AddTable(table=table):
            return f"a table `{table.name}` ({', '.join(column.name for column in table.columns)})"
        case asked.DropTable(table=table):
            return f"that the table `{table}` goes"
        case asked.RenameTable(table=table, to=to):
            return f"that `{table}` is called `{to}`"
        case asked.AddColumn(table=table, column=column):
            return f"`{table}.{column_sql(column)}`"
        case asked.DropColumn(table=table, column=column_name):
            return f"that `{table}.{column_name}` goes"
        case asked.RenameColumn(table=table, column=column_name, to=to):
            return f"that `{table}.{column_name}` is called `{to}`"
        case asked.ReplaceColumns(table=table, columns=names, into=columns):
            olds = ", ".join(f"`{table}.{name}`" for name in names)
            return f"{', '.join(f'`{column.name}`' for column in columns)} in the place of {olds}"
        case asked.MoveColumns(table=table, columns=names, to=to, into=columns):
            olds = ", ".join(f"`{table}.{name}`" for name in names)
            return f"that {olds} lives on as {', '.join(f'`{to}.{column.name}`' for column in columns)}"
        case asked.ChangeType(table=table, column=column_name, type=type_):
            return f"the type `{type_sql(type_)}` for `{table}.{column_name}`"
        case asked.ChangeNullable(table=table, column=column_name, nullable=nullable):
            return f"that `{table}.{column_name}` {'may be empty' if nullable else 'is NOT NULL'}"
        case asked.ChangeDefault(table=table, column=column_name, default=default):
            return f"the default `{default.text if default else 'none'}` for `{table}.{column_name}`"
        case asked.AddIndex(table=table, index=index):
            return f"an index on `{table} {index_body(index)}`"
        case asked.DropIndex(table=table, index=index_name):
            return f"that the index `{index_name}` of `{table}` goes"
        case asked.AddConstraint(table=table, constraint=constraint):
            return f"`{constraint_sql(constraint)}` on `{table}`"
        case asked.DropConstraint(table=table, constraint=name):
            return f"that the constraint `{name}` of `{table}` goes"
        case asked.AddEnum(enum=enum):
            return f"an enum type `{enum.name}` ({', '.join(enum.values)})"
        case asked.AddEnumValue(enum=enum_name, value=value):
            return f"the label `{value}` for `{enum_name}`"
        case asked.ChangeEnum(enum=enum_name, values=values):
            return f"just the labels {', '.join(f'`{value}`' for value in values)} for `{enum_name}`, in this order"
        case _:
            assert_never(request.change)


def lock_words(effect: Effect) -> str:
    """The locks: `ACCESS EXCLUSIVE on tasks`."""
    return ", ".join(f"{lock.mode} on `{lock.relation}`" for lock in effect.locks) or "no lock on any relation"


def blocked_words(effect: Effect) -> str:
    """Who waits, and for how long."""
    if not effect.locks or not (effect.blocks_reads or effect.blocks_writes):
        return "nobody waits"
    who = "readers and writers wait" if effect.blocks_reads else "writers wait, readers go on"
    return f"{who} {'for work that grows with the rows' if effect.work_grows else 'briefly'}"


def work_words(effect: Effect) -> str:
    """What is read and written."""
    words = [f"writes `{name}` anew" for name in effect.rewrites]
    words += [f"reads every row of `{name}`" for name in effect.scans]
    words += [f"builds `{name}`" for name in dict.fromkeys(effect.builds)]
    words += [f"changes rows of `{name}`" for name in effect.touches_rows]
    return ", ".join(words) or "changes the catalog alone"
