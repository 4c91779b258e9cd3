"""Laws that hold across folders."""

import ast
import re
from pathlib import Path

from migration_ls.postgres.locks import CONFLICTS, LockMode
from migration_ls.rules.registry import RULES
from migration_ls.rules.remarks import REMARKS

PACKAGE = Path(__file__).parent.parent.parent / "migration_ls"
MODES = re.compile(
    r"\b(?:ACCESS SHARE|ROW SHARE|ROW EXCLUSIVE|SHARE UPDATE EXCLUSIVE|SHARE ROW EXCLUSIVE|ACCESS EXCLUSIVE)\b"
)


def strings(path):
    """String constants of a module that are no docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    loose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents | loose:
            yield node.value


def test_no_rule_hover_or_command_spells_out_a_lock():
    found = [
        (path.name, text)
        for folder in ("rules", "features", "server", "cli", "workspace")
        for path in (PACKAGE / folder).rglob("*.py")
        for text in strings(path)
        if MODES.search(text)
    ]
    assert found == []


def test_lock_conflicts_are_symmetric_and_the_manuals():
    for one in LockMode:
        for two in LockMode:
            assert (two in CONFLICTS[one]) == (one in CONFLICTS[two])
    assert LockMode.SHARE not in CONFLICTS[LockMode.SHARE]
    assert LockMode.SHARE_UPDATE_EXCLUSIVE in CONFLICTS[LockMode.SHARE_UPDATE_EXCLUSIVE]
    assert not LockMode.SHARE_UPDATE_EXCLUSIVE.blocks_writes
    assert LockMode.SHARE.blocks_writes
    assert not LockMode.SHARE.blocks_reads
    assert LockMode.ACCESS_EXCLUSIVE.blocks_reads


def test_one_rule_is_one_file_and_one_page():
    pages = {path.stem for path in (PACKAGE.parent / "docs" / "rules").glob("*.md")} - {"README"}
    assert pages == {rule.name for rule in RULES} | {remark.name for remark in REMARKS}


def test_plans_accept_only_rules_that_exist():
    names = {rule.name for rule in RULES}
    for folder in ("planning", "rendering/sql"):
        for path in (PACKAGE / folder).rglob("*.py"):
            text = path.read_text("utf-8")
            for name in re.findall(r'\(\s*"([a-z]+(?:-[a-z]+)+)",\s*(?:f?"|reason|loss)', text):
                assert name in names, (path.name, name)


def test_time_and_chance_come_from_outside_below_the_edge():
    banned = re.compile(r"datetime\.now\(|time\.time\(|random\.|os\.environ|os\.getenv")
    for folder in ("text", "postgres", "schema", "operations", "sources", "diffing", "planning", "rendering", "rules"):
        for path in (PACKAGE / folder).rglob("*.py"):
            code = "\n".join(line for line in path.read_text("utf-8").split("\n") if not line.strip().startswith("#"))
            hits = [match[0] for match in banned.finditer(code) if "import" not in match[0]]
            assert not hits, (path, hits)
