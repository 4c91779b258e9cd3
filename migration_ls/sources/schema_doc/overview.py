"""What has to be known of a whole document before its first table is read."""

import re

from migration_ls.sources.markdown.blocks import Block, Bullet, Fence, Heading, Paragraph
from migration_ls.sources.markdown.document import Document
from migration_ls.sources.schema_doc.topics import DOCUMENT, NAMESPACE, REFERENCE, Topic, topic_of
from migration_ls.text.span import Span

_PYTHON = frozenset({"python", "py", "python3"})
_MARKED_ENOUGH = 2
_ENUMS = re.compile(r"\W{0,3}(?:\w+ )?(?:enum|aufz|énum)\w*\W*\Z", re.IGNORECASE)


class Overview:
    """The headings of a document and what they say together; `trusting` reads sections about something else too."""

    def __init__(self, document: Document, text: str, *, trusting: bool) -> None:
        self._text = text
        self._trusting = trusting
        self._document = document
        self._hides: dict[Span, bool] = {}
        headings = [block for block in document.blocks if isinstance(block, Heading)]
        topics = [self.topic(heading) for heading in headings]
        self._title = headings[0] if headings else None
        self._heads_all = any(topic.kind == "table" for topic in topics[1:])
        marked = sum(topic.marked for topic in topics if topic.kind == "table")
        self.distrusts_titles = marked >= _MARKED_ENOUGH
        """Whether headings of words are no tables, since others say that they are."""
        self.has_enums = any(topic.kind == "enums" for topic in topics) or any(
            isinstance(block, Bullet) and _ENUMS.match(block.text) for block in document.blocks
        )
        self.namespace = self._find_namespace()
        """The one that the document names for all its tables."""

    def topic(self, heading: Heading) -> Topic:
        """What the heading is about."""
        return topic_of(heading.span.of(self._text))

    def _find_namespace(self) -> str | None:
        named: set[str] = set()
        for block in self._document.blocks:
            if isinstance(block, Paragraph) and len(block.section) <= 1:
                named |= {match["name"] or match["other"] for match in NAMESPACE.finditer(block.text)}
        return named.pop() if len(named) == 1 else None

    def is_document_title(self, block: Heading) -> bool:
        """Whether it names the document: `# Chat schema` over headings that name tables."""
        if block is not self._title or block.level > 1:
            return False
        return bool(REFERENCE.search(block.text)) or (self._heads_all and bool(DOCUMENT.search(block.text)))

    def is_elsewhere(self, block: Block) -> bool:
        """Whether the block stands in a section about something else; the document's title says nothing of that."""
        return not self._trusting and any(self.is_hiding(heading) for heading in block.section)

    def is_hiding(self, heading: Heading) -> bool:
        """Whether what stands under the heading is about something else."""
        known = self._hides.get(heading.span)
        if known is None:
            is_title = heading is self._title and heading.level == 1
            known = not is_title and self.topic(heading).kind == "elsewhere"
            self._hides[heading.span] = known
        return known

    def read_blocks(self) -> list[Block]:
        """The blocks that are about the schema."""
        return [block for block in self._document.blocks if not self.is_elsewhere(block)]

    def python_fences(self) -> list[Fence]:
        """The fences of Python that are about the schema."""
        fences = (block for block in self._document.blocks if isinstance(block, Fence))
        return [block for block in fences if block.language in _PYTHON and not self.is_elsewhere(block)]
