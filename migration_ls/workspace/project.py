"""Finding a project, and which of its files is which."""

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from migration_ls.workspace.files import Role
from migration_ls.workspace.settings import Settings

SKIPPED = frozenset(
    {".git", ".hg", ".venv", "venv", "env", "node_modules", "__pycache__", "site-packages", "dist", "build", ".tox"}
)
MOST_FILES = 20_000
"""A walk ends here: a folder of that size is no project root."""

_STRONG = (
    "migration-ls.toml",
    "specs/database",
    "specs/features",
    "backend/app/models.py",
    "backend/app/models",
    "backend/migrations",
    "backend/alembic",
)
_WEAK = ("specs", "alembic.ini", "migrations", "app/models.py", "app/models", "models.py")
_PINS = frozenset({"pyproject.toml", "uv.lock", "poetry.lock"})
_MODELS_HINT = re.compile(
    r"table\s*=\s*True|naming_convention|\bSQLModel\b|mapped_column|DeclarativeBase|declarative_base|\bTable\("
)
_DOCUMENT = re.compile(r"migration(?:-\w+)?\.md\Z")
_MIGRATION_FOLDERS = frozenset({"migrations", "migration", "migrate", "sql", "deploy", "revert", "verify"})
_SQITCH_PLAN = "sqitch.plan"


def find_root(start: Path) -> Path | None:
    """The project that a folder or file belongs to; None when there is none.

    The nearest folder at or above with settings or the usual layout; else the nearest with a migrations folder or
    models of its own, which may be just a part of a project; else the folder itself when it holds SQL files.
    """
    start = start if start.is_dir() else start.parent
    above = [start, *start.parents]
    for folder in above:
        if any((folder / marker).exists() for marker in _STRONG) or _has_settings(folder):
            return folder
    for folder in above:
        if any((folder / marker).exists() for marker in _WEAK):
            return folder
    return start if any(start.glob("*.sql")) else None


def _has_settings(folder: Path) -> bool:
    settings = folder / "pyproject.toml"
    try:
        return settings.is_file() and "[tool.migration-ls" in settings.read_text("utf-8", "ignore")
    except OSError:
        return False


def walk(root: Path) -> Iterator[str]:
    """The paths below the root that may matter, relative to it, in order; hidden and installed things are left out."""
    count = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.startswith("."))
        relative = Path(folder).relative_to(root)
        for name in sorted(names):
            count += 1
            if count > MOST_FILES:
                return
            path = (relative / name).as_posix()
            if may_matter(path):
                yield path


def may_matter(path: str) -> bool:
    """Whether a file of that name could be a source."""
    name = path.rpartition("/")[2]
    return (
        name.endswith((".sql", ".md", ".py", ".toml"))
        or name in _PINS
        or name == _SQITCH_PLAN
        or _is_requirements(name)
    )


def _is_requirements(name: str) -> bool:
    return name.startswith("requirements") and name.endswith(".txt")


def role_of(path: str, settings: Settings) -> Role | None:
    """What a file is by its path; None when it is none of ours. Models are told by `looks_like_models` as well."""
    pure = PurePosixPath(path)
    name = pure.name
    if name == "migration-ls.toml":
        return Role.SETTINGS
    if name in _PINS or _is_requirements(name):
        return Role.PIN
    if name == _SQITCH_PLAN:
        return Role.PLAN
    if name.endswith(".sql"):
        return Role.MIGRATION if in_migrations(path, settings) else Role.SQL
    if name.endswith(".md"):
        return _document_role(pure, settings)
    if name.endswith(".py"):
        return _python_role(pure, settings)
    return None


def in_migrations(path: str, settings: Settings) -> bool:
    """Whether the file stands in a migrations folder."""
    if settings.migrations is not None:
        return path.startswith(settings.migrations.rstrip("/") + "/")
    return any(part in _MIGRATION_FOLDERS for part in PurePosixPath(path).parts[:-1])


def _document_role(path: PurePosixPath, settings: Settings) -> Role | None:
    text = path.as_posix()
    if _DOCUMENT.match(path.name):
        return Role.DOCUMENT
    if settings.schema_doc:
        if any(fnmatch(text, pattern) for pattern in settings.schema_doc):
            return Role.SCHEMA_DOC
    elif "specs" in path.parts and path.parent.name == "database":
        return Role.SCHEMA_DOC
    if settings.specs:
        return Role.SPEC if any(fnmatch(text, pattern) for pattern in settings.specs) else None
    parts = path.parts
    if "specs" not in parts:
        return None
    below = parts[parts.index("specs") + 1 :]
    if below[:1] == ("features",) and (len(below) == 2 or path.name in {"spec.md", "data-model.md"}):
        return Role.SPEC
    if len(below) == 2 and path.name in {"spec.md", "data-model.md"}:
        return Role.SPEC
    return None


def _python_role(path: PurePosixPath, settings: Settings) -> Role | None:
    text = path.as_posix()
    if "versions" in path.parts[:-1]:
        return Role.ALEMBIC
    if path.name == "env.py":
        return Role.ENVIRONMENT
    if settings.models:
        inside = any(
            fnmatch(text, pattern) or text.startswith(pattern.rstrip("/") + "/") for pattern in settings.models
        )
        return Role.MODELS if inside else None
    if "tests" in path.parts or path.name.startswith("test_"):
        return None
    if path.stem in {"models", "model", "tables"} or "models" in path.parts[:-1] or "tables" in path.parts[:-1]:
        return Role.MODELS
    return Role.MODELS if {"app", "common", "libs"} & set(path.parts[:-1]) else None


_BESIDE_MODELS = frozenset(
    f"{stem}.py"
    for stem in (
        "models enums constants consts const base mixins types naming fields columns metadata limits choices"
    ).split()
)
"""Files whose names say that models take names, numbers and parts from them."""


def looks_like_models(path: str, text: str) -> bool:
    """Whether a Python file can add to the schema: mixins and enums stand in files without tables, too."""
    name = path.rpartition("/")[2]
    return bool(_MODELS_HINT.search(text)) or "models" in path.split("/")[:-1] or name in _BESIDE_MODELS
