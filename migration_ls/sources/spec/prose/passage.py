"""The sentences of a block one after another: what a later one adds to what an earlier one said."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.schema.request import Grade
from migration_ls.sources.spec.clauses import Clause, clause_of, stores_nothing
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details
from migration_ls.sources.spec.items import Item, Said, SaidChange, SaidCheck, SaidColumn, SaidTable, SaidUnique
from migration_ls.sources.spec.prose.asking import Spoken, asked_after, asking, can_be
from migration_ls.sources.spec.prose.existing import existing
from migration_ls.sources.spec.prose.having import having
from migration_ls.sources.spec.prose.mentions import MARK, Marked, Mention, marked
from migration_ls.sources.spec.prose.new_tables import new_thing
from migration_ls.sources.spec.prose.relating import relating
from migration_ls.sources.spec.prose.ruling import ruling
from migration_ls.sources.spec.prose.several import several
from migration_ls.sources.spec.prose.told import told
from migration_ls.sources.spec.sentences import Sentence
from migration_ls.sources.spec.words import singular, words_of

_LONGEST = 600
_CONDITION = re.compile(
    r"\A(?:when|if|once|after|whenever|as soon as)\b[^,]{3,80},\s*(?:then\s+)?(?=\S)", re.IGNORECASE
)
_OPENING = re.compile(
    r"\A(?:from now on|from this release on|therefore|in that case|in addition|additionally|also|moreover"
    r"|furthermore|besides|and|but|then|for that|"
    r"it (?:must|shall|should) be possible (?:for \w+ )?to|so|until now|as of (?:now|today)"
    r"|in (?:the )?future|optionally|to start with|finally|please)\b,?\s+",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s*;\s*|,\s+(?:and|so|but|while)\s+|\s+(?:\u2013|—)\s+|:\s+(?=(?:we|the|it|they|keep|store|rename"
    r"|drop|remove)\b|`)|\.\s+"
    r"|\s+and\s+(?=the\s+(?:time|date|moment|reason|name|number)\b[^,;]*\s(?:is|are|must be)\s)",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"\A(?:it|they|this|that|these|the default|the standard|the (?:first|initial)"
    r"|the (?P<noun>[\w-]+(?:\s[\w-]+)?)|existing|older|old|without|where|if|until|"
    r"nobody|everybody|everyone|normally|by default|a new|new|for|nothing|none|no|otherwise|when|donations"
    r"|some|not all|most)\b",
    re.IGNORECASE,
)
SPEAKS_ON = re.compile(
    r"(?:it|they)\s+(?:cannot|can't|(?:can|may|must|shall|should|will)\s*(?:not|never))\b", re.IGNORECASE
)
"""How a sentence begins that goes on about what was said before."""
_ACROSS = re.compile(r"(?:it|they|this|the default|leaving it|everybody|a new)\b", re.IGNORECASE)
"""How a later entry of a list begins that speaks of the one before."""
_ITSELF = re.compile(
    rf"{MARK.format('t')}\s+(?:(?:must|shall|should|will|has to|have to|needs? to)\s+)?(?:also\s+)?"
    r"(?:remember|record|store|keep|note|know|log|say|show)s?\s+(?P<rest>(?:until\s+)?(?:when|who|why"
    r"|whether|how)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_IT = re.compile(r"\b(?:it|they|them|he|she)\b", re.IGNORECASE)
_FOR_EACH = re.compile(rf"\A(?:for|with|on)\s+(?:(?:each|every|all)\s+)?{MARK.format('t')},?\s+(?=\S)", re.IGNORECASE)
_ALLOWS = re.compile(
    rf"\A(?:allow|let|permit|enable)s?\s+{MARK.format('t')}\s+(?:to\s+)?(?=(?:have|store|carry|hold|keep)\b)",
    re.IGNORECASE,
)
_ROLE = re.compile(r"\A\W*as\s+an?\s+(?P<role>[a-z][a-z -]*?),?\s+I\s+", re.IGNORECASE)
_ROLE_HEADING = re.compile(r"\bas\s+an?\s+(?P<role>[a-z][a-z -]*?)\s*(?:[,:]|\Z)", re.IGNORECASE)
_MINE = re.compile(
    r"\A(?:I\s+(?:can|may|want to|would like to)\s+)?(?:set|choose|change|enter|pick|select|add|store|give"
    r"|leave|provide|upload)\s+my\s+(?:own\s+)?",
    re.IGNORECASE,
)
_STORE_FOR_EACH = re.compile(
    r"(?:record|store|keep|save|note|track|document|hold)s?\s+for\s+(?:(?:each|every"
    rf"|all)\s+)?{MARK.format('t')},?\s+(?=\S)",
    re.IGNORECASE,
)
_WE_KEEP = re.compile(
    r"(?:(?:we|the system|one|please|it)\s+)?(?:(?:must|shall|should|want to|need to|have to)\s+)?"
    r"(?P<verb>need|record|store|keep|save|note|track|want|document|know)s?\s+(?P<object>.+)",
    re.IGNORECASE | re.DOTALL,
)
_QUESTION = re.compile(
    r"(?:until\s+|since\s+)?(?:when|who|whether|why|how|if|by whom|which|what|where)\b", re.IGNORECASE
)
_KEPT_THINGS = re.compile(
    r"\b(?:store|keep|record|track|manage|save|maintain)s?\s+(?P<noun>[a-z]+s)\s*\Z", re.IGNORECASE
)
_PRONOUN = re.compile(
    r"\A(?:it|they|each(?: one)?|every one)\s+(?=(?:has|have|carries|carry|belongs?|can|may|must|shall|should)\b)",
    re.IGNORECASE,
)


class Passage:
    """Reads the sentences of a part of a document, in order; `context` is that of the sentence at hand."""

    def __init__(self, context: Context, heading: str = "") -> None:
        self._context = context
        self._block = context.block
        self._topic: Name | None = None
        self._topic_block = -1
        self._within: Name | None = None
        self._columns: tuple[SaidColumn, ...] = ()
        self._spoken = Spoken()
        self._awaited: frozenset[str] = frozenset()
        self._loose = Details()
        role = _ROLE_HEADING.search(heading)
        self._role: Name | None = context.tables.find(role["role"]) if role else None

    def is_of_new(self, sentence: Sentence, context: Context) -> bool:
        """Whether the sentence begins with a table that only prose tells of: it says more about that table."""
        self._context = context
        return self._is_of_new(marked(sentence.text, context.tables))

    def heard(self, sentence: Sentence, items: Sequence[Item], context: Context) -> None:
        """Takes note of what a sentence said that was understood already."""
        self._context = context
        self._note(marked(sentence.text, self._context.tables), items)

    def read(self, sentence: Sentence, context: Context) -> Iterator[Item]:
        """What a sentence asks for that says it in words of its own."""
        self._context = context
        text = sentence.text
        clause = clause_of(sentence)
        if clause is None and SPEAKS_ON.match(text):
            clause = Clause(words=sentence, whole=sentence)
        if clause is None or len(text) > _LONGEST or clause.is_presentation:
            return
        said = self._context.said(sentence)
        if role := _ROLE.match(text):
            self._role = context.tables.find(role["role"])
        if stores_nothing(text):
            self._columns = ()
            return
        items = tuple(self._with_loose(self._items(clause, said)))
        self._loose = Details() if items else _bounds_in(text)
        self._note(marked(text, self._context.tables), items)
        yield from items

    def _with_loose(self, items: Iterator[Item]) -> Iterator[Item]:
        """The items; a column of unknown type takes the bounds that the sentence before speaks of."""
        loose = self._loose if self._context.block == self._topic_block else Details()
        for item in items:
            if loose != Details() and isinstance(item, SaidColumn) and item.details.type == ColumnType("text"):
                yield replace(item, details=replace(item.details, type=None, low=loose.low, high=loose.high))
            else:
                yield item

    def _items(self, clause: Clause, said: Said) -> Iterator[Item]:
        self._within = None
        first, _, rest = clause.whole.text.partition(";")
        spoken = (can_be(marked(first, self._context.tables)) if rest else None) or self._spoken
        if told_after := tuple(asked_after(rest.strip() or first, spoken, self._context, said)):
            yield from told_after
            return
        texts, parts = self._readings(clause)
        for words in texts:
            if items := self._heard_in(words, said):
                yield from items
                yield from self._rest(words, items, said)
                yield from self._rules(parts[1:], items, said)
                return
        found: list[Item] = []
        unheard: list[str] = []
        for words in parts:
            columns = [item for item in found if isinstance(item, SaidColumn) and not item.is_detail]
            if heard := self._after(words, found, said) or self._heard_in(words, said):
                found = [*without_flags(found, heard), *heard]
                if any(isinstance(item, SaidTable) for item in heard):
                    # what was said before of a table that was not known yet
                    found += [item for one in unheard for item in self._heard_in(one, said)]
                unheard = []
            elif len(columns) == 1:
                found += _more(columns[0], words, said)
            elif not found:
                unheard.append(words)
        yield from found or self._details(clause.whole.text, said)

    def _heard_in(self, words: str, said: Said) -> tuple[Item, ...]:
        """What the words say, taken strictly, or else loosely."""
        if self._within is None and (named := marked(words, self._context.tables).mentions):
            self._within = named[0].table
        strict = ""
        for loosely in (False, True):
            mark = marked(words, self._context.tables, loosely=loosely)
            if mark.text == strict:
                break
            strict = mark.text
            if items := tuple(self._one(mark, said)):
                return items
        return ()

    def _rules(self, parts: Sequence[str], items: Sequence[Item], said: Said) -> Iterator[Item]:
        """Rules about columns in later parts of a sentence: `must have a badge, and badges are unique`."""
        if any(isinstance(item, SaidUnique | SaidCheck) for item in items):
            return
        for words in parts:
            mark = marked(words, self._context.tables)
            rules = existing(mark, self._context, said, self._within or self._topic)
            yield from (item for item in rules if isinstance(item, SaidUnique | SaidCheck))

    def _after(self, words: str, before: Sequence[Item], said: Said) -> tuple[Item, ...]:
        """What words say of the state that the part before them tells of: `and the time of it is recorded`."""
        flags = [item for item in before if isinstance(item, SaidColumn) and item.details.type == ColumnType("boolean")]
        if len(flags) != 1:
            return ()
        spoken = Spoken(table=flags[0].table, done=flags[0].name.removeprefix("is_").replace("_", " "))
        return tuple(asked_after(words, spoken, self._context, said))

    def _readings(self, clause: Clause) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words of the sentence whole and without their opening, and piece by piece."""
        whole = _bare(clause.whole.text)
        texts = dict.fromkeys((whole,) if clause.actor == "none" else (whole, clause.text))
        parts: dict[str, None] = {}
        for text in texts:
            for piece in _CUT.split(text):
                bare = _bare(piece.strip())
                if len(bare.split()) > 2 and bare not in texts and not any(part in bare for part in parts):
                    parts[bare] = None
        return tuple(texts), tuple(parts)

    def _one(self, mark: Marked, said: Said) -> Iterator[Item]:
        context = self._context
        if self._topic is not None and (match := _PRONOUN.match(mark.text)):
            words = match[0].strip()
            noun = self._topic.name
            mentions = (*mark.mentions, Mention(table=self._topic, words=words, noun=noun))
            text = f"⟦{len(mark.mentions)}⟧ {mark.text[match.end() :]}"
            mark = replace(mark, text=text, mentions=mentions)
        if (match := _MINE.match(mark.text)) and self._role is not None:
            mentions = (*mark.mentions, Mention(table=self._role, words="I", noun=self._role.name))
            text = f"⟦{len(mark.mentions)}⟧ may have a {mark.text[match.end() :]}"
            mark = replace(mark, text=text, mentions=mentions)
        if match := _ITSELF.fullmatch(mark.text):
            mark = replace(mark, text=_IT.sub(f"⟦{match['t']}⟧", match["rest"], count=1))
        if match := _ALLOWS.match(mark.text):
            mark = replace(mark, text=f"⟦{match['t']}⟧ may {mark.text[match.end() :]}")
        if match := _FOR_EACH.match(mark.text):
            mark = replace(mark, text=_of_each(match["t"], mark.text[match.end() :].rstrip(" .")))
        elif match := _STORE_FOR_EACH.match(mark.text):
            mark = replace(mark, text=_of_each(match["t"], f"keep {mark.text[match.end() :].rstrip(' .')}"))
        readers: tuple[Callable[[], Iterator[Item]], ...] = (
            lambda: new_thing(mark, context, said, self._awaited) if self._is_of_new(mark) else iter(()),
            lambda: existing(mark, context, said, self._topic),
            lambda: ruling(mark, context, said, self._topic),
            lambda: asking(mark, context, said, self._before()),
            lambda: several(mark, context, said),
            lambda: relating(mark, context, said),
            lambda: having(mark, context, said, self._near_topic()),
            lambda: new_thing(mark, context, said, self._awaited),
        )
        for reader in readers:
            if items := tuple(reader()):
                yield from items
                return

    def _near_topic(self) -> Name | None:
        """The table that the sentence names before these words, or that the block speaks of."""
        if self._within is not None:
            return self._within
        return self._topic if self._topic and self._context.block == self._topic_block else self._context.subject

    def _is_of_new(self, mark: Marked) -> bool:
        """Whether the sentence begins with a table that this feature adds."""
        first = mark.mentions[0].table if mark.mentions and mark.text.startswith("⟦0⟧") else None
        return first is not None and self._context.tables.table(first) is None

    def _before(self) -> Spoken:
        return self._spoken if self._spoken.table else Spoken(table=self._topic)

    def _rest(self, words: str, items: Sequence[Item], said: Said) -> Iterator[Item]:
        """What later parts of the same sentence tell of a single column."""
        columns = [item for item in items if isinstance(item, SaidColumn) and not item.is_detail]
        cut = _CUT.search(words)
        if len(columns) == 1 and cut:
            yield from _more(columns[0], words[cut.end() :], said)

    def _details(self, text: str, said: Said) -> Iterator[Item]:
        """What a sentence adds to the columns of the one before."""
        near = self._context.block == self._block or bool(_ACROSS.match(text))
        follows = _FOLLOWS.match(text)
        if len(self._columns) == 1 and near and follows and _is_of(self._columns[0], follows["noun"] or ""):
            yield from _more(self._columns[0], text, said)

    def _note(self, mark: Marked, items: Sequence[Item]) -> None:
        """Remembers what was spoken of."""
        columns = tuple(item for item in items if isinstance(item, SaidColumn) and not item.is_detail)
        if columns:
            self._columns, self._block = columns, self._context.block
            self._topic, self._topic_block = columns[0].table, self._context.block
        elif any(isinstance(item, SaidChange | SaidUnique | SaidCheck) for item in items):
            self._columns = ()
        if mark.mentions and not columns:
            self._topic, self._topic_block = mark.mentions[0].table, self._context.block
        self._spoken = can_be(mark) or self._spoken
        if kept := _KEPT_THINGS.search(mark.text.strip().rstrip(" .")):
            self._awaited |= {singular(kept["noun"].lower())}


