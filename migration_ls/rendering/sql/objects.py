"""Statements for extensions, sequences, views, domains and names of indexes."""

from migration_ls.operations.alter_domain import AlterDomain
from migration_ls.operations.create_domain import CreateDomain
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
from migration_ls.schema.schema import Domain, Sequence

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
            none = " OWNED BY NONE" if operation.owns and sequence.owned_by is None else ""
            return f"{verb} {sequence.name.sql}{_options(sequence)}{none}"
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
        case CreateFunction(function=function, body=str() as body):
            returns = f"RETURNS {function.returns} LANGUAGE {function.language}"
            head = f"CREATE OR REPLACE FUNCTION {function.signature} {returns}"
            return f"{head} AS {dollar_quoted(body)}"
        case DropFunction(signature=signature):
            return f"DROP FUNCTION {_if_exists(operation.if_exists)}{signature}"
        case CreateTrigger(trigger=trigger):
            return trigger.definition
        case DropTrigger(table=table, name=trigger_name):
            return f"DROP TRIGGER {_if_exists(operation.if_exists)}{identifier(trigger_name)} ON {table.sql}"
        case RenameType(name=name, to=to) if operation.new_name.namespace == name.namespace:
            return f"ALTER TYPE {name.sql} RENAME TO {identifier(to)}"
        case CreateDomain(domain=domain):
            return _domain(domain)
        case AlterDomain(domain=name):
            return f"ALTER DOMAIN {name.sql} {_demand(operation)}"
        case RenameIndex(name=name, to=to):
            return f"ALTER INDEX IF EXISTS {name.sql} RENAME TO {identifier(to)}"
        case _:
            return None


def _domain(domain: Domain) -> str:
    words = [f"CREATE DOMAIN {domain.name.sql} AS {domain.base}"]
    if domain.default is not None:
        words.append(f"DEFAULT {domain.default.text}")
    words += [] if domain.nullable else ["NOT NULL"]
    for name, check in domain.checks:
        head = f"CONSTRAINT {identifier(name)} " if name else ""
        words.append(f"{head}CHECK ({check.text})")
    return " ".join(words)


def _demand(operation: AlterDomain) -> str:
    name = identifier(operation.constraint or "")
    text = operation.expression.text if operation.expression else ""
    match operation.action:
        case "add check":
            return f"ADD CONSTRAINT {name} CHECK ({text}){'' if operation.validated else ' NOT VALID'}"
        case "validate":
            return f"VALIDATE CONSTRAINT {name}"
        case "set not null" | "drop not null":
            return operation.action.upper()
        case "set default":
            return f"SET DEFAULT {text}" if text else "DROP DEFAULT"
        case "drop constraint":
            return f"DROP CONSTRAINT IF EXISTS {name}"
        case "rename constraint":
            return f"RENAME CONSTRAINT {name} TO {identifier(operation.to or '')}"


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
