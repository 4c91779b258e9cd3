"""Plans on real servers: random pairs of schemas, and every kind of change written by hand.

`MIGRATION_LS_JUDGE_PAIRS` says how many random pairs; `MIGRATION_LS_MAJORS=all` on how many majors the others run.
"""

import os
import re
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from migration_ls.verification.database import Server
from tests.planning.judge import Case, judge, renames
from tests.planning.kinds import KINDS, Kind
from tests.planning.worlds import Maker

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("plans")]
PAIRS = int(os.environ.get("MIGRATION_LS_JUDGE_PAIRS", "60"))


@settings(
    max_examples=PAIRS,
    derandomize=True,
    deadline=None,
    database=None,
    # a failing pair is small already; shrinking it would take minutes
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_random_pairs(server: Server, seed: int) -> None:
    pair = Maker(Random(seed)).pair()
    note(str(pair))
    simple = {"downtime": True} if seed % 4 == 0 else {}
    case = Case(
        before=pair.before.sql(),
        after=pair.after.sql(),
        holds=pair.holds,
        situation=simple,
        kills=2,
        asked=renames(pair.after),
    )
    verdict = judge(server, case, Random(seed))
    assert verdict.problems == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_kind(each_server: Server, kind: Kind) -> None:
    verdict = judge(each_server, kind.case)
    assert verdict.problems == []
    text = "\n".join(
        part for version in verdict.versions for part in (version.forward, version.backfill, version.rollback) if part
    )
    for word in kind.says:
        assert re.search(word, text), (word, text)
    for word in kind.never:
        assert not re.search(word, text), (word, text)
    assert [version.role for version in verdict.versions] == kind.roles
