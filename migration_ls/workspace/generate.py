"""From requests to files: what `generate` and the editor's action would write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from migration_ls.diffing.wanted import wanted_schema
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.union import Operation
from migration_ls.planning.plan import Plan
from migration_ls.planning.planner import plan as make_plan
from migration_ls.planning.situation import Situation
from migration_ls.rendering.document.checklist import without_proofs
from migration_ls.rendering.document.migration import DocumentFacts, GeneratedFile, migration_document
from migration_ls.rendering.models.edit import ModelEdits, edit_models
from migration_ls.rendering.renaming import after_renaming, renamed_in_document, renamed_in_models
from migration_ls.rendering.schema_doc.edit import edit_document
from migration_ls.rendering.sql.header import header_of, with_header
from migration_ls.rendering.sql.versions import Version, versions
from migration_ls.rendering.title import title_of
from migration_ls.schema.names import Name
from migration_ls.sources.migrations import MigrationName, MigrationRole, MigrationStyle, migration_path, next_version
from migration_ls.text.edits import Edit, apply_edits
from migration_ls.text.span import Span
from migration_ls.workspace.analysis import Analysis, analyse
from migration_ls.workspace.changes import ChangedFile, Generation, NewFile, Refusal
from migration_ls.workspace.files import Role
from migration_ls.workspace.holds import flaws
from migration_ls.workspace.needed import settled_versions
from migration_ls.workspace.production import rows_of, rule_settings, sizes_of
from migration_ls.workspace.purposes import purposes_of
from migration_ls.workspace.snapshot import Snapshot
from migration_ls.workspace.styled import head_of, style_of, styled_scripts
from migration_ls.workspace.targets import is_spec, requests_of

_DEFAULT_FOLDER = "backend/migrations"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Former:
    """Files that an earlier run wrote for the same target and that are still ours to change."""

    files: Mapping[str, str]
    version: str


def generate(analysis: Analysis, path: str | None, *, now: datetime, name: str | None = None) -> Generation:
    """Everything that has to be written for one target: a spec's path, or None for models and documents.

    Files of an earlier run that nobody edited, and that production does not have, are generated again in place.
    """
    wish = name or _name_of(path)
    former = _former(analysis, wish) if wish else None
    if former:
        analysis = analyse(_without(analysis.snapshot, former.files))
    plan = plan_of(analysis, path)
    if plan.is_empty:
        return Generation(title=wish or "", plan=plan, unplanned=plan.unplanned)
    wish = wish or title_of(plan)
    if former is None:
        former = _former(analysis, wish)
        if former:
            return generate(analysis, path, now=now, name=wish)
    return _files(analysis, path, plan, wish, former, now)


def plan_of(analysis: Analysis, path: str | None) -> Plan:
    """The plan for one target."""
    requests = requests_of(analysis, path)
    wanted = wanted_schema(analysis.knowledge.current, requests)
    settings = analysis.snapshot.settings
    situation = Situation(
        current=analysis.knowledge.current,
        wanted=wanted.schema,
        postgres=settings.postgres,
        rows=rows_of(analysis.snapshot),
        small_table_rows=settings.small_table_rows,
        downtime=settings.downtime,
    )
    return make_plan(situation, requests, wanted.assumptions)


def _name_of(path: str | None) -> str | None:
    """The spec's stem, or its folder's name for `spec.md`; words joined by underscores."""
    if path is None:
        return None
    folder, _, name = path.rpartition("/")
    stem = folder.rpartition("/")[2] if name in {"spec.md", "data-model.md"} else name.rpartition(".")[0]
    return slug(stem)


def slug(text: str) -> str:
    """Small letters, digits and underscores; a leading number such as `004-` goes."""
    words = "".join(char if char.isalnum() else " " for char in text.lower()).split()
    while len(words) > 1 and words[0].isdigit():
        words = words[1:]
    return "_".join(words) or "migration"


def _former(analysis: Analysis, wish: str) -> _Former | None:
    """What an earlier run wrote for the same wish; None when a hand edited it: the rest is a new version then."""
    files: dict[str, str] = {}
    numbered: list[MigrationName] = []
    for path, file in analysis.snapshot.files.items():
        header = header_of(file.text)
        if header is None or not _is_for(header.title, wish):
            continue
        if not analysis.snapshot.is_pending(path):
            continue
        if not header.intact and file.role is not Role.DOCUMENT:
            return None
        files[path] = file.text
        known = analysis.history.names.get(path)
        numbered += [known] if known else []
    if not numbered:
        revisions = any(analysis.snapshot.files[path].role is Role.ALEMBIC for path in files)
        return _Former(files=files, version="") if revisions else None
    return _Former(files=files, version=min(numbered, key=lambda name: name.sort_key).version)


def _is_for(title: str, wish: str) -> bool:
    return title.endswith(f"_{wish}") or title == wish


def _without(snapshot: Snapshot, paths: Mapping[str, str]) -> Snapshot:
    return replace(snapshot, files={path: file for path, file in snapshot.files.items() if path not in paths})


def _files(
    analysis: Analysis, path: str | None, plan: Plan, wish: str, former: _Former | None, now: datetime
) -> Generation:
    folder, style = _folder(analysis)
    shelf = _Shelf(folder, style, [path for path, name in analysis.history.names.items() if name.folder == folder])
    runner = style_of(analysis)
    version = former.version if former else next_version(shelf.taken, now)
    version = head_of(analysis) if runner == "alembic" else version
    title = f"{version}_{wish}"
    found = settled_versions(versions(plan), plan.current, rule_settings(analysis.snapshot.settings))
    scripts = _scripts(found, shelf, version, wish, now)
    wrong = flaws(plan, scripts)
    if wrong:
        refusal = Refusal(
            what=title,
            why=f"the plan does not hold: {'; '.join(wrong)}",
            help="This is an error of migration-ls: please report it, and write this migration by hand",
        )
        return Generation(title=title, plan=plan, refused=(refusal,), unplanned=plan.unplanned)
    if runner:
        scripts = styled_scripts(analysis, runner, found, folder, wish, version=version, now=now)
    models = _model_edits(analysis, plan)
    document, unsaid = _document_edits(analysis, plan)
    texts = {
        file.path: with_header(
            file.text, role=file.role, title=title, sign="#" if file.path.endswith((".py", ".conf")) else "--"
        )
        for file in scripts
    }
    facts = _facts(analysis, path, plan, title, scripts, models, document)
    document_path = _document_path(path, wish)
    if document_path in analysis.snapshot.files:
        document_path = f"{document_path.removesuffix('.md')}-{version}.md"
    texts[document_path] = with_header(migration_document(facts), role="document", title=title, markdown=True)
    purposes = {file.path: f"{file.role}: {file.purpose}" for file in scripts}
    purposes[document_path] = "document: the whole plan with its checklists"
    new, changed = _compare(texts, purposes, former)
    changed += [item for item in (*models.changed, *document) if item.edits]
    new += [NewFile(path=name, text=text, purpose="models: new tables") for name, text in models.new_files.items()]
    return Generation(
        title=title,
        plan=plan,
        new_files=tuple(new),
        changed_files=tuple(changed),
        refused=(*models.refused, *unsaid),
        unplanned=plan.unplanned,
    )


def _folder(analysis: Analysis) -> tuple[str, MigrationStyle]:
    """Where migrations go and how their files are called: as configured, else as the newest one, else the usual."""
    style: MigrationStyle = "plain"
    folder = _DEFAULT_FOLDER
    if analysis.history.forward:
        newest = analysis.history.names[analysis.history.forward[-1]]
        folder, style = newest.folder, newest.style
    if analysis.snapshot.settings.migrations:
        folder = analysis.snapshot.settings.migrations.rstrip("/")
    return folder, style


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where the files of one migration go: the folder, its style, and what stands there."""

    folder: str
    style: MigrationStyle
    taken: list[str]

    def path(self, version: str, wish: str, role: MigrationRole) -> str:
        """The path of a file; phases after the first are migrations of their own in styles that know two roles only."""
        if role in {"rename", "finish", "switch", "contract"} and self.style != "plain":
            return migration_path(self.folder, version, f"{wish}_{role}", "forward", self.style)
        return migration_path(self.folder, version, wish, role, self.style)


