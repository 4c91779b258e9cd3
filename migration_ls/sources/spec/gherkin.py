"""Features in Gherkin: their rules require something, their scenarios show it, and say what is stored in the end."""

import re
from collections.abc import Iterator

from migration_ls.sources.markdown.blocks import Fence
from migration_ls.sources.spec.clauses import IS_STORED
from migration_ls.sources.spec.sentences import Sentence, whole
from migration_ls.text.span import Span

_LATER = re.compile(r"later|wip|future|skip|todo", re.IGNORECASE)


_STEP = re.compile(r"(?P<word>Given|When|Then|And|But|\*)\s+", re.IGNORECASE)


def rules_of(text: str, block: Fence) -> Iterator[Sentence]:
    """The rules of a fenced feature, and what its scenarios store, without what is tagged for later."""
    later = skipped = outcome = False
    for match in re.finditer(r"[^\r\n]+", block.content.of(text)):
        line = match[0].strip()
        if line.startswith("@"):
            later = bool(_LATER.search(line))
        elif line.startswith("Rule:"):
            start = block.content.start + match.start()
            if not later:
                yield whole(text, Span(start, start + len(match[0])))
            later = False
        elif line.startswith(("Scenario", "Example", "Background")):
            skipped, later, outcome = later, False, False
        elif step := _STEP.match(line):
            word = step["word"].lower()
            outcome = word == "then" or (outcome and word in {"and", "but", "*"})
            if outcome and not skipped and IS_STORED.search(line):
                start = block.content.start + match.start() + match[0].index(line) + step.end()
                yield whole(text, Span(start, block.content.start + match.end()))
