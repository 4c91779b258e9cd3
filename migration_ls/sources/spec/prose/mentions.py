"""Where a sentence speaks of tables: each such place becomes a mark, so that patterns need not know any name."""

import re
from dataclasses import dataclass

from migration_ls.schema.names import Name
from migration_ls.sources.spec.tables import Tables
from migration_ls.sources.spec.words import key_of

MARK = r"⟦(?P<{0}>\d+)⟧"
_NOT_ALONE = re.compile(
    r"⟦(\d+)⟧(?=\s+(?!(?:and|or|that|which|who|in|on|of|for|with|to|from|by|as|at|is|are|was|were|has|have"
    r"|if|when|where|unless|until|it|they|"
    r"can|may|must|shall|should|will|so|per|together)\b)[a-z])|(?<=number of )⟦(\d+)⟧|(?<=count of )⟦(\d+)⟧",
    re.IGNORECASE,
)
ANY_MARK = re.compile(r"⟦(\d+)⟧")
_WORD = re.compile(r"[^\W\d_][\w-]*", re.UNICODE)
_PLAIN = re.compile(r"[\w -]+")
_LONGEST = 3
_BEFORE = re.compile(
    r"(?:\b(?:an?|the|each|every|any|all|our|their|its|his|her|this|that|these|those|some|such|existing|older|old)\s+)+"
    r"(?:(?P<quality>[a-z][a-z-]+)\s+)?\Z",
    re.IGNORECASE,
)
_BARE_QUALITY = re.compile(r"(?:\A|(?<=[\s(]))(?:older|old|existing|new|[a-z]+ed)\s+\Z", re.IGNORECASE)
_NO_QUALITY = frozenset(
    """of in on at to for from by with and or but is are was were be been has have had must shall should can may will
    name names number date time amount price version status type no not one two many several whose which that who when
    than as per most least only same other first second""".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place that means a table; `words` are all its words, with article and adjective."""

    table: Name
    words: str
    noun: str

    @property
    def is_plural(self) -> bool:
        """Whether several rows are meant."""
        last = self.noun.rpartition(" ")[2].lower()
        return key_of(last) != (last,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A text with `⟦0⟧`, `⟦1⟧` where it mentions tables."""

    text: str
    mentions: tuple[Mention, ...]

    def table(self, number: str | None) -> Name | None:
        """The table of a mark."""
        return self.mentions[int(number)].table if number is not None else None

    def restored(self, part: str) -> str:
        """A part of the text in which only those marks stay that are nouns of their own: not in `an episode number`."""
        return _NOT_ALONE.sub(lambda match: self.mentions[int(match[1] or match[2] or match[3])].words, part)

    def plain(self, part: str) -> str:
        """A part of the text with its words back."""
        return ANY_MARK.sub(lambda match: self.mentions[int(match[1])].words, part)


def marked(text: str, tables: Tables, *, loosely: bool = False) -> Marked:
    """The text with its mentions marked; `loosely`, the last word of a name will do: `line` for `order_lines`."""
    text = text.replace("⟦", "(").replace("⟧", ")")
    words = list(_WORD.finditer(text))
    mentions: list[Mention] = []
    out: list[str] = []
    done = position = 0
    while position < len(words):
        found = _longest(text, words, position, tables, loosely=loosely)
        if found is None:
            position += 1
            continue
        table, count = found
        start, end = words[position].start(), words[position + count - 1].end()
        noun = text[start:end]
        quoted = text[start - 1 : start] == "`" and text[end : end + 1] == "`"
        if quoted and noun not in {table.name, str(table)}:
            # a column that is called as a table is: `lawyer`
            position += count
            continue
        if quoted:
            start, end = start - 1, end + 1
        start = _with_article(text, done, start)
        out += [text[done:start], f"⟦{len(mentions)}⟧"]
        mentions.append(Mention(table=table, words=text[start:end], noun=noun))
        done = end
        position += count
    out.append(text[done:])
    return Marked(text="".join(out), mentions=tuple(mentions))


def _longest(
    text: str, words: list["re.Match[str]"], position: int, tables: Tables, *, loosely: bool
) -> tuple[Name, int] | None:
    for count in range(min(_LONGEST, len(words) - position), 0, -1):
        if not tables.ends_name(words[position + count - 1][0]):
            continue
        start, end = words[position].start(), words[position + count - 1].end()
        phrase = text[start:end]
        dotted = text[end : end + 1] == "." and text[end + 1 : end + 2].isalnum()
        if dotted or text[start - 1 : start] == "." or not _PLAIN.fullmatch(phrase):
            continue
        key = key_of(phrase)
        if table := tables.named(key, loosely=loosely):
            return table, count
        if count == 1 and "-" in phrase and (table := tables.named(key[1:])):
            # `e-bikes` are bikes
            return table, count
    return None


def _with_article(text: str, done: int, start: int) -> int:
    match = _BEFORE.search(text, done, start)
    if match and (match["quality"] or "").lower() not in _NO_QUALITY:
        return match.start()
    if match and (bare := re.compile(r"(?:\ban?|the)\s+\Z").search(text, done, start)):
        return bare.start()
    match = _BARE_QUALITY.search(text, done, start)
    return match.start() if match else start
