"""What a family of sentences may look at."""

from dataclasses import dataclass

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Grade
from migration_ls.sources.spec.habits import Habits
from migration_ls.sources.spec.items import Said
from migration_ls.sources.spec.options import SpecOptions
from migration_ls.sources.spec.sentences import Sentence
from migration_ls.sources.spec.tables import Tables
from migration_ls.text.lines import LineIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The document and the project around a sentence; `subject` is the table that the section is about."""

    path: str
    lines: LineIndex
    tables: Tables
    habits: Habits
    options: SpecOptions
    subject: Name | None = None
    block: int = -1

    def origin(self, sentence: Sentence) -> Origin:
        """Where the sentence stands."""
        span = sentence.span
        return Origin(self.path, span, self.lines.line(span.start))

    def said(self, sentence: Sentence, grade: Grade = Grade.IMPLIED) -> Said:
        """That the sentence says it."""
        return Said(origin=self.origin(sentence), evidence=sentence.text.rstrip(), grade=grade, block=self.block)

    def said_at(self, origin: Origin, words: str) -> Said:
        """That words at a place declare it."""
        return Said(origin=origin, evidence=" ".join(words.split()), grade=Grade.DECLARED, block=self.block)
