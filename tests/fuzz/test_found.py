"""What fuzzing found once: no reader may raise on it again, or take long."""

import time

import pytest

from tests.fuzz.targets import FOUND, TARGETS, text_of

CASES = sorted(path for path in FOUND.iterdir() if path.suffix != ".md")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_it_is_read(path):
    target = max((name for name in TARGETS if path.name.startswith(name)), key=len)
    begun = time.perf_counter()
    TARGETS[target](text_of(path.read_bytes()))
    assert time.perf_counter() - begun < 5
