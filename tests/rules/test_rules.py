"""Every rule finds what it must, stays quiet where it must, and its fixes remove what it found."""

import random
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from migration_ls.operations.replay import final_schema, replay
from migration_ls.rules import suppressions
from migration_ls.rules.finding import Finding
from migration_ls.rules.fixing import fix_all
from migration_ls.rules.registry import RULES, find
from migration_ls.rules.rule import Rule, RuleSettings, Script
from migration_ls.schema.names import name_from_text
from migration_ls.schema.schema import Schema
from migration_ls.sources.sql.reader import read_sql
from migration_ls.text.edits import apply_edits
from migration_ls.text.lines import LineIndex

CASES = Path(__file__).parent.parent / "cases" / "rules"
BEFORE = (CASES / "schema.sql").read_text(encoding="utf-8")
INFRASTRUCTURE = {
    "constraint_fixes", "docs", "finding", "fixing", "judging", "layout", "registry", "remarks", "replaced", "requested",
    "rule",
    "suppressions", "timeouts", "wording",
}  # fmt: skip
SPECIAL = {"client-only-default", *(rule.name for rule in RULES if rule.check_deploy is not None)}
"""Rules that look at models or across files; their cases stand in `test_requested.py` and `test_across_files.py`."""


@dataclass
class Case:
    path: Path
    text: str
    headers: dict[str, list[str]] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        return self.path.parent.name

    @property
    def expected(self) -> list[str]:
        return sorted(item for line in self.headers.get("expect", []) for item in line.split())


def load(path: Path) -> Case:
    text = path.read_text(encoding="utf-8")
    headers: dict[str, list[str]] = {}
    for match in re.finditer(r"^-- (schema|postgres|rows|sizes|wrapped|expect|role)\b:? ?(.*)$", text, re.MULTILINE):
        headers.setdefault(match[1], []).append(match[2].strip())
    return Case(path, text, headers)


def look(text: str, headers: dict[str, list[str]] | None = None) -> list[Finding]:
    """Everything the rules say about the text, after its suppressions."""
    script = script_of(text, headers or {})
    language = suppressions.Language.SQL
    parted = suppressions.apply(find(script), text, language, path=script.path)
    return [*parted.kept, *parted.unused, *suppressions.without_reason(text, language, script.path)]


def script_of(text: str, headers: dict[str, list[str]]) -> Script:
    before = read_sql("\n".join([BEFORE, *headers.get("schema", [])]))
    assert not before.problems
    schema = final_schema(Schema(), before.statements)
    postgres = int(headers.get("postgres", ["15"])[0])
    rows = {}
    for pair in " ".join(headers.get("rows", [])).split():
        table, _, count = pair.partition("=")
        rows[name_from_text(table)] = int(count)
    sizes = {}
    for pair in " ".join(headers.get("sizes", [])).split():
        table, _, count = pair.partition("=")
        sizes[name_from_text(table)] = int(count)
    wrapped = "wrapped" in headers
    statements = replay(schema, read_sql(text).statements, postgres=postgres, wrapped=wrapped)
    return Script(
        path="backend/migrations/002_case.sql",
        text=text,
        statements=statements,
        settings=RuleSettings(postgres=postgres, rows=rows, sizes=sizes),
        base=schema,
        role=headers.get("role", ["forward"])[0],
        wrapped=wrapped,
    )


def told(findings: list[Finding], text: str) -> list[str]:
    lines = LineIndex(text)
    return sorted(f"{item.severity.name.lower()}@{lines.line(item.span.start) + 1}" for item in findings)


def cases(kind: str) -> list[Case]:
    return [load(path) for path in sorted(CASES.glob(f"*/{kind}-*.sql"))]


def name(case: Case | Rule) -> str:
    return case.name if isinstance(case, Rule) else f"{case.rule}/{case.path.stem}"


@pytest.mark.parametrize("case", cases("found"), ids=name)
def test_finds(case: Case) -> None:
    findings = [item for item in look(case.text, case.headers) if item.rule == case.rule]
    assert told(findings, case.text) == case.expected
    for finding in findings:
        _reads_well(finding)


@pytest.mark.parametrize("case", cases("quiet"), ids=name)
def test_stays_quiet(case: Case) -> None:
    assert [item.message for item in look(case.text, case.headers) if item.rule == case.rule] == []


@pytest.mark.parametrize("case", cases("safe"), ids=name)
def test_safe_recipes_are_no_danger(case: Case) -> None:
    dangers = [item for item in look(case.text, case.headers) if item.severity.is_danger]
    assert [f"{item.rule}: {item.message}" for item in dangers] == []


@pytest.mark.parametrize("case", cases("found"), ids=name)
def test_each_fix_alone_removes_its_finding(case: Case) -> None:
    found = [item for item in look(case.text, case.headers) if item.rule == case.rule]
    for finding in found:
        for fix in finding.fixes:
            fixed = apply_edits(case.text, fix.edits)
            assert not read_sql(fixed).problems, fixed
            left = [item for item in look(fixed, case.headers) if item.rule == case.rule]
            assert len(left) < len(found), fixed
            assert _failures(fixed, case) <= _failures(case.text, case), fixed


@pytest.mark.parametrize(
    "case",
    [case for case in cases("found") if (case.path.parent / f"fixed-{case.path.stem[6:]}.sql").exists()],
    ids=name,
)
def test_fixing_one_rule_gives_the_golden_file(case: Case) -> None:
    golden = case.path.parent / f"fixed-{case.path.stem[6:]}.sql"
    mine = fix_all(case.text, lambda text: [item for item in look(text, case.headers) if item.rule == case.rule])
    assert mine == golden.read_text(encoding="utf-8")
    assert fix_all(mine, lambda text: look(text, case.headers) if text != mine else []) == mine


