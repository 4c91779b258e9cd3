"""From the start of the process to the answer to `initialize`, beside a server that does nothing.

python -m pytest tests/benchmarks/bench_start.py -s
"""

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from generated import project
from wire import SERVER, initialize_seconds

ROUNDS = 20
BARE = [sys.executable, str(Path(__file__).with_name("bare_server.py"))]


def test_the_answer_to_initialize(tmp_path):
    project(tmp_path, 50)
    pairs = [(initialize_seconds(SERVER, tmp_path), initialize_seconds(BARE, tmp_path)) for _ in range(ROUNDS)]
    ours, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
    sys.stdout.write(f"\nmigration-ls {ours * 1000:.0f} ms, bare pygls {bare * 1000:.0f} ms, {ours / bare:.2f} times\n")
    assert ours <= 1.1 * bare
