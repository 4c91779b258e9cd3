"""Features in Gherkin: their rules require something, their scenarios only show it."""

import re
from collections.abc import Iterator

from migration_ls.sources.markdown.blocks import Fence
from migration_ls.sources.spec.sentences import Sentence, whole
from migration_ls.text.span import Span

_LATER = re.compile(r"later|wip|future|skip|todo", re.IGNORECASE)


def rules_of(text: str, block: Fence) -> Iterator[Sentence]:
    """The rules of a fenced feature, without those that are tagged for later."""
    later = False
    for match in re.finditer(r"[^\r\n]+", block.content.of(text)):
        line = match[0].strip()
        if line.startswith("@"):
            later = bool(_LATER.search(line))
        elif line.startswith("Rule:"):
            start = block.content.start + match.start()
            if not later:
                yield whole(text, Span(start, start + len(match[0])))
            later = False