def without_flags(found: list[Item], items: Sequence[Item]) -> list[Item]:
    """What was found, without flags that a time says as well, as after `may be archived`: `we remember when`."""
    times = {
        (item.table, item.name.removesuffix("_at"))
        for item in items
        if isinstance(item, SaidColumn) and item.name.endswith("_at")
    }
    return [
        item
        for item in found
        if not (
            isinstance(item, SaidColumn)
            and item.details.type == ColumnType("boolean")
            and item.said.grade is Grade.IMPLIED
            and (item.table, item.name.removeprefix("is_")) in times
        )
    ]


_ANY_COLUMN = frozenset(
    """value values number amount text list field column attribute date time length minimum maximum limit unit options
    choices lowest highest smallest largest shortest longest usual normal initial""".split()
)


def _is_of(column: SaidColumn, noun: str) -> bool:
    """Whether a noun can mean the column: it has a word of its name, or is a word for any column."""
    words = {singular(word) for word in words_of(noun)}
    return not noun or bool(words & ({singular(word) for word in words_of(column.name)} | _ANY_COLUMN))


def _of_each(number: str, words: str) -> str:
    """What is wanted of each row, with the table as the subject: `we need the date of birth` of each member."""
    match = _WE_KEEP.fullmatch(words)
    if match is None:
        return f"{words} of ⟦{number}⟧"
    if _QUESTION.match(match["object"]):
        return f"keep {_IT.sub(f'⟦{number}⟧', match['object'], count=1)}"
    return f"⟦{number}⟧ must have {match['object']}"


def _bounds_in(text: str) -> Details:
    """The two bounds that a sentence names: `we ask how satisfied the caller is, from 1 to 5`."""
    details = told(text, values=False)
    both = details.low is not None and details.high is not None
    return Details(low=details.low, high=details.high) if both else Details()


def _bare(text: str) -> str:
    """The words without what only opens the sentence: a condition, `in addition`."""
    while match := _OPENING.match(text) or _CONDITION.match(text):
        if match.end() >= len(text):
            break
        text = text[match.end() :]
    return text


def _more(column: SaidColumn, words: str, said: Said) -> Iterator[Item]:
    known = column.details
    details = told(words, Details(type=known.type, values=known.values))
    if details.type == known.type and details.values == known.values:
        details = replace(details, type=None, values=())
    if details != Details() and details != known:
        yield SaidColumn(table=column.table, name=column.name, details=details, said=said, is_detail=True)
