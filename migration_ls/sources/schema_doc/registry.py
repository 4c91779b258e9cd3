"""The tables that documents name, each once, however it is spelled."""

import re
from dataclasses import dataclass, field

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.sources.schema_doc.draft import STATED, TITLE, Draft
from migration_ls.sources.schema_doc.lists import Told
from migration_ls.sources.schema_doc.topics import Topic
from migration_ls.sources.spec.words import key_of, plural_name


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
    """The drafts by name, and what was told of tables that may come later."""

    drafts: list[Draft] = field(default_factory=list)
    told: list[tuple[Told, Origin, Candidate | None]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    """What was assumed while reading."""

    def draft(self, candidate: Candidate) -> Draft:
        """The draft of a candidate, made where the table is not known yet."""
        if candidate.draft is not None:
            return candidate.draft
        found = self.exact(candidate.name) or self._alike(candidate)
        weak = candidate.topic.weak
        if found is None:
            found = Draft(name=candidate.name, sure=candidate.sure, origin=candidate.origin, weak=weak)
            self.drafts.append(found)
        else:
            found.named(candidate.name, candidate.sure, candidate.origin)
        found.weak = found.weak and weak
        found.external = found.external or candidate.external
        found.class_name = found.class_name or candidate.topic.class_name
        candidate.draft = found
        return found

    def exact(self, name: Name) -> Draft | None:
        """The draft of just that name."""
        return next((draft for draft in self.drafts if draft.name == name), None)

    def _alike(self, candidate: Candidate) -> Draft | None:
        """The draft of the same words, singular or plural; two names that are both spelled out are two tables."""
        for draft in self.drafts:
            same_place = draft.name.namespace == candidate.name.namespace or "public" in {
                draft.name.namespace,
                candidate.name.namespace,
            }
            surest = max(draft.sure, candidate.sure)
            if same_place and surest > STATED and key_of(draft.name.name) == key_of(candidate.name.name):
                return draft
        # The same identifier in another namespace is the same table where one of the two names none.
        return next(
            (
                draft
                for draft in self.drafts
                if draft.name.name == candidate.name.name
                and "public" in {draft.name.namespace, candidate.name.namespace}
                and draft.name.namespace != candidate.name.namespace
            ),
            None,
        )

    def find(self, text: str, namespace: str = "public") -> Draft | None:
        """The table that a reference such as `users`, `app.users`, `User` means."""
        place, dot, word = text.replace('"', "").rpartition(".")
        drafts = [draft for draft in self.drafts if not dot or draft.name.namespace == place]
        fitting: list[Draft] = (
            [draft for draft in drafts if draft.name == Name(word, place or namespace)]
            or [draft for draft in drafts if draft.name.name == word]
            or [draft for draft in drafts if draft.class_name == word]
            or [draft for draft in drafts if key_of(draft.name.name) == key_of(word)]
        )
        return fitting[0] if fitting else None

    def settle_names(self) -> None:
        """Tables named by a title take the plural where the documents speak of their columns by it: `tasks.user_id`."""
        text = "\n".join(self.texts)
        for draft in self.drafts:
            many = plural_name(draft.name.name)
            if draft.sure != TITLE or many == draft.name.name or self.exact(Name(many, draft.name.namespace)):
                continue
            if re.search(rf"(?<![\w.]){re.escape(many)}(?:\.[a-z_]\w*|\s?\(\w)", text):
                draft.name = Name(many, draft.name.namespace)
