"""A copy of the running example under git, and the command line to run on it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECTS = Path(__file__).parent.parent / "projects"
SPEC = "specs/features/task-organization.md"


@dataclass
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


class Project:
    """A project on disk, under git with one commit, so that everything later is pending."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *arguments: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "migration_ls", *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def read(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    def write(self, path: str, text: str | bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)

    def replace(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert text.count(old) == 1, (old, text.count(old))
        self.write(path, text.replace(old, new))

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.root.rglob("*") if path.is_file() and ".git" not in path.parts)
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in sorted(found)}

    def commit(self) -> None:
        git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org"]
        for words in (["add", "-A"], ["commit", "-q", "-m", "a state"]):
            subprocess.run([*git, *words], cwd=self.root, check=True, capture_output=True)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Project]:
    def copy(name: str = "tasks", *, git: bool = True, spec: bool = True) -> Project:
        root = tmp_path / name
        shutil.copytree(PROJECTS / name, root)
        shutil.rmtree(root / "expected")
        project = Project(root)
        if not spec:
            shutil.rmtree(root / "specs" / "features")
        if git:
            subprocess.run(["git", "init", "-q", "-b", "main"], cwd=root, check=True, capture_output=True)
            project.commit()
        return project

    return copy


@pytest.fixture
def tasks(make) -> Project:
    return make()