def _failures(text: str, case: Case) -> set[str]:
    return {item.message for item in look(text, case.headers) if item.rule == "statement-fails"}


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("-- migrate:up\nCREATE INDEX CONCURRENTLY i ON tasks (due);\n", "-- migrate:up transaction:false\n"),
        ("-- +goose Up\nCREATE INDEX CONCURRENTLY i ON tasks (due);\n", "-- +goose NO TRANSACTION\n-- +goose Up\n"),
    ],
)
def test_a_tool_is_told_to_open_no_transaction(text: str, mark: str) -> None:
    (finding,) = [item for item in look(text, {"wrapped": [""]}) if item.rule == "concurrently-in-transaction"]
    assert apply_edits(text, finding.fixes[0].edits).startswith(mark)


def test_what_is_put_in_stands_below_the_marks_of_tools() -> None:
    text = "-- migrate:up transaction:false\n-- the note\nALTER TABLE tasks ADD COLUMN a text;\n\n-- migrate:down\n"
    fixed = fix_all(text, look)
    assert fixed.startswith("-- migrate:up transaction:false\n-- the note\nSET lock_timeout = '2s';\nALTER TABLE")


@pytest.mark.parametrize("seed", range(30))
def test_fixes_of_broken_files_break_no_more(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    """Files cut and mixed at random: no rule fails, every fix applies and leaves no new problem."""
    chance = random.Random(seed)
    lines = [line for case in chance.sample(cases("found"), 3) for line in case.text.splitlines(keepends=True)]
    text = "".join(line for line in lines if chance.random() < 0.85)
    place = chance.randrange(len(text) + 1)
    text = text[:place] + chance.choice(["", "BEGIN;", "COMMIT;", "'", "$$", "/*", ";", "SAVEPOINT a;"]) + text[place:]
    text = text.replace("\n", chance.choice(["\n", "\r\n", " "]))
    for finding in look(text):
        for fix in finding.fixes:
            assert len(read_sql(apply_edits(text, fix.edits)).problems) <= len(read_sql(text).problems)
    assert not caplog.records


def test_folder_registry_and_cases_agree() -> None:
    import migration_ls.rules

    modules = {path.stem for path in Path(migration_ls.rules.__path__[0]).glob("[a-z]*.py")} - INFRASTRUCTURE
    names = [rule.name for rule in RULES]
    assert names == sorted(module.replace("_", "-") for module in modules)
    assert {path.name for path in CASES.iterdir() if path.is_dir()} - {"recipes"} == set(names) - SPECIAL
    for rule in set(names) - SPECIAL:
        kinds = {path.stem.partition("-")[0] for path in (CASES / rule).glob("*.sql")}
        assert {"found", "quiet"} <= kinds, rule


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_page_shows_what_the_rule_does(rule: Rule) -> None:
    assert rule.summary
    assert "`" * 3 not in rule.summary
    examples = re.findall(r"^(Bad|Good):\n\n```(\w+)\n(.*?)```$", rule.doc, re.MULTILINE | re.DOTALL)
    assert [kind for kind, _, _ in examples] == ["Bad", "Good"]
    for kind, language, text in examples:
        if language != "sql":
            continue
        headers = {key: re.findall(rf"^-- {key}: (.*)$", text, re.MULTILINE) for key in ("schema", "sizes")}
        findings = [item for item in look(text, headers) if item.rule == rule.name]
        assert bool(findings) == (kind == "Bad"), text
        assert all(item.severity >= rule.severity for item in findings)
        if kind == "Good":
            assert [item.message for item in look(text, headers) if item.severity.is_danger] == [], text


def test_the_worst_severity_is_reached() -> None:
    worst: dict[str, int] = {}
    for case in cases("found"):
        for item in look(case.text, case.headers):
            worst[item.rule] = min(worst.get(item.rule, 9), item.severity)
    assert {rule.name: rule.severity for rule in RULES if rule.name not in SPECIAL} == worst


def test_pages_on_disk_are_fresh() -> None:
    script = Path(__file__).parent.parent.parent / "scripts" / "write_rule_pages.py"
    told = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "")


def test_every_hazard_of_an_effect_is_told_by_some_rule() -> None:
    for kind in ("found", "quiet", "safe"):
        for case in cases(kind):
            script = script_of(case.text, case.headers)
            lines = [item.span for item in find(script) if item.severity.is_danger]
            for statement in script.statements:
                for step in statement.steps:
                    effect = step.effect
                    blocks = effect.blocks_writes and bool(effect.rewrites or effect.scans or effect.built_on)
                    if not (
                        effect.fails_always or (effect.loses and effect.locks) or (blocks and not script.settings.rows)
                    ):
                        continue
                    near = any(statement.statement.span.covers(span) for span in lines)
                    assert near or _made_here(script, step.clause.operation), (case.path, statement.statement.sql)


def _made_here(script: Script, operation: object) -> bool:
    """Tables and columns that the file made itself hold nothing to lose."""
    base = script.base.table(getattr(operation, "table", getattr(operation, "name", None)))
    return base is None or base.column(str(getattr(operation, "column", ""))) is None


def _reads_well(finding: Finding) -> None:
    for text in (finding.message, finding.help):
        assert text
        assert not text.endswith((".", "!", " "))
        assert text.count("`") % 2 == 0, text
        assert "  " not in text
        assert "None" not in text
        assert "\n" not in text
    assert not finding.message[0].isupper() or finding.message[0] == "`", finding.message
    assert finding.help[0].isupper() or finding.help[0] == "`"
    for match in re.finditer(r"(?i)\b(access exclusive|share row exclusive|share update exclusive)\b", finding.message):
        assert match[0].isupper()
