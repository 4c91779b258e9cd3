"""Files to create and edits to make, as one workspace edit in the form the client can take."""

from collections.abc import Iterator, Sequence
from itertools import chain

from lsprotocol import types

from migration_ls.server.position import to_range
from migration_ls.server.session import Session
from migration_ls.text.lines import LineIndex
from migration_ls.workspace.changes import ChangedFile, NewFile
from migration_ls.workspace.workspace import Workspace

_CREATED = "created"
_EDITED = "edited"


class CannotCreateError(Exception):
    """The client's editor cannot create files in an edit."""


def workspace_edit(
    session: Session,
    client: types.ClientCapabilities,
    workspace: Workspace,
    new: Sequence[NewFile],
    changed: Sequence[ChangedFile],
) -> types.WorkspaceEdit:
    """The edit: versioned document changes with annotations where the client knows them, plain changes otherwise.

    Raises:
        CannotCreateError: there are files to create, and the client does not do that.
    """
    able = client.workspace.workspace_edit if client.workspace else None
    creates = bool(able and types.ResourceOperationKind.Create in (able.resource_operations or ()))
    if new and not creates:
        raise CannotCreateError
    # Resource operations stand in document changes alone: who takes them (Neovim 0.7) takes these as well.
    if able is None or not (able.document_changes or creates):
        return types.WorkspaceEdit(
            changes={session.uri(workspace, item.path): _text_edits(session, item) for item in changed}
        )
    annotated = able.change_annotation_support is not None
    created: Iterator[types.CreateFile | types.TextDocumentEdit] = chain.from_iterable(
        _creation(session, workspace, item, annotated=annotated) for item in new
    )
    edited = (_edition(session, workspace, item, annotated=annotated) for item in changed)
    return types.WorkspaceEdit(
        document_changes=[*created, *edited],
        change_annotations=_annotations(new, changed) if annotated else None,
    )


def _annotations(new: Sequence[NewFile], changed: Sequence[ChangedFile]) -> dict[str, types.ChangeAnnotation]:
    annotations: dict[str, types.ChangeAnnotation] = {}
    for item in new:
        annotations[f"{_CREATED}:{item.path}"] = types.ChangeAnnotation(
            label="New files of the migration", needs_confirmation=False, description=item.purpose
        )
    for edited in changed:
        annotations[f"{_EDITED}:{edited.path}"] = types.ChangeAnnotation(
            label="Edits of your files", needs_confirmation=True, description=edited.purpose
        )
    return annotations


def _creation(
    session: Session, workspace: Workspace, item: NewFile, *, annotated: bool
) -> tuple[types.CreateFile, types.TextDocumentEdit]:
    uri = session.uri(workspace, item.path)
    annotation = f"{_CREATED}:{item.path}" if annotated else None
    start = types.Position(line=0, character=0)
    new = item.text.removesuffix("\n") if session.ends_last_lines else item.text
    text = _edit(types.Range(start=start, end=start), new, annotation)
    return (
        types.CreateFile(
            uri=uri,
            options=types.CreateFileOptions(overwrite=False, ignore_if_exists=False),
            annotation_id=annotation,
        ),
        types.TextDocumentEdit(
            text_document=types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=None), edits=[text]
        ),
    )


def _edition(session: Session, workspace: Workspace, item: ChangedFile, *, annotated: bool) -> types.TextDocumentEdit:
    annotation = f"{_EDITED}:{item.path}" if annotated else None
    uri = session.uri(workspace, item.path)
    return types.TextDocumentEdit(
        text_document=types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=item.version),
        edits=[_edit(edit.range, edit.new_text, annotation) for edit in _text_edits(session, item)],
    )


def _edit(range_: types.Range, text: str, annotation: str | None) -> types.TextEdit | types.AnnotatedTextEdit:
    if annotation is None:
        return types.TextEdit(range=range_, new_text=text)
    return types.AnnotatedTextEdit(range=range_, new_text=text, annotation_id=annotation)


def _text_edits(session: Session, item: ChangedFile) -> list[types.TextEdit]:
    index = LineIndex(item.old_text)
    return [
        types.TextEdit(range=to_range(index, edit.span, session.encoding), new_text=edit.new) for edit in item.edits
    ]
