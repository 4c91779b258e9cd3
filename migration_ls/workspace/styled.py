"""Which runner a project's migrations are written for, and the files of a plan in its form."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from migration_ls.operations.replay import final_schema
from migration_ls.rendering.document.facts import GeneratedFile
from migration_ls.rendering.sql.versions import Version
from migration_ls.rendering.styles.files import Style, styled
from migration_ls.rendering.styles.revision import RevisionNames
from migration_ls.sources.migrations import MigrationStyle, migration_path, next_version
from migration_ls.sources.sql.reader import read_sql
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.needed import without_needless
from migration_ls.workspace.production import rule_settings

_FIRST: Mapping[Style, str] = {
    "goose": "00001",
    "flyway": "V1_",
    "golang-migrate": "000001",
    "dbmate": "",
    "alembic": "",
}
_NAMING: Mapping[Style, MigrationStyle] = {"flyway": "flyway", "golang-migrate": "up-down"}
_HELD = "once no process of the previous release is left: move it to the migrations then"


def style_of(analysis: Analysis) -> Style | None:
    """The runner to write for, as set, else as the newest migration shows; None for plain scripts."""
    wish = analysis.snapshot.settings.style
    plain: Style | None = "wrapped" if analysis.snapshot.settings.wraps_in_transaction else None
    if wish == "psql":
        return plain
    if wish != "auto":
        return wish
    if not analysis.history.forward:
        return plain
    newest = analysis.history.forward[-1]
    if analysis.history.names[newest].style == "alembic":
        return "alembic"
    text = analysis.snapshot.files[newest].text
    if "-- migrate:up" in text:
        return "dbmate"
    if "-- +goose Up" in text:
        return "goose"
    if analysis.history.names[newest].style == "flyway":
        return "flyway"
    return plain


def styled_scripts(
    analysis: Analysis, style: Style, found: Sequence[Version], folder: str, wish: str, *, version: str, now: datetime
) -> tuple[GeneratedFile, ...]:
    """The files of a plan; what is to run later, and what no runner runs, stands in folders of their own."""
    if style == "alembic":
        return _alembic(analysis, found, wish, now)
    taken = [path for path, name in analysis.history.names.items() if name.folder == folder]
    if not taken:
        version = _FIRST.get(style) or f"{now:%Y%m%d%H%M%S}"
    if style == "flyway" and not version.startswith("V"):
        version = f"V{version}_"
    settings = rule_settings(analysis.snapshot.settings)
    files: list[GeneratedFile] = []
    schema = analysis.knowledge.current
    for number, item in enumerate(styled(found, style)):
        if number:
            version = next_version(taken, now)
        name = "_".join(filter(None, (wish, item.part)))
        path = migration_path(folder, version, name, "forward", _NAMING.get(style, "plain"))
        taken.append(path)
        after = final_schema(schema, read_sql(item.texts[0][1]).statements)
        for end, text in item.texts:
            undo = end.startswith((".undo", ".down", "_rollback"))
            place = _place(path, end)
            if item.held:
                # Runners that look into folders below do not know the end of the name.
                place = f"{folder}/contract/{place.rpartition('/')[2]}{'.later' if style == 'flyway' else ''}"
            if end == ".by-hand.sql":
                place = f"{folder}/by_hand/{path.rpartition('/')[2]}"
            role = "rollback" if undo else "contract" if item.held else "forward"
            settled = without_needless(text, after if undo else schema, role, settings, wrapped=style == "wrapped")
            purpose = "undoes it" if undo else _HELD if item.held else "applies the change"
            files.append(GeneratedFile(path=place, role=role, text=settled, purpose=purpose))
        schema = after
    return (*files, *_checks(found, f"{folder}/checks", wish))


def _place(path: str, end: str) -> str:
    """The path of one of a migration's files by the end of its name: `U2__x.sql` undoes `V2__x.sql`."""
    folder, _, name = path.rpartition("/")
    if end == ".down.sql":
        return path.removesuffix(".up.sql") + end
    if end == "_rollback.sql":
        return path.removesuffix(".sql") + end
    if end.startswith(".undo"):
        name = f"U{name[1:]}"
    conf = ".conf" if end.endswith(".conf") else ""
    return f"{folder}/{name}{conf}"


def _checks(found: Sequence[Version], folder: str, wish: str) -> list[GeneratedFile]:
    """The checks, where no runner looks."""
    return [
        GeneratedFile(
            path=f"{folder}/{wish}{'' if item.role == 'forward' else f'_{item.role}'}_validate.sql",
            role="validate",
            text=item.validate,
            purpose="proves that it worked",
            of=item.role,
        )
        for item in found
    ]


def _alembic(analysis: Analysis, found: Sequence[Version], wish: str, now: datetime) -> tuple[GeneratedFile, ...]:
    revisions = analysis.history.revisions
    newest = revisions.graph.order[-1] if revisions.graph.order else ""
    folder = newest.rpartition("/")[0] or "backend/migrations/versions"
    heads = revisions.heads
    down = heads[0] if len(heads) == 1 else heads or None
    names = RevisionNames(title=wish, down_revision=down, created=f"{now:%Y-%m-%d %H:%M:%S}")
    files: list[GeneratedFile] = []
    for number, item in enumerate(styled(found, "alembic", names)):
        ((end, text),) = item.texts
        part = "_".join(filter(None, (wish, item.part)))
        place = f"{folder.rpartition('/')[0]}/contract" if item.held else folder
        files.append(
            GeneratedFile(
                path=f"{place}/{names.revision(number)}_{part}{end}",
                role="contract" if item.held else "backfill" if item.part == "backfill" else "forward",
                text=text,
                purpose=_HELD if item.held else "applies the change, and undoes it",
            )
        )
    return (*files, *_checks(found, f"{folder.rpartition('/')[0]}/checks", wish))


def head_of(analysis: Analysis) -> str:
    """The revision that a new one follows, the last of several; `base` where there is none."""
    heads = analysis.history.revisions.heads
    return heads[-1] if heads else "base"
