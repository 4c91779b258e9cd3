"""Statements for extensions, sequences, views and names of indexes."""

from migration_ls.operations.create_extension import CreateExtension, DropExtension
from migration_ls.operations.create_function import CreateFunction
from migration_ls.operations.create_namespace import CreateNamespace
from migration_ls.operations.create_sequence import CreateSequence
from migration_ls.operations.create_trigger import CreateTrigger
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_function import DropFunction
from migration_ls.operations.drop_namespace import DropNamespace
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.drop_trigger import DropTrigger
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.rename_index import RenameIndex
from migration_ls.operations.rename_type import RenameType
from migration_ls.operations.union import Operation
from migration_ls.postgres.quoting import dollar_quoted, identifier
from migration_ls.schema.schema import Sequence

_WORDS = {"increment": "INCREMENT BY", "start": "START WITH"}


def object_statement(operation: Operation) -> str | None:
    """The statement, without a semicolon; None for operations of other kinds."""
    match operation:
        case CreateNamespace(namespace=name):
            return f"CREATE SCHEMA {'IF NOT EXISTS ' if operation.if_not_exists else ''}{identifier(name)}"
        case DropNamespace(namespace=name):
            return f"DROP SCHEMA IF EXISTS {identifier(name)}"
        case CreateExtension(name=name):
            return f"CREATE EXTENSION {'IF NOT EXISTS ' if operation.if_not_exists else ''}{identifier(name)}"
        case DropExtension(name=name):
            return f"DROP EXTENSION {_if_exists(operation.if_exists)}{identifier(name)}"
        case CreateSequence(sequence=sequence):
            verb = "ALTER SEQUENCE" if operation.alters else "CREATE SEQUENCE IF NOT EXISTS"
            return f"{verb} {sequence.name.sql}{_options(sequence)}"
        case DropSequence(name=name):
            return f"DROP SEQUENCE {_if_exists(operation.if_exists)}{name.sql}"
        case CreateView(view=view):
            head = f" {view.head}" if view.head else ""
            if operation.materialized:
                return f"CREATE MATERIALIZED VIEW IF NOT EXISTS {view.name.sql}{head} AS {view.query}"
            return f"CREATE OR REPLACE VIEW {view.name.sql}{head} AS {view.query}"
        case DropView(name=name):
            kind = "MATERIALIZED VIEW" if operation.materialized else "VIEW"
            return f"DROP {kind} {_if_exists(operation.if_exists)}{name.sql}"
        case CreateFunction(signature=signature, language=language, body=str() as body):
            head = f"CREATE OR REPLACE FUNCTION {signature} RETURNS trigger LANGUAGE {language}"
            return f"{head} AS {dollar_quoted(body)}"
        case DropFunction(signature=signature):
            return f"DROP FUNCTION {_if_exists(operation.if_exists)}{signature}"
        case CreateTrigger(trigger=trigger):
            return trigger.definition
        case DropTrigger(table=table, name=trigger_name):
            return f"DROP TRIGGER {_if_exists(operation.if_exists)}{identifier(trigger_name)} ON {table.sql}"
        case RenameType(name=name, to=to) if operation.new_name.namespace == name.namespace:
            return f"ALTER TYPE {name.sql} RENAME TO {identifier(to)}"
        case RenameIndex(name=name, to=to):
            return f"ALTER INDEX IF EXISTS {name.sql} RENAME TO {identifier(to)}"
        case _:
            return None


def _if_exists(yes: bool) -> str:  # noqa: FBT001 - a word or none
    return "IF EXISTS " if yes else ""


def _options(sequence: Sequence) -> str:
    text = "".join(f" {_option(name, value)}" for name, value in sequence.options)
    if sequence.owned_by:
        table, column = sequence.owned_by
        text += f" OWNED BY {table.sql}.{identifier(column)}"
    return text


def _option(name: str, value: str) -> str:
    if value == "no":
        return f"NO {name.upper()}"
    if name == "cycle":
        return "CYCLE"
    return f"{_WORDS.get(name, name.upper())} {value}"
