"""Rules that speak up at an inverse on purpose, with the reason that the file states."""

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.alter_domain import AlterDomain
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_namespace import DropNamespace
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.rename_type import RenameType
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.planning.plan import PlanStep

_BACK = "the name that the running release uses comes back; the new release is gone by then"
_RESTORES = "the rollback restores what was there"


def meant(operation: Operation, step: PlanStep) -> tuple[tuple[str, str], ...]:
    """Every rule that may find something at the inverse of a step; what finds nothing is left out of the file."""
    loss = f"the rollback loses {step.loss}" if step.loss else "the rollback undoes what was added"
    match operation:
        case DropColumn():
            return (("drop-column", loss),)
        case DropTable():
            return (("drop-table", loss),)
        case DropView():
            return (("drop-view-breaks-release", loss), ("drop-object-loses-data", loss))
        case DropSequence() | DropType() | DropNamespace():
            return (("drop-object-loses-data", loss),)
        case AddConstraint():
            return tuple((rule, _RESTORES) for rule in _CONSTRAINTS)
        case AddColumn():
            return (("add-column-rewrites-table", _RESTORES), ("slow-work-under-lock", _RESTORES))
        case RenameTable():
            return (("rename-table", _BACK),)
        case RenameColumn():
            return (("rename-column", _BACK),)
        case RenameType():
            return (("rename-object", _BACK),)
        case SetNotNull():
            return (("required-column", "a trigger gives it a value while the new column is there"),)
        case AlterDomain():
            return (("domain-constraint-scans-tables", _RESTORES), ("slow-work-under-lock", _RESTORES))
        case CreateView():
            return (("slow-work-under-lock", _RESTORES),)
        case CreateIndex():
            rules = ("unique-index-may-fail", "index-not-concurrent", "slow-work-under-lock")
            return tuple((rule, _RESTORES) for rule in rules)
        case SetDefault() | SetIdentity():
            return (("default-gone", _RESTORES), ("new-write-restriction", _RESTORES))
        case SetType():
            reasons = [("type-change-rewrites-table", _RESTORES), ("type-change-scans-table", _RESTORES)]
            reasons += [("type-change-may-fail", loss), ("type-change-loses-values", loss)]
            return (*reasons, ("slow-work-under-lock", _RESTORES))
        case _:
            return ()


_CONSTRAINTS = (
    "unique-constraint-builds-index",
    "primary-key-builds-index",
    "exclusion-constraint-builds-index",
    "foreign-key-scans-tables",
    "check-scans-table",
    "slow-work-under-lock",
)
