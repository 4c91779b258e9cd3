"""What is claimed about statements is what servers do: each file of cases on each major."""

import os

import pytest

from migration_ls.postgres.versions import DEFAULT, NEWEST, OLDEST
from migration_ls.verification.engine import EngineError
from migration_ls.verification.fetch import exact_engine
from tests.conftest import Servers
from tests.truth.corpus import FOLDER, load
from tests.truth.judge import TIME_ZONE, Judge

pytestmark = pytest.mark.postgres
PROFILE = os.environ.get("MIGRATION_LS_MAJORS", "few")
"""`few`, `all` (both may leave out what cannot be had), or `few!`, `all!` (both must be had)."""
FEW = (OLDEST, DEFAULT, 17, NEWEST)
MAJORS = range(OLDEST, NEWEST + 1) if PROFILE.startswith("all") else FEW


@pytest.mark.parametrize("area", [path.stem for path in sorted(FOLDER.glob("*.sql"))])
@pytest.mark.parametrize(
    "major", [pytest.param(major, marks=pytest.mark.xdist_group(f"pg{major}")) for major in MAJORS]
)
def test_what_is_claimed_is_what_happens(area: str, major: int, servers: Servers):
    try:
        engine = exact_engine(major)
    except EngineError as error:
        if PROFILE.endswith("!"):
            raise
        pytest.skip(str(error))
    judge = Judge(servers.of(engine, TIME_ZONE), thorough=PROFILE.startswith("all"))
    cases = [case for case in load(FOLDER / f"{area}.sql") if major in case.majors]
    # what cannot stand in a transaction is sampled while it runs: a wrong claim is wrong twice, a missed sample is not
    doubted = [case for case in cases if judge.judge(case).disagreements]
    assert [str(found) for case in doubted for found in judge.judge(case).disagreements] == []
