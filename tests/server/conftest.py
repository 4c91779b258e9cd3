"""Copies of projects under git, and sessions with a server on them."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server.client import Client

PROJECTS = Path(__file__).parent.parent / "projects"


def git(root: Path, *words: str) -> None:
    name = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", *name, *words], cwd=root, check=True, capture_output=True)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    def copy(name: str = "tasks", to: str | None = None) -> Path:
        root = tmp_path / (to or name)
        shutil.copytree(PROJECTS / name, root, copy_function=shutil.copyfile)
        shutil.rmtree(root / "expected")
        git(root, "init", "-q", "-b", "main")
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "a state")
        return root

    return copy


@pytest.fixture
def tasks(make) -> Path:
    return make()


@pytest.fixture
def connect() -> Iterator[Callable[..., Client]]:
    clients: list[Client] = []

    def start(*roots: Path, settings=None) -> Client:
        clients.append(Client(*roots, settings=settings))
        return clients[-1]

    yield start
    for client in clients:
        client.close()
