"""Fuzz one reader, guided by coverage.

    python -m pip install atheris
    python -m tests.fuzz.run sql --seconds 600 --work /tmp/fuzz

What raises, or takes longer than ten seconds, is written into the work folder as `crash-…` or `timeout-…`. Cut such a
file down, and keep it as `tests/fuzz/found/<reader>-<what it shows>`: `test_found.py` reads it ever after.
"""

import argparse
import hashlib
import re
import sys
from pathlib import Path

_WORD = re.compile(rb"[A-Za-z_]{2,20}[(:]?|[-|#*>`=:(]{1,4}")


def main() -> None:
    """Parse the command line, write the seeds and hand over to the fuzzer, which does not come back."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--work", type=Path, required=True, help="a folder for the corpus and for what is found")
    options = parser.parse_args()
    import atheris  # type: ignore[import-not-found]

    with atheris.instrument_imports(include=["migration_ls"]):
        from tests.fuzz.targets import TARGETS, seeds, text_of
    if options.reader not in TARGETS:
        parser.error(f"the readers are {', '.join(TARGETS)}")
    target = TARGETS[options.reader]
    work: Path = options.work / options.reader
    (work / "corpus").mkdir(parents=True, exist_ok=True)
    for seed in seeds(options.reader):
        (work / "corpus" / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)

    words = {word for seed in seeds(options.reader) for word in _WORD.findall(seed)}
    (work / "words").write_text("".join(f'"{word.decode()}"\n' for word in sorted(words)), encoding="ascii")

    def one(data: bytes) -> None:
        target(text_of(data))

    limits = [
        f"-max_total_time={options.seconds}",
        "-timeout=10",
        "-max_len=6000",
        "-rss_limit_mb=4096",
        f"-dict={work}/words",
    ]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={work}/", str(work / "corpus")], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
