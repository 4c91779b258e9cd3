"""What columns are for, in the words of who asks for them or of what is written about them already."""

import re
from collections.abc import Mapping, Sequence

from migration_ls.schema.names import Name
from migration_ls.schema.request import AddColumn, MoveColumns, Request
from migration_ls.workspace.analysis import Analysis

_REFERENCE = re.compile(r"\b(?:references|foreign\s+key|fk)\b[^,;]*[,;]?", re.IGNORECASE)
"""What a description says besides of a foreign key: the new place says its own."""


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
                    said = _REFERENCE.sub("", known.comment).strip(" ,;.") if known and known.comment else ""
                    if said:
                        found[to, new.name] = said
            case _:
                pass
    return found
