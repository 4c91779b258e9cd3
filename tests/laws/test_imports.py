"""Modules can be imported by several threads at once, each beginning anywhere: the server's threads do."""

import subprocess
import sys

import pytest

TOOL = """
import dataclasses, importlib, random, sys, threading, typing  # the first reads the last as far as it is loaded

sys.setswitchinterval(1e-6)
names = sys.argv[2:]
random.Random(int(sys.argv[1])).shuffle(names)
wrong = []

def load(name):
    try:
        importlib.import_module(name)
    except BaseException as error:
        wrong.append(repr(error))

threads = [threading.Thread(target=load, args=(name,)) for name in names]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*wrong, sep="\\n", end="")
"""
MODULES = [
    "features.actions",
    "operations.add_constraint",
    "operations.statement",
    "operations.union",
    "rules.registry",
    "sources.models",
    "sources.schema_doc",
    "workspace.workspace",
]


@pytest.mark.parametrize("seed", range(6))
def test_threads_may_import_at_once(seed: int) -> None:
    names = [f"migration_ls.{name}" for name in MODULES]
    told = subprocess.run(
        [sys.executable, "-c", TOOL, str(seed), *names], capture_output=True, text=True, check=False, timeout=60
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
