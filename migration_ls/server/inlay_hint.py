"""`textDocument/inlayHint`."""

from lsprotocol import types

from migration_ls.features.inlay_hints import inlay_hints
from migration_ls.server.position import to_position, to_span
from migration_ls.server.session import Place, Session
from migration_ls.text.lines import LineIndex
from migration_ls.workspace.analysis import Analysis


def hints_in(session: Session, place: Place, analysis: Analysis, range_: types.Range) -> list[types.InlayHint]:
    """The lock of each statement that ends in a range."""
    file = analysis.snapshot.files.get(place.path)
    index = LineIndex(file.text if file else "")
    return [
        types.InlayHint(
            position=to_position(index, hint.offset, session.encoding),
            label=hint.text,
            padding_left=True,
        )
        for hint in inlay_hints(analysis, place.path, to_span(index, range_, session.encoding))
    ]
