"""What columns are for, in the words of who asks for them or of what is written about them already."""

from collections.abc import Mapping, Sequence

from migration_ls.schema.names import Name
from migration_ls.schema.request import AddColumn, MoveColumns, Request
from migration_ls.workspace.analysis import Analysis


def purposes_of(analysis: Analysis, requests: Sequence[Request]) -> Mapping[tuple[Name, str], str]:
    """Short phrases by table and column; a column that moves keeps what the schema document says of it."""
    found: dict[tuple[Name, str], str] = {}
    for request in requests:
        match request.change:
            case AddColumn(table=table, column=column) if request.purpose:
                found[table, column.name] = request.purpose
            case MoveColumns(table=table, columns=olds, to=to, into=news):
                documented = analysis.knowledge.document.schema.table(table)
                for old, new in zip(olds, news, strict=True):
                    known = documented.column(old) if documented else None
                    if known is not None and known.comment:
                        found[to, new.name] = known.comment
            case _:
                pass
    return found
