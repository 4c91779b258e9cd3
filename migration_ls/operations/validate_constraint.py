"""ALTER TABLE ... VALIDATE CONSTRAINT."""

from dataclasses import dataclass, replace

from migration_ls.operations import probes
from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, certain, change_table, missing_table, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants, with_rows
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Exclusion, ForeignKey, PrimaryKey, Table, Unique


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateConstraint:
    """Prove a constraint that was added NOT VALID."""

    table: Name
    constraint: str

    def apply(self, schema: Schema) -> Schema:
        """The table with the constraint validated."""
        for name in with_descendants(schema, self.table):
            schema = change_table(schema, name, self._validated)
        return schema

    def _validated(self, table: Table) -> Table:
        constraint = table.constraint(self.constraint)
        if isinstance(constraint, Check | ForeignKey):
            return table.with_constraint(replace(constraint, validated=True))
        return table

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing: a proof needs no undoing."""
        return NOTHING

    def effect(self, context: Context) -> Effect:
        """SHARE UPDATE EXCLUSIVE and a scan; readers and writers go on."""
        schema = context.schema
        table = schema.table(self.table)
        taken = locks(LockMode.SHARE_UPDATE_EXCLUSIVE, self.table)
        if table is None:
            return replace(missing_table(schema, self.table), locks=taken, scans=(self.table,))
        constraint = table.constraint(self.constraint)
        match constraint:
            case Check(validated=True) | ForeignKey(validated=True):
                return Effect(locks=taken, reason="the constraint is valid already")
            case Check():
                names = (self.table,) if constraint.no_inherit else with_descendants(schema, self.table)
                taken = locks(LockMode.SHARE_UPDATE_EXCLUSIVE, *names)
                probe = probes.violations(self.table, self.constraint, constraint.expression)
                return Effect(locks=taken, scans=with_rows(schema, names), fails=(Hazard.VIOLATIONS,), probes=(probe,))
            case ForeignKey():
                columns = constraint.referred(schema.table(constraint.ref_table))
                if constraint.ref_table != self.table:
                    taken = (*taken, *locks(LockMode.ROW_SHARE, constraint.ref_table))
                return Effect(
                    locks=taken,
                    scans=tuple(dict.fromkeys((self.table, constraint.ref_table))),
                    fails=(Hazard.ORPHANS,),
                    probes=(probes.orphans(self.table, constraint, columns),) if columns else (),
                )
            case PrimaryKey() | Unique() | Exclusion():
                why = f"`{self.constraint}` is neither a check nor a foreign key"
                return replace(refused(why), locks=taken)
            case _:
                if constraint is None and certain(schema, self.table) and not table.assumed:
                    reason = f"`{self.table}` has no constraint `{self.constraint}` at this point"
                    return Effect(locks=taken, fails_always=(Hazard.MISSING,), reason=reason)
                return Effect(locks=taken, scans=(self.table,))
