"""The tables that documents name, each once, however it is spelled."""

import re
from dataclasses import dataclass, field

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.sources.problem import Problem
from migration_ls.sources.schema_doc.draft import STATED, TITLE, Draft
from migration_ls.sources.schema_doc.told import Told
from migration_ls.sources.schema_doc.topics import Topic
from migration_ls.sources.spec.words import key_of, plural_name

_MENTION = re.compile(r"(?<![\w.])([^\W\d]\w*)(?=\.[a-z_]|\s?\(\w)")


@dataclass(slots=True)
class Candidate:
    """Something that a heading or line names; a table once columns follow."""

    name: Name
    sure: int
    origin: Origin
    topic: Topic
    external: bool = False
    draft: Draft | None = None


@dataclass(slots=True)
class Registry:
    """The drafts in order, and what was told of tables that may come later."""

    drafts: list[Draft] = field(default_factory=list)
    told: list[tuple[Told, Origin, Candidate | None]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    """What was assumed while reading."""
    assumed: set[str] = field(default_factory=set)
    """The messages about types that were told once already."""
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    """By path: what is no PostgreSQL and was read as if it were."""
    _by_name: dict[Name, Draft] = field(default_factory=dict)
    _by_key: dict[tuple[str, ...], list[Draft]] = field(default_factory=dict)
    _by_class: dict[str, Draft] = field(default_factory=dict)

    def draft(self, candidate: Candidate) -> Draft:
        """The draft of a candidate, made where the table is not known yet."""
        if candidate.draft is not None:
            return candidate.draft
        found = self.exact(candidate.name) or self._alike(candidate)
        weak = candidate.topic.weak
        if found is None:
            found = Draft(name=candidate.name, sure=candidate.sure, origin=candidate.origin, weak=weak)
            self.drafts.append(found)
            self._enter(found)
        else:
            self.name(found, candidate)
        found.weak = found.weak and weak
        found.external = found.external or candidate.external
        found.class_name = found.class_name or candidate.topic.class_name
        if found.class_name:
            self._by_class.setdefault(found.class_name, found)
        candidate.draft = found
        return found

    def name(self, draft: Draft, candidate: Candidate) -> None:
        """Another name that was found for the table; a surer one is taken."""
        if candidate.sure < draft.sure:
            self._leave(draft)
            draft.name, draft.sure, draft.origin = candidate.name, candidate.sure, candidate.origin
            self._enter(draft)

    def _enter(self, draft: Draft) -> None:
        self._by_name[draft.name] = draft
        self._by_key.setdefault(key_of(draft.name.name), []).append(draft)

    def _leave(self, draft: Draft) -> None:
        self._by_name.pop(draft.name, None)
        self._by_key[key_of(draft.name.name)].remove(draft)

    def keep(self, drafts: list[Draft]) -> None:
        """Forgets all others."""
        kept = {id(draft) for draft in drafts}
        for draft in self.drafts:
            if id(draft) not in kept:
                self._leave(draft)
                draft.dropped = True
        self.drafts = drafts

    def exact(self, name: Name) -> Draft | None:
        """The draft of just that name."""
        return self._by_name.get(name)

    def _alike(self, candidate: Candidate) -> Draft | None:
        """The draft of the same words, singular or plural; two names that are both spelled out are two tables.

        The same identifier in another namespace is the same table where one of the two names none.
        """
        place = candidate.name.namespace
        known = self._by_key.get(key_of(candidate.name.name), ())
        for draft in known:
            is_near = draft.name.namespace == place or "public" in {draft.name.namespace, place}
            if is_near and (max(draft.sure, candidate.sure) > STATED or draft.name.name == candidate.name.name):
                return draft
        return None

    def find(self, text: str, namespace: str = "public") -> Draft | None:
        """The table that a reference such as `users`, `app.users`, `User` means."""
        place, dot, word = text.replace('"', "").rpartition(".")
        if found := self.exact(Name(word, place or namespace)):
            return found
        alike = [draft for draft in self._by_key.get(key_of(word), ()) if not dot or draft.name.namespace == place]
        if named := next((draft for draft in alike if draft.name.name == word), None):
            return named
        if not dot and (of_class := self._by_class.get(word)) and not of_class.dropped:
            return of_class
        return alike[0] if alike else None

    def settle_names(self) -> None:
        """Tables named by a title take the plural where the documents speak of their columns by it: `tasks.user_id`."""
        titled = [draft for draft in self.drafts if draft.sure == TITLE]
        mentioned = {word for text in self.texts for word in _MENTION.findall(text)} if titled else set[str]()
        for draft in titled:
            many = Name(plural_name(draft.name.name), draft.name.namespace)
            if many.name in mentioned and many != draft.name and self.exact(many) is None:
                self._leave(draft)
                draft.name = many
                self._enter(draft)
