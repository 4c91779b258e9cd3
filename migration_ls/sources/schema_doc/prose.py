"""Sentences of running text that state keys, checks and indexes."""

import re
from collections.abc import Iterator

from migration_ls.sources.markdown.inline import plain
from migration_ls.sources.schema_doc.lists import told_by_constraint, told_by_index
from migration_ls.sources.schema_doc.told import Told
from migration_ls.sources.schema_doc.topics import INLINE_CONSTRAINT

_SENTENCES = re.compile(r"(?<=[.;])\s+(?=[A-Z(`])")
_LABEL = re.compile(
    r"^\W*(?:keys?|constraints?|restricciones|contraintes|schlüssel|chaves|claves)\s*:\W*(?=\w)", re.IGNORECASE
)
_INDEX = re.compile(
    r"^\W*(?:unique\s+)?index\s*(?=\()|\b(?:there\s+(?:is|are)|we\s+(?:have|keep|add|use)|it\s+has|has)\s+(?:also\s+)?"
    r"(?:an?\s+)?(?=(?:[\w-]+\s+){0,2}index(?:es)?\s+on\b)|(?<=\s)(?=`[\w.]+`\s+is\s+indexed\b)",
    re.IGNORECASE,
)
_ARROW = re.compile(r"^\W*[`*]*\w+(?:\.\w+)?[`*]*\s*(?:→|->|=>)\s*[`*]*\w+\.\w+[`*]*\s*(?:\([^()]*\))?\W*$")
_CODE = re.compile(
    r"`(?P<sql>(?:constraint\s+\w+\s+)?(?:unique|check|foreign\s+key|primary\s+key)\s*\([^`]+)`", re.IGNORECASE
)
_DENIED = re.compile(
    r"\b(?:no|not|never|without|instead|would|could|might|drop(?:ped)?|removed|later|future)\b", re.IGNORECASE
)


def told_in_prose(line: str) -> Iterator[Told]:
    """What the sentences of a line tell that speak of constraints and indexes in so many words."""
    for part in _SENTENCES.split(line):
        words = plain(part)
        label = _LABEL.match(part)
        if label:
            yield from told_by_constraint(part[label.end() :])
        elif INLINE_CONSTRAINT.match(words):
            yield from told_by_constraint(part)
        elif _ARROW.match(part):
            yield from told_by_constraint(re.sub(r"^[^\w`(]+", "", part))
        elif not _DENIED.search(words) and ((index := _INDEX.search(part)) is not None):
            yield from told_by_index(re.sub(r"^[^\w`(]+", "", part[index.start() :]))
        elif not _DENIED.search(_CODE.sub(" ", words)):
            for code in _CODE.finditer(part):
                yield from told_by_constraint(code["sql"])
