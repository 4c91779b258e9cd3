"""The schema that a replay gives against the one that a server's catalogs show."""

from collections.abc import Iterator

from migration_ls.diffing.differences import differences
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_extension import DropExtension
from migration_ls.operations.create_sequence import CreateSequence
from migration_ls.operations.create_trigger import CreateTrigger
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.drop_trigger import DropTrigger
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.union import Operation
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema, Sequence
from migration_ls.schema.tables import RelationKind, Table
from migration_ls.sources.catalog.query import CATALOG_QUERY
from migration_ls.sources.catalog.reader import read_catalog
from migration_ls.sources.catalog.runners import is_bookkeeping
from migration_ls.verification.database import Connection


def live(connection: Connection) -> Schema:
    """What the catalogs show."""
    connection.execute("SET search_path = public")
    return read_catalog(connection.execute(CATALOG_QUERY).fetchall()).schema


def apart(said: Schema, shown: Schema) -> Iterator[str]:
    """In what the two differ, as what would have to be done to the first; queries and comments are not compared."""
    queries = {name for side in (said, shown) for name in (*side.views, *_made_of_queries(side))}
    for name in sorted(name for name in said.views.keys() ^ shown.views.keys() if not _is_temporary(name)):
        yield f"the view `{name}` is {'not there' if name in said.views else 'not known'}"
    for name in sorted(set(_lasting(said)) ^ set(_lasting(shown))):
        if is_bookkeeping(name.name):
            # a catalog is read without what runners keep for themselves
            continue
        yield f"`{name}` is {'not there' if name in said.tables else 'not known'}"
    # columns that only a run would tell are not compared
    unknown = {name for name, table in said.tables.items() if table.assumed}
    passing = {name for side in (said, shown) for name in side.sequences if _is_temporary(name)}
    for operation in differences(said, shown):
        match operation:
            case CreateSequence(sequence=Sequence(name=name)) | DropSequence(name=name) if name in passing:
                continue
            case SetIdentity() if shown.tables[operation.table].partition_of:
                # from 17 on a partition shares the identity of its parent; a replay is the same for every major
                continue
            case (
                CommentOn()
                | CreateView()
                | DropView()
                | CreateTrigger()
                | DropTrigger()
                | DropTable()
                | DropExtension(name="plpgsql")
            ):
                continue
            case _:
                table = _table_of(operation)
        if table not in queries | unknown and not _is_temporary(table):
            yield _shown(operation)


def _made_of_queries(schema: Schema) -> Iterator[Name]:
    yield from (name for name, table in schema.tables.items() if table.kind is RelationKind.MATERIALIZED_VIEW)


def _lasting(schema: Schema) -> Iterator[Name]:
    yield from (name for name in schema.tables if not _is_temporary(name))


def _is_temporary(name: Name | None) -> bool:
    return name is not None and name.namespace == "pg_temp"


def _table_of(operation: Operation) -> Name | None:
    table = getattr(operation, "table", None)
    if isinstance(table, Table):
        return table.name
    return table if isinstance(table, Name) else None


def _shown(operation: Operation) -> str:
    parts = [type(operation).__name__]
    for name in operation.__dataclass_fields__:
        value = getattr(operation, name)
        if value not in (None, False, ()):
            parts.append(f"{name}={getattr(value, 'name', value)}")
    return " ".join(map(str, parts))
