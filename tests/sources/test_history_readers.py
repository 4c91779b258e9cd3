"""What orders a history: sqitch's plan, Alembic's graph; and revisions of any text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from migration_ls.sources.alembic.graph import graph_of
from migration_ls.sources.alembic.reader import Revision, convention_in, looks_like_revision, read_revision
from migration_ls.sources.sqitch import planned_changes, sqitch_names

NAMES = st.sampled_from(["a", "b", "c", "d", "e1234", "e12345", ""])


@given(st.dictionaries(st.sampled_from(["x/versions/1.py", "x/versions/2.py", "y/versions/1.py", "3.py", "versions/4.py"]),
                       st.tuples(NAMES, st.lists(NAMES, max_size=3), st.lists(NAMES, max_size=2))))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_a_graph_holds_every_revision_once_and_parents_first(revisions):
    read = {
        path: Revision(revision=name, parents=tuple(parents), needed=tuple(needed))
        for path, (name, parents, needed) in revisions.items()
    }
    graph = graph_of(read)
    assert sorted(graph.order) == sorted(read)
    if not graph.circle and not graph.twice:
        place = {read[path].revision: number for number, path in enumerate(graph.order)}
        own = {path.rpartition("/")[0] for path in read}
        if len(own) == 1:
            for path, revision in read.items():
                assert all(place[name] <= place[revision.revision] for name in revision.parents if name in place), path


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["a", "b [a]", "@t", "%x=1", "# c", "-a", "+b 2024", ""])).map("\n".join)
)
@settings(max_examples=300, deadline=None)
def test_any_plan(text):
    changes = planned_changes(text)
    names = sqitch_names(
        "db/sqitch.plan", text, ["db/deploy/a.sql", "db/revert/a.sql", "deploy/b.sql", "db/verify/x/y.sql"]
    )
    assert set(names) <= {"db/deploy/a.sql", "db/revert/a.sql", "db/verify/x/y.sql"}
    assert all(isinstance(change, str) for change in changes)


def test_a_plan_with_a_change_that_was_worked_over():
    plan = "%project=x\n\na 2024-01-01T00:00:00Z P <p@x> # n\nb [a] 2024\n@v1 2024\n\na [a@v1] 2024\n-b 2025\n"
    assert planned_changes(plan) == ("a@v1", "a")


PARTS = [
    "op.create_table(", "'t'", ",", ")", "sa.Column(", "for x in", ":", "\n    ", "if", "op.f(", "[", "]", "1", "*",
    "**", "sa.Enum(", "name=", "op.execute(", "f'{x}'", "with op.batch_alter_table('t') as b", "return", "lambda x: x",
    "x = ", "helper(", "sa.inspect(op.get_bind())", "not in", "columns", "{", "}", "'a': 1", ".items()", "% (1,)",
    "while True", "try", "except E", "op.get_context().autocommit_block()", "sa.text(':a')", "'%(x)s' % {", "10 ** 9",
    "'x' * 99999999", "x += 'y'", "sorted(", "range(10**12)", "class A(enum.Enum)", "sa.update(", ".values(", "op.bulk_insert(",
]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=25).map(" ".join))
@settings(max_examples=400, deadline=None)
def test_any_revision(body):
    text = f'revision = "a"\ndown_revision = None\ndef helper(x, *y, z=1, **k):\n    return helper(x)\ndef upgrade():\n    {body}\n'
    read_revision(text)
    read_revision(text, {"ck": "%(constraint_name)s", "ix": "%(column_0_N_label)s%(broken"})
    convention_in(body + " {'ix': '%(x)s'}")
    assert looks_like_revision(text)


def test_a_file_that_never_ends_is_given_up():
    body = "    for a in range(2000):\n        for b in range(2000):\n            for c in range(2000):\n                op.execute('SELECT 1')\n"
    read = read_revision(f'revision = "a"\ndown_revision = None\ndef upgrade():\n{body}')
    assert read.problems
    assert len(read.upgrade) < 10_000
