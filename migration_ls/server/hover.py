"""`textDocument/hover`."""

from lsprotocol import types

from migration_ls.features.hover import hover
from migration_ls.server.position import to_offset, to_range
from migration_ls.server.session import Place, Session
from migration_ls.text.lines import LineIndex
from migration_ls.workspace.analysis import Analysis


def hover_at(session: Session, place: Place, analysis: Analysis, position: types.Position) -> types.Hover | None:
    """The preview at a position; None where there is nothing to say."""
    file = analysis.snapshot.files.get(place.path)
    if file is None:
        return None
    index = LineIndex(file.text)
    found = hover(analysis, place.path, to_offset(index, position, session.encoding))
    if found is None:
        return None
    content = types.MarkupContent(kind=types.MarkupKind.Markdown, value=found.markdown)
    return types.Hover(contents=content, range=to_range(index, found.span, session.encoding))