def _scripts(
    found: Sequence[Version], shelf: _Shelf, version: str, wish: str, now: datetime
) -> tuple[GeneratedFile, ...]:
    files: list[GeneratedFile] = []
    for item in found:
        if files:
            version = next_version(shelf.taken, now)
        name = wish if item.role == "forward" else f"{wish}_{item.role}"
        path = shelf.path(version, wish, item.role)
        shelf.taken.append(path)
        texts: list[tuple[MigrationRole, str, str]] = []
        if item.forward:
            texts.append((item.role, path, item.forward))
        if item.backfill:
            texts.append(("backfill", shelf.path(version, name, "backfill"), item.backfill))
        texts.append(("rollback", shelf.path(version, name, "rollback"), item.rollback))
        texts.append(("validate", shelf.path(version, name, "validate"), item.validate))
        files += [
            GeneratedFile(path=at, role=kind, text=text, purpose=_PURPOSES[kind], of=item.role)
            for kind, at, text in texts
        ]
    return tuple(files)


_PURPOSES: Mapping[MigrationRole, str] = {
    "forward": "applies the change, while both releases run",
    "backfill": "fills rows that exist, in batches",
    "finish": "proves what the backfill made true",
    "rename": "gives the table its new name, and the running release a view of the old one",
    "switch": "puts the new columns in the place of the old ones, in one brief transaction",
    "contract": "removes what the previous release used",
    "rollback": "undoes it",
    "validate": "proves that it worked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Models:
    changed: tuple[ChangedFile, ...]
    new_files: Mapping[str, str]
    refused: tuple[Refusal, ...]


def _model_edits(analysis: Analysis, plan: Plan) -> _Models:
    files = {file.path: file for file in analysis.snapshot.of_role(Role.MODELS) if file.problem is None}
    if not files:
        return _Models(changed=(), new_files={}, refused=())
    renames, changes = _renames(plan)
    named = {path: renamed_in_models(file.text, renames) if renames else () for path, file in files.items()}
    edits: ModelEdits = edit_models(
        {path: apply_edits(file.text, named[path]) for path, file in files.items()},
        changes,
        plan.wanted,
        purposes=purposes_of(analysis, plan.requests),
        sqlmodel_version=analysis.knowledge.sqlmodel_version,
    )
    changed = tuple(
        ChangedFile(
            path=path,
            old_text=file.text,
            edits=after_renaming(file.text, named[path], edits.edits.get(path, ())),
            purpose="models: fields, constraints and indexes",
            version=file.version,
        )
        for path, file in files.items()
        if named[path] or edits.edits.get(path)
    )
    broken = {path: problem for path, problem in analysis.knowledge.models.problems if problem.serious}
    refused = tuple(
        Refusal(
            what=item.path,
            why=broken[item.path].message if item.path in broken else item.reason,
            help=_UNREADABLE if item.path in broken else _BY_HAND,
        )
        for item in edits.refused
    )
    return _Models(changed=changed, new_files=edits.new_files, refused=refused)


_UNREADABLE = "Correct the file and run generate again; the other files are complete without it"
_BY_HAND = "Change the models by hand so that they say it; the other files are complete without it"


def _renames(plan: Plan) -> tuple[tuple[RenameTable, ...], tuple[Operation, ...]]:
    """The tables that get another name, and the other differences."""
    found = planned_differences(plan)
    renames = tuple(item for item in found if isinstance(item, RenameTable))
    return renames, tuple(item for item in found if not isinstance(item, RenameTable)) if renames else found


def planned_differences(plan: Plan) -> tuple[Operation, ...]:
    """The differences that the plan really makes: without what no recipe covers."""
    refused = {item.what.strip("`") for item in plan.unplanned}
    return tuple(operation for operation in plan.differences if _named(operation) not in refused)


def _named(operation: Operation) -> str:
    column = getattr(operation, "column", None)
    name = column if isinstance(column, str) else getattr(column, "name", "")
    return f"{getattr(operation, 'table', '')}.{name}"


def _home(analysis: Analysis, table: Name) -> str | None:
    """The document that a new table belongs into: the one with most tables of its namespace, else with most tables."""
    documented = analysis.knowledge.document.schema.tables
    if (known := documented.get(table)) is not None and known.origin is not None:
        return known.origin.path
    counts: dict[str, tuple[int, int]] = {}
    for name, other in documented.items():
        if other.origin is not None:
            near, all_ = counts.get(other.origin.path, (0, 0))
            counts[other.origin.path] = near + (name.namespace == table.namespace), all_ + 1
    files = [file.path for file in analysis.snapshot.of_role(Role.SCHEMA_DOC)]
    return max(files, key=lambda path: counts.get(path, (0, 0)), default=None)


def _document_edits(analysis: Analysis, plan: Plan) -> tuple[tuple[ChangedFile, ...], tuple[Refusal, ...]]:
    """The schema documents as they are after the plan, and what they cannot be made to say."""
    changed: list[ChangedFile] = []
    refused: list[Refusal] = []
    renames, changes = _renames(plan)
    homes = {item.table.name: _home(analysis, item.table.name) for item in changes if isinstance(item, CreateTable)}
    for file in analysis.snapshot.of_role(Role.SCHEMA_DOC):
        if file.problem is not None:
            continue
        named = renamed_in_document(file.text, renames) if renames else ()
        more = edit_document(
            apply_edits(file.text, named),
            [item for item in changes if not isinstance(item, CreateTable) or homes.get(item.table.name) == file.path],
            plan.wanted,
            purposes=purposes_of(analysis, plan.requests),
            path=file.path,
        )
        edits = after_renaming(file.text, named, more.edits)
        if edits:
            changed.append(
                ChangedFile(
                    path=file.path,
                    old_text=file.text,
                    edits=edits,
                    purpose="schema document: the same change in its own format",
                    version=file.version,
                )
            )
        refused += [
            Refusal(what=file.path, why=f"No edit of the document says that {said}", help=_BY_HAND_IN_DOCUMENT)
            for said in more.left
        ]
    return tuple(changed), tuple(refused)


_BY_HAND_IN_DOCUMENT = "Write it into the document by hand; the other files are complete without it"


def _document_path(path: str | None, wish: str) -> str:
    """`migration.md` beside `spec.md`, else in a folder of the spec's name; for models in the specs folder."""
    if path is None:
        return f"specs/features/{wish.replace('_', '-')}/migration.md"
    directory, _, name = path.rpartition("/")
    if name in {"spec.md", "data-model.md"}:
        return f"{directory}/migration.md"
    return f"{directory}/{name.rpartition('.')[0]}/migration.md"


def _facts(
    analysis: Analysis,
    path: str | None,
    plan: Plan,
    title: str,
    scripts: tuple[GeneratedFile, ...],
    models: _Models,
    documents: tuple[ChangedFile, ...],
) -> DocumentFacts:
    spec = analysis.snapshot.files[path].text if path and is_spec(analysis, path) else None
    return DocumentFacts(
        plan=plan,
        title=title,
        spec_path=path if spec is not None else None,
        spec_text=spec,
        files=scripts,
        models=tuple((item.path, item.old_text, apply_edits(item.old_text, item.edits)) for item in models.changed),
        new_models=tuple(models.new_files.items()),
        documents=tuple((item.path, item.old_text, apply_edits(item.old_text, item.edits)) for item in documents),
        rows=rows_of(analysis.snapshot),
        sizes=sizes_of(analysis.snapshot),
        base_source=analysis.knowledge.base_source,
        sqlmodel=analysis.knowledge.sqlmodel_version,
        sqlmodel_source=analysis.knowledge.sqlmodel_source,
        runner=None if (runner := style_of(analysis)) == "wrapped" else runner,
    )


def _compare(
    texts: Mapping[str, str], purposes: Mapping[str, str], former: _Former | None
) -> tuple[list[NewFile], list[ChangedFile]]:
    """Files to create and files to write anew; a file with the right text is left alone."""
    new: list[NewFile] = []
    changed: list[ChangedFile] = []
    for path, text in texts.items():
        old = former.files.get(path) if former else None
        if old is None:
            new.append(NewFile(path=path, text=text, purpose=purposes[path]))
        elif _body(old) != _body(text):
            edit = Edit(Span(0, len(old)), text)
            changed.append(ChangedFile(path=path, old_text=old, edits=(edit,), purpose=purposes[path]))
    return new, changed


def _body(text: str) -> str:
    """A generated text as it was before proofs ticked its boxes."""
    return without_proofs(text.partition("\n")[2])
