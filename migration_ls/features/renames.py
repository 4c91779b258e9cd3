"""A field that appears while a column goes may be a rename: the offer to say so, and the edit that records it."""

from migration_ls.postgres.casts import type_change
from migration_ls.schema import request as asked
from migration_ls.schema.request import Request
from migration_ls.text.edits import Edit
from migration_ls.text.span import Span
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.changes import ChangedFile
from migration_ls.workspace.knowledge import RequestState


def possible_renames(analysis: Analysis, path: str, span: Span) -> list[tuple[Request, str]]:
    """What a selected field or class of the models may have been called: the request for it, and the former name."""
    wishes = [item.request for item in analysis.knowledge.asked if item.state is RequestState.OPEN]
    own = [request for request in wishes if request.origin.path == path]
    found: list[tuple[Request, str]] = []
    for request in own:
        if not request.origin.span.meets(span):
            continue
        match request.change:
            case asked.AddColumn(table=table, column=column):
                for other in own:
                    gone = other.change
                    if not isinstance(gone, asked.DropColumn) or gone.table != table:
                        continue
                    known = analysis.knowledge.current.table(table)
                    old = known.column(gone.column) if known else None
                    if old and not type_change(old.type, column.type).needs_using:
                        found.append((request, gone.column))
            case asked.AddTable(table=table):
                names = {column.name for column in table.columns}
                for other in wishes:
                    gone = other.change
                    if not isinstance(gone, asked.DropTable) or gone.table.namespace != table.name.namespace:
                        continue
                    known = analysis.knowledge.current.table(gone.table)
                    if known and len(names & {column.name for column in known.columns}) * 2 > len(known.columns):
                        found.append((request, gone.table.name))
            case _:
                pass
    return found


def rename_recorded(analysis: Analysis, path: str, line: int, former: str) -> ChangedFile | None:
    """The edit that writes `# renamed from former` behind the field or the class; None when nobody asks any more."""
    file = analysis.snapshot.files.get(path)
    if file is None:
        return None
    for item in analysis.knowledge.asked:
        origin = item.request.origin
        kinds = (asked.AddColumn, asked.AddTable)
        if origin.path == path and origin.line == line and isinstance(item.request.change, kinds):
            end = file.text.find("\n", origin.span.end)
            place = end if end >= 0 else len(file.text)
            if file.text[:place].endswith("\r"):
                place -= 1
            edit = Edit(Span(place, place), f"  # renamed from {former}")
            return ChangedFile(
                path=path, old_text=file.text, edits=(edit,), purpose="models: the rename", version=file.version
            )
    return None
