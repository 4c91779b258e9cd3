"""In what domains, triggers and namespaces differ."""

import re
from collections.abc import Iterator

from migration_ls.operations.alter_domain import AlterDomain
from migration_ls.operations.create_domain import CreateDomain
from migration_ls.operations.create_trigger import CreateTrigger
from migration_ls.operations.drop_namespace import DropNamespace
from migration_ls.operations.drop_trigger import DropTrigger
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.union import Operation
from migration_ls.schema.schema import Domain, Schema, Trigger


def new_domains(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Domains that are not there yet, and what the others demand otherwise; a base type cannot be changed."""
    for name, domain in wanted.domains.items():
        old = current.domains.get(name)
        if old is None:
            yield CreateDomain(domain=domain)
        elif old != domain and old.base == domain.base:
            yield from _domain(old, domain)


def _domain(old: Domain, new: Domain) -> Iterator[Operation]:
    name, before, after = new.name, dict(old.checks), dict(new.checks)
    for check, former in before.items():
        if after.get(check) != former:
            yield AlterDomain(domain=name, action="drop constraint", constraint=check)
    for check, expression in after.items():
        if before.get(check) != expression:
            yield AlterDomain(domain=name, action="add check", constraint=check, expression=expression, validated=False)
            yield AlterDomain(domain=name, action="validate", constraint=check)
    if old.nullable is not new.nullable:
        yield AlterDomain(domain=name, action="drop not null" if new.nullable else "set not null")
    if old.default != new.default:
        yield AlterDomain(domain=name, action="set default", expression=new.default)


def dropped_domains(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Domains that shall go."""
    for name in current.domains:
        if name not in wanted.domains:
            yield DropType(name=name)


def triggers(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Triggers of tables that both have: those that go or change, then those that come."""
    for key, trigger in current.triggers.items():
        if not _same(wanted.triggers.get(key), trigger) and (wanted.kind(key[0]) or key in wanted.triggers):
            yield DropTrigger(table=trigger.table, name=trigger.name)
    for key, trigger in wanted.triggers.items():
        if not _same(current.triggers.get(key), trigger):
            yield CreateTrigger(trigger=trigger)


def dropped_namespaces(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Namespaces that shall go, once nothing wanted stands in them."""
    kinds = (wanted.tables, wanted.views, wanted.enums, wanted.domains, wanted.sequences)
    used = {name.namespace for kind in kinds for name in kind}
    for name in sorted(current.namespaces - wanted.namespaces - used):
        yield DropNamespace(namespace=name)


_CASTS = re.compile(
    r"::(?:character varying|timestamp with(?:out)? time zone|double precision|\w+)(?:\(\d+\))?(?:\[\])?"
)
_PARTS = re.compile(r"""("(?:[^"]|"")*"|'(?:[^']|'')*')|public\.|[()\s]+|([^"'()\s]+)""", re.IGNORECASE)


def _same(one: Trigger | None, other: Trigger) -> bool:
    """Whether both do the same: PostgreSQL gives a definition back in words of its own."""
    if one is None or one.table != other.table or one.name != other.name:
        return False
    return one == other or _spelled(one.definition) == _spelled(other.definition)


def _spelled(definition: str) -> str:
    """The definition without brackets, blanks, casts and the usual namespace; only quoted words keep their case."""
    bare = _CASTS.sub("", definition.replace("public.", ""))
    parts = (match[1] or (match[2] or "").lower() for match in _PARTS.finditer(bare))
    return " ".join(part for part in parts if part).replace("execute procedure", "execute function")
