"""Which table a noun means."""

import re
from dataclasses import dataclass, field

from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Table
from migration_ls.sources.spec.words import key_of, words_of

_TRAILING = frozenset({"table", "tabla", "model", "entity", "record", "row", "class", "object", "tables", "entities"})
_LEADING = frozenset({"table", "tabla", "la", "the", "a", "an", "each", "every", "all", "any", "new", "existing", "el",
                      "entity", "model", "update", "extend", "modify", "alter", "changes", "to", "create", "add",
                      "no", "some", "another", "this", "that", "which", "its", "their", "of", "in", "on",
                      "for"})  # fmt: skip


@dataclass(slots=True)
class Tables:
    """The tables there are, and those a feature adds, by the nouns that mean them."""

    schema: Schema
    new: dict[tuple[str, ...], Name] = field(default_factory=dict)
    enum_types: dict[str, str] = field(default_factory=dict)
    """The enum types there are, as SQL spells them, by the names that documents use."""
    _known: dict[tuple[str, ...], Name | None] = field(default_factory=dict)
    _lasts: set[str] = field(default_factory=set)
    _new_lasts: tuple[int, frozenset[str]] = (0, frozenset())

    def __post_init__(self) -> None:
        for enum in self.schema.enums:
            self.enum_types |= {enum.name.lower(): str(enum), str(enum).lower(): str(enum)}
        for name, table in self.schema.tables.items():
            for words in (name.name, str(name), table.class_name or ""):
                if words and (key := key_of(words)):
                    # A noun that two tables could be called by means neither.
                    known = self._known.get(key, name)
                    self._known[key] = name if known == name else None
                    self._lasts.add(key[-1])

    def add(self, phrase: str, name: Name) -> None:
        """From now on the phrase means the new table."""
        self.new[key_of(phrase)] = name
        self.new[key_of(name.name)] = name
        self.new[key_of(str(name))] = name

    def find(self, phrase: str) -> Name | None:
        """The table that the phrase means as a whole: a name, a class, `credit notes`, `the Invoice model`."""
        phrase = phrase.strip().strip("`*\"' ")
        key = key_of(phrase)
        if not key:
            return None
        if found := self.new.get(key) or self._known.get(key):
            return found
        words = list(words_of(phrase))
        while words and words[0] in _LEADING:
            words.pop(0)
        while words and words[-1] in _TRAILING:
            words.pop()
        key = key_of(" ".join(words))
        return (self.new.get(key) or self._known.get(key)) if key else None

    def ends_name(self, word: str) -> bool:
        """Whether some table's name ends with the word."""
        key = key_of(word)
        if self._new_lasts[0] != len(self.new):
            self._new_lasts = (len(self.new), frozenset(name[-1] for name in self.new if name))
        return bool(key) and (key[-1] in self._lasts or key[-1] in self._new_lasts[1])

    def named(self, key: tuple[str, ...], *, loosely: bool = False) -> Name | None:
        """The table with exactly this key; `loosely`, the only one whose name ends so: `line` for `order_lines`."""
        if found := self.new.get(key) or self._known.get(key):
            return found
        if not loosely or not key or key[-1] not in self._lasts or key[-1] in _TRAILING:
            return None
        ending = {name for words, name in self._known.items() if name and words[-len(key) :] == key}
        return ending.pop() if len(ending) == 1 else None

    def find_new_ending(self, phrase: str) -> Name | None:
        """The table of this feature whose name ends with the phrase, when there is only one: `subscription`."""
        key = key_of(phrase)
        found = {name for words, name in self.new.items() if key and words[-len(key) :] == key}
        return found.pop() if len(found) == 1 else None

    def are_mentioned(self, text: str) -> bool:
        """Whether a word of the text is the last word of some table's name."""
        words = key_of(text)
        return not self._lasts.isdisjoint(words) or any(key[-1] in words for key in self.new)

    def in_phrase(self, phrase: str) -> Name | None:
        """The table that the last words of a phrase mean: `a sent invoice`, `the waiting guests`."""
        words = re.findall(r"[\w.]+", phrase.replace("`", ""))
        for start in range(max(0, len(words) - 4), len(words)):
            if found := self.find(" ".join(words[start:])):
                return found
        return self.find_new_ending(words[-1]) if words else None

    def table(self, name: Name) -> Table | None:
        """The table as it is, None for one that the feature adds."""
        return self.schema.table(name)

    def column(self, name: Name, column: str) -> Column | None:
        """The column as it is."""
        table = self.schema.table(name)
        return table.column(column) if table else None

    def column_meant(self, name: Name, words: str) -> Column | None:
        """The column that words mean: by its name, or as the only one of the table for such a thing."""
        from migration_ls.sources.spec.nouns import column_name, same_attribute

        table = self.schema.table(name)
        if table is None:
            return None
        wanted = column_name(words)
        key = "_".join(key_of(words))
        for candidate in (words.strip("` "), wanted, key, f"{key}_id"):
            if (found := table.column(candidate)) is not None:
                return found
        alike = [column for column in table.columns if same_attribute(column.name, wanted)]
        return alike[0] if len(alike) == 1 else None

    def is_external(self, name: Name) -> bool:
        """Whether somebody else manages the table."""
        table = self.schema.table(name)
        return table is not None and table.external
