"""Point 8: check prints the same findings for people and as JSON, with the agreed exit statuses."""

import re

MODELS = "backend/app/models.py"
RISKY = "CREATE INDEX slow ON tasks (title);\n"


def test_clean_is_0_findings_1_and_bad_usage_2(tasks):
    assert tasks.run("check").status == 0
    tasks.write("backend/migrations/002_slow.sql", RISKY)
    assert tasks.run("check").status == 1
    assert tasks.run("check", "--fail-on", "error").status == 0
    assert tasks.run("check", "--fail-on", "never").status == 0
    assert tasks.run("check", "--no-such-option").status == 2
    assert tasks.run("check", "no/such/file.sql").status == 2


def test_people_see_the_source_with_carets_below_the_characters(tasks):
    tasks.write("backend/migrations/002_slow.sql", "-- ünïcödé\n\t" + RISKY)
    out = tasks.run("check", "backend/migrations/002_slow.sql").out
    head = "backend/migrations/002_slow.sql:2:2: warning[index-not-concurrent]"
    assert head in out
    lines = out[out.index(head) :].splitlines()
    source, carets = lines[1], lines[2]
    assert source == "   2 |     CREATE INDEX slow ON tasks (title);"
    assert source[carets.index("^") : carets.rindex("^") + 1].startswith("CREATE INDEX")
    assert "= help:" in lines[3]
    assert "\x1b[" not in out


def test_json_has_the_published_shape_and_utf16_columns(tasks):
    tasks.write("backend/migrations/002_slow.sql", "/* 😀 */ " + RISKY)
    answer = tasks.run("check", "backend/migrations/002_slow.sql", "--format", "json").json
    assert set(answer) == {"version", "findings", "not_analysed"}
    finding = next(item for item in answer["findings"] if item["rule"] == "index-not-concurrent")
    assert finding["path"] == "backend/migrations/002_slow.sql"
    assert finding["range"]["start"] == {"line": 0, "character": 9}
    assert finding["severity"] == "warning"
    assert finding["effect"]["locks"] == [{"relation": "tasks", "mode": "SHARE"}]
    assert finding["url"].endswith("index-not-concurrent.md")
    assert set(finding) >= {"path", "range", "rule", "severity", "message", "help", "url", "fixable"}


def test_both_forms_tell_the_same(tasks):
    tasks.write("backend/migrations/002_slow.sql", RISKY)
    tasks.replace(
        MODELS,
        "title: str = Field(max_length=200)\n    description",
        "title: str = Field(max_length=20)\n    description",
    )
    human = re.findall(r"^(\S+?):(\d+):\d+: \w+\[([\w-]+)\]", tasks.run("check").out, flags=re.MULTILINE)
    findings = tasks.run("check", "--format", "json").json["findings"]
    assert sorted(human) == sorted(
        (item["path"], str(item["range"]["start"]["line"] + 1), item["rule"]) for item in findings
    )
    assert {item["path"] for item in findings} >= {"backend/migrations/002_slow.sql", MODELS}


def test_rows_in_the_settings_lower_blocking(tasks):
    tasks.write("backend/migrations/002_slow.sql", RISKY)
    tasks.write("migration-ls.toml", "[tables.tasks]\nrows = 200\n")
    findings = tasks.run("check", "backend/migrations/002_slow.sql", "--format", "json").json["findings"]
    finding = next(item for item in findings if item["rule"] == "index-not-concurrent")
    assert finding["severity"] == "information"
    assert "known to be small" in finding["message"]


def test_github_annotations(tasks):
    tasks.write("backend/migrations/002_slow.sql", RISKY)
    out = tasks.run("check", "--format", "github").out
    assert "::warning file=backend/migrations/002_slow.sql,line=1,col=1," in out


def test_a_folder_with_nothing_but_sql_is_a_project(tmp_path):
    from tests.main_job.conftest import Project

    project = Project(tmp_path)
    project.write("change.sql", "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0);\n")
    answer = project.run("check", "--format", "json")
    assert answer.status == 1
    finding = next(item for item in answer.json["findings"] if item["rule"] == "check-scans-table")
    assert finding["effect"]["locks"] == [{"relation": "orders", "mode": "ACCESS EXCLUSIVE"}]


def test_verbose_says_what_was_found_where(tasks):
    out = tasks.run("check", "-v").out
    assert "current schema: 1 tables, from migrations" in out
    assert "SQLModel 0.0.22, from backend/requirements.txt" in out


def test_help_teaches(tasks):
    for command in (
        "check",
        "requests",
        "generate",
        "verify",
        "effects",
        "schema",
        "plan",
        "rules",
        "explain",
        "serve",
    ):
        done = tasks.run(command, "--help")
        assert done.status == 0
        assert len(done.out.splitlines()) > 4
    assert "index-not-concurrent" in tasks.run("rules").out
    assert "CREATE INDEX" in tasks.run("explain", "index-not-concurrent").out
    wrong = tasks.run("explain", "index-concurrent")
    assert wrong.status == 2
    assert "index-not-concurrent" in wrong.err
