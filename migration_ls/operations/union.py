"""Every kind of operation, as one closed union."""

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.alter_constraint import AlterConstraint
from migration_ls.operations.alter_domain import AlterDomain
from migration_ls.operations.alter_function import AlterFunction
from migration_ls.operations.alter_type import AlterType, CreateType
from migration_ls.operations.attach_partition import AttachPartition
from migration_ls.operations.change_index import ChangeIndex
from migration_ls.operations.change_rights import ChangeRights
from migration_ls.operations.change_rows import ChangeRows
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_domain import CreateDomain
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_extension import CreateExtension, DropExtension
from migration_ls.operations.create_function import CreateFunction
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_namespace import CreateNamespace
from migration_ls.operations.create_sequence import CreateSequence
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.create_trigger import CreateTrigger
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.detach_partition import DetachPartition
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_function import DropFunction
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_namespace import DropNamespace
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.drop_trigger import DropTrigger
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.inert import Inert
from migration_ls.operations.inherit_table import InheritTable
from migration_ls.operations.lock_table import LockTable
from migration_ls.operations.maintain import Maintain
from migration_ls.operations.opaque import Opaque
from migration_ls.operations.publish_tables import PublishTables
from migration_ls.operations.refresh_view import RefreshView
from migration_ls.operations.reindex import Reindex
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_constraint import RenameConstraint
from migration_ls.operations.rename_enum_value import RenameEnumValue
from migration_ls.operations.rename_index import RenameIndex
from migration_ls.operations.rename_namespace import RenameNamespace
from migration_ls.operations.rename_part import RenamePart
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.rename_type import RenameType
from migration_ls.operations.rewrite_table import RewriteTable
from migration_ls.operations.set_column_option import SetColumnOption
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_setting import SetSetting
from migration_ls.operations.set_table_option import SetTableOption
from migration_ls.operations.set_type import SetType
from migration_ls.operations.transaction_control import TransactionControl
from migration_ls.operations.truncate import Truncate
from migration_ls.operations.use_index import UseIndex
from migration_ls.operations.validate_constraint import ValidateConstraint

Operation = (
    AddColumn
    | AddConstraint
    | AddEnumValue
    | AlterConstraint
    | AlterDomain
    | AlterFunction
    | AlterType
    | AttachPartition
    | ChangeIndex
    | ChangeRights
    | ChangeRows
    | CommentOn
    | CreateDomain
    | CreateEnum
    | CreateExtension
    | CreateFunction
    | CreateIndex
    | CreateNamespace
    | CreateSequence
    | CreateTable
    | CreateTrigger
    | CreateType
    | CreateView
    | DetachPartition
    | DropColumn
    | DropConstraint
    | DropExtension
    | DropFunction
    | DropIndex
    | DropNamespace
    | DropNotNull
    | DropSequence
    | DropTable
    | DropTrigger
    | DropType
    | DropView
    | Inert
    | InheritTable
    | LockTable
    | Maintain
    | Opaque
    | PublishTables
    | RefreshView
    | Reindex
    | RenameColumn
    | RenameConstraint
    | RenameEnumValue
    | RenameIndex
    | RenameNamespace
    | RenamePart
    | RenameTable
    | RenameType
    | RewriteTable
    | SetColumnOption
    | SetDefault
    | SetIdentity
    | SetNotNull
    | SetSetting
    | SetTableOption
    | SetType
    | TransactionControl
    | Truncate
    | UseIndex
    | ValidateConstraint
)
