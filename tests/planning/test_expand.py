"""Changes that break the running release in one step: planned by expand and contract, and judged."""

import re

import pytest

from migration_ls.verification.database import Server
from tests.planning.expanding import KINDS, Expanding
from tests.planning.judge import judge

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("plans")]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_expanding_kind(each_server: Server, kind: Expanding) -> None:
    verdict = judge(each_server, kind.case)
    assert verdict.problems == []
    text = "\n".join(
        part for version in verdict.versions for part in (version.forward, version.backfill, version.rollback) if part
    )
    for word in kind.says:
        assert re.search(word, text), (word, text)
    assert [version.role for version in verdict.versions] == kind.roles
