"""Every history of the corpus, run by a real server, against what the replay makes of it."""

import pytest

from migration_ls.verification.database import Server
from tests.histories.judge import CASES, differences, read_case

FILES = sorted(CASES.glob("*.txt"))


@pytest.mark.postgres
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_replay_is_what_the_server_made(path, server: Server, tmp_path):
    with server.database() as database:
        assert differences(read_case(path), database, tmp_path) == []
