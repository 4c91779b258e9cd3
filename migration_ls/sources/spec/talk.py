"""What sentences of a document ask for."""

from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.schema.request import Grade
from migration_ls.sources.spec.clauses import Clause, clause_of, outcome, pieces, stores_nothing
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.entities import entity
from migration_ls.sources.spec.declared.keys import key_line, keys_in
from migration_ls.sources.spec.declared.lines import change_line
from migration_ls.sources.spec.declared.sql import read_sql_fence
from migration_ls.sources.spec.families.order import GENERAL, IMPLIED, SPELLED_OUT, Families, first
from migration_ls.sources.spec.families.values import default_values
from migration_ls.sources.spec.items import Item, SaidColumn, SaidDefault
from migration_ls.sources.spec.leads import LAST_PART, LONGEST, NAMES_COLUMN, STARTS_CHECK, STATEMENT
from migration_ls.sources.spec.prose.passage import SPEAKS_ON, Passage
from migration_ls.sources.spec.sentences import Sentence
from migration_ls.sources.spec.words import key_of
from migration_ls.text.span import Span


@dataclass(slots=True)
class Talk:
    """Reads the sentences of one document; `passage` is what the part at hand has spoken of."""

    text: str
    passage: Passage | None = None
    heading: str = ""
    """The heading above the part at hand."""

    def sentence(self, sentence: Sentence, context: Context, *, implied: bool) -> Iterator[Item]:
        """What a sentence asks for; what is only implied where that counts here."""
        if len(sentence.text) > LONGEST:
            return
        if implied and NAMES_COLUMN.search(sentence.text):
            lines = change_line(sentence.text, context.said(sentence, Grade.DECLARED), context)
            if lines is not None:
                yield from lines
                return
        if implied and "`" in sentence.text and (keys := self._keys_after(sentence, context)):
            yield from keys
            return
        if implied and STARTS_CHECK.match(sentence.text):
            checks = key_line(sentence.text, context.said(sentence, Grade.DECLARED), context)
            if checks is not None:
                yield from checks
                return
        for value in default_values(sentence.text):
            yield SaidDefault(value=value, words=frozenset(key_of(sentence.text)), said=context.said(sentence))
        clause = clause_of(sentence)
        if implied and clause is None and (then := outcome(sentence)) is not None:
            self.passage = self.passage or Passage(context, self.heading)
            yield from self.passage.read(then, context)
            return
        if clause is None and not SPEAKS_ON.match(sentence.text):
            return
        clause = clause or Clause(words=sentence, whole=sentence)
        passage = self.passage = self.passage or Passage(context, self.heading)
        found = None
        if implied and passage.is_of_new(sentence, context):
            found = list(passage.read(sentence, context)) or None
            if found:
                yield from found
                return
        found = self._heard(clause, context, IMPLIED if implied else ())
        if found is not None:
            passage.heard(sentence, found, context)
        elif implied:
            found = list(passage.read(sentence, context)) or self._heard(clause, context, GENERAL)
            found = list(entity(sentence, self.text, context)) if found is None else found
        yield from found or ()

    def _keys_after(self, sentence: Sentence, context: Context) -> list[Item]:
        """A key or a change that the last part of a sentence declares: ``..., so put a unique constraint on `a` ``."""
        match = LAST_PART.search(sentence.text)
        if match is None or context.subject is None:
            return []
        said = context.said(sentence, Grade.DECLARED)
        return key_line(match["part"], said, context) or change_line(match["part"], said, context) or []

    def _heard(self, clause: Clause, context: Context, families: Families) -> list[Item] | None:
        """What the families have to say of the parts of a clause; None when no part concerns them."""
        found: list[Item] = []
        heard = False
        for piece in pieces(clause):
            if stores_nothing(piece.text):
                heard = True
                continue
            items = list(first(piece, context, SPELLED_OUT))
            items += list(keys_in(piece, context)) if piece.text == clause.text else []
            if not items and families and not piece.is_presentation:
                items = list(first(piece, context, families))
            if not items and families and heard and self.passage and piece.whole is not clause.whole:
                # a part of the sentence that is said in words of its own; what it adds to others is heard already
                said = self.passage.read(piece.whole, context)
                items = [item for item in said if not (isinstance(item, SaidColumn) and item.is_detail)]
            found += items
            heard = heard or bool(items)
            if items and piece.text == clause.text and ";" not in piece.text:
                break
        return found if heard else None

    def code(self, span: Span, context: Context) -> list[Item]:
        """What SQL in code spans of a text declares."""
        found: list[Item] = []
        for match in STATEMENT.finditer(self.text, span.start, span.end):
            found += read_sql_fence(self.text, Span(*match.span("sql")), context) or ()
        return found
