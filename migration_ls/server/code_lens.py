"""`textDocument/codeLens`."""

from lsprotocol import types

from migration_ls.features.lenses import lenses
from migration_ls.server.position import to_range
from migration_ls.server.session import Place, Session
from migration_ls.text.lines import LineIndex
from migration_ls.workspace.analysis import Analysis


def code_lenses(session: Session, place: Place, analysis: Analysis) -> list[types.CodeLens]:
    """The lenses of a document, each with its command."""
    file = analysis.snapshot.files.get(place.path)
    index = LineIndex(file.text if file else "")
    return [
        types.CodeLens(
            range=to_range(index, lens.span, session.encoding),
            command=types.Command(
                title=lens.title, command=f"migration-ls.{lens.command}", arguments=[{"uri": place.uri}]
            ),
        )
        for lens in lenses(analysis, place.path)
    ]
