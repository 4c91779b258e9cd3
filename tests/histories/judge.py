"""The judge of histories: PostgreSQL runs the files of a project, and its catalog is compared with what we replay.

A case is a text file with a project in it: `=== path` begins a file. Before the first one stand a line of words and, as
`unknown: a, b`, the tables of which only a run would tell; `unknown: *` where that is so of any.

Run `python -m tests.histories.judge [CASE…]` to see what differs.
"""

import posixpath
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from migration_ls.schema.json import as_printed, schema_json
from migration_ls.schema.schema import Schema
from migration_ls.sources.sql.sections import sections_of
from migration_ls.verification.database import Database
from migration_ls.verification.script import SqlFile, run_file
from migration_ls.workspace.analysis import Analysis, analyse
from migration_ls.workspace.programs import program_of
from migration_ls.workspace.workspace import Workspace
from tests.compare.canon import from_pg
from tests.compare.compare import compare_schema

CASES = Path(__file__).parent / "cases"
ENV = """
from alembic import context
from sqlalchemy import create_engine, pool

with create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


@dataclass(frozen=True)
class Case:
    """A project, and the tables that are not known after it."""

    name: str
    files: dict[str, str]
    unknown: frozenset[str]


def read_case(path: Path) -> Case:
    head, *parts = re.split(r"^=== (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    unknown = re.search(r"^unknown: (.+)$", head, re.MULTILINE)
    names = frozenset(unknown[1].replace(" ", "").split(",")) if unknown else frozenset()
    return Case(path.stem, dict(zip(parts[::2], parts[1::2], strict=True)), names)


def write_case(case: Case, root: Path) -> Analysis:
    """The project on disk, analysed."""
    (root / "migration-ls.toml").write_text("")
    for path, text in case.files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    return analyse(Workspace(root).snapshot())


def apply(case: Case, analysis: Analysis, database: Database, root: Path) -> None:
    """Run the project as its runner does."""
    with database.connect() as connection:
        for path in analysis.history.forward:
            if path.endswith(".sql"):
                text = _whole(case, path)
                run_file(connection, SqlFile(path=path, text=sections_of(text).forward.of(text)))
                connection.execute("RESET ALL")
    if any(path.endswith(".py") for path in analysis.history.forward):
        _upgrade(analysis, database, root)


def _whole(case: Case, path: str) -> str:
    """The file with those it includes in it, as psql runs them from the root."""

    def included(match: re.Match[str]) -> str:
        place = match["path"].strip("'")
        return _whole(case, place if match["kind"] == "i" else posixpath.join(posixpath.dirname(path), place))

    return re.sub(r"^\\(?P<kind>ir?) (?P<path>.+)$", included, case.files[path], flags=re.MULTILINE)


def _upgrade(analysis: Analysis, database: Database, root: Path) -> None:
    from alembic.command import upgrade
    from alembic.config import Config
    from psycopg.conninfo import make_conninfo
    from sqlalchemy import URL

    del make_conninfo
    for folder in analysis.history.revisions.graph.heads:
        place = root / folder
        if not (place / "env.py").exists():
            (place / "env.py").write_text(ENV)
        known = database.parameters
        url = URL.create(
            "postgresql+psycopg",
            username=known.get("user"),
            password=known.get("password"),
            database=database.name,
            query={key: value for key, value in known.items() if key in {"host", "port"}},
        )
        config = Config()
        config.set_main_option("script_location", str(place))
        config.set_main_option("sqlalchemy.url", url.render_as_string(hide_password=False).replace("%", "%%"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            upgrade(config, "heads")


def differences(case: Case, database: Database, root: Path) -> list[str]:
    """In what the replay and the server differ, and what the replay says though the server ran it all."""
    analysis = write_case(case, root)
    apply(case, analysis, database, root)
    schema = analysis.history.current
    found = list(_wrong_claims(analysis))
    unsure = {"*"} if schema.uncertain_all else {str(name) for name in schema.uncertain}
    if unsure != case.unknown:
        found.append(f"unknown are {sorted(unsure)}, expected {sorted(case.unknown)}")
    if "*" in case.unknown:
        return found
    with database.connect() as connection:
        truth = from_pg(connection)
        mine = schema_json(as_printed(schema))
        for side in (truth, mine):
            side["tables"] = [table for table in side["tables"] if _name(table) not in case.unknown]
        scores = compare_schema(truth, mine, strict=True)
        found += [f"{kind}: {wrong}" for kind, score in scores.items() for wrong in score.wrong]
        found += _unequal("names", _names(truth), _names(mine))
        found += _unequal("columns", _columns(truth), _columns(mine))
        skipped = case.unknown | {"alembic_version"}
        for what, query, ours in _MORE:
            rows = {tuple(row) for row in connection.execute(query).fetchall()}
            found += _unequal(what, *(_without(side, skipped) for side in (rows, set(ours(schema)))))
    return found


def _wrong_claims(analysis: Analysis) -> Iterator[str]:
    for path in analysis.history.forward:
        for item in analysis.scripts[path].statements:
            if item.effect.fails_always:
                yield f"{path}: `{item.statement.sql}` is said to fail: {item.effect.reason}"
        program = program_of(path, analysis.snapshot.files[path].text, analysis.history.beside(path))
        yield from (f"{path}: {problem.message}" for problem in program.problems if problem.serious)


def _name(table) -> str:
    return f"{table['schema']}.{table['name']}" if table["schema"] else table["name"]


def _names(schema):
    kinds = ("foreign_keys", "uniques", "checks", "indexes")
    return {(_name(table), kind, item["name"]) for table in schema["tables"] for kind in kinds for item in table[kind]}


def _columns(schema):
    return {
        (_name(table), number, column["name"], column["identity"], column["autoincrement"], column.get("comment"))
        for table in schema["tables"]
        for number, column in enumerate(table["columns"])
    } | {(_name(table), "comment", table.get("comment")) for table in schema["tables"]}


def _without(rows, skipped):
    return {row for row in rows if row[0] not in skipped}


def _unequal(what, truth, mine) -> list[str]:
    lines = [f"{what}: the server has {row}" for row in sorted(truth - mine, key=str)]
    return lines + [f"{what}: only we have {row}" for row in sorted(mine - truth, key=str)]


_OWN = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_temp'"
_LABEL = "CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END"


def _views(schema: Schema):
    for name, view in schema.views.items():
        yield (str(name), *(view.outputs or ("?",)))


def _partitions(schema: Schema):
    for table in schema.tables.values():
        if table.partition_of:
            yield (str(table.name), str(table.partition_of))
        for parent in table.inherits:
            yield (str(table.name), str(parent))


def _sequences(schema: Schema):
    for sequence in schema.sequences.values():
        owner = sequence.owned_by
        yield (str(sequence.name), f"{owner[0]}.{owner[1]}" if owner else None)
    for table in schema.tables.values():
        for column in table.columns:
            if column.sequence:
                yield (str(column.sequence), f"{table.name}.{column.name}")


def _unproven(schema: Schema):
    for table in schema.tables.values():
        for item in (*table.checks, *table.foreign_keys):
            if not item.validated:
                yield (str(table.name), item.name)


def _others(schema: Schema):
    yield from ((str(name), "domain") for name in schema.domains)
    yield from ((str(trigger.table), trigger.name) for trigger in schema.triggers.values())
    for table in schema.tables.values():
        if table.unlogged:
            yield (str(table.name), "unlogged")
        if table.kind == "partitioned table":
            yield (str(table.name), "partitioned")


_MORE = (
    (
        "views",
        f"""SELECT {_LABEL} || c.relname, a.name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
            LATERAL (SELECT string_agg(attname, ',' ORDER BY attnum) AS name FROM pg_attribute
                     WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) a
            WHERE c.relkind = 'v' AND {_OWN}""",
        lambda schema: ((row[0], ",".join(row[1:])) for row in _views(schema) if True),
    ),
    (
        "parents",
        f"""SELECT {_LABEL} || c.relname, {_LABEL.replace("n.", "pn.")} || p.relname
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
            WHERE c.relkind IN ('r', 'p')""",
        _partitions,
    ),
    (
        "sequences",
        f"""SELECT {_LABEL} || c.relname,
            (SELECT {_LABEL.replace("n.", "tn.")} || t.relname || '.' || a.attname FROM pg_depend d
             JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
             JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
             WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i'))
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND {_OWN}""",
        _sequences,
    ),
    (
        "not valid",
        f"""SELECT {_LABEL} || c.relname, o.conname FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT o.convalidated AND {_OWN}""",
        _unproven,
    ),
    (
        "others",
        f"""SELECT {_LABEL} || t.typname, 'domain' FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE t.typtype = 'd' AND {_OWN}
            UNION ALL SELECT {_LABEL} || c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND t.tgparentid = 0
            UNION ALL SELECT {_LABEL} || c.relname, CASE c.relkind WHEN 'p' THEN 'partitioned' ELSE 'unlogged' END
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE {_OWN} AND (c.relkind = 'p' OR (c.relkind = 'r' AND c.relpersistence = 'u'))""",
        _others,
    ),
)


def main(names: list[str]) -> int:
    from migration_ls.verification.engine import choose_engine
    from migration_ls.verification.server import throwaway_server

    wrong = 0
    with throwaway_server(choose_engine(15)) as server:
        for path in sorted(CASES.glob("*.txt")):
            if names and path.stem not in names:
                continue
            with server.database() as database, tempfile.TemporaryDirectory() as root:
                try:
                    found = differences(read_case(path), database, Path(root))
                except Exception as error:  # noqa: BLE001 - the next case may work
                    found = [f"{type(error).__name__}: {error}"]
            sys.stdout.write(f"{path.stem} {'ok' if not found else ''}\n")
            for line in found:
                sys.stdout.write(f"    {line}\n")
            wrong += bool(found)
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
