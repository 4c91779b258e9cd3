"""Fields that are written alike: read once for a file, then moved to where each of them stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from migration_ls.schema.changed import changed
from migration_ls.schema.origin import Origin
from migration_ls.sources.models.columns import Draft
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.facts import Assignment, Import, StarImport
from migration_ls.sources.models.lookup import Asked
from migration_ls.sources.models.terms import Ref
from migration_ls.sources.models.values import Env
from migration_ls.text.span import Span

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Alike:
    """A field that rests on nothing but imported names: its column, and what was asked for on the way."""

    draft: Draft
    asked: Asked
    statement: Assignment
    env: Env

    @cached_property
    def start(self) -> int:
        """Where the text after the name begins."""
        return _after_name(self.statement, self.env)

    @cached_property
    def line(self) -> int:
        """The line on which the text after the name begins."""
        return self.env.module.lines.line(self.start)

    @cached_property
    def words(self) -> frozenset[str]:
        """The names that the text uses; in the annotation, where names may stand in quotes, every word."""
        annotation, offset = self.statement.annotation, self.env.offset
        written = self.env.module.lines.text[offset + annotation.start : offset + annotation.end] if annotation else ""
        return frozenset((*_WORD.findall(written), *_heads(self.statement.value)))

    def means_the_same(self, env: Env) -> bool:
        """Whether no name of the text is bound in the body of a class, this field's or another's."""
        return self.words.isdisjoint(self.env.names) and self.words.isdisjoint(env.names)


def known_alike(context: Context, statement: Assignment, env: Env) -> Alike | None:
    """The field that was read before and says the same after its name."""
    known = context.alike.get(_key(statement, env))
    return known if known is not None and known.means_the_same(env) else None


def draft_alike(context: Context, known: Alike, statement: Assignment, env: Env) -> Draft:
    """The column of a field that says the same as a known one."""
    context.lookup.asked |= known.asked
    draft = known.draft
    start = _after_name(statement, env)
    by, lines = start - known.start, env.module.lines.line(start) - known.line
    if not by:
        return changed(draft)

    def moved(origin: Origin) -> Origin:
        span = origin.span
        return Origin(origin.path, Span(span.start + by, span.end + by), origin.line + lines)

    places = {name: moved(place) for name, place in draft.places.items()}
    places["name"] = env.origin((statement.start, statement.start + len(statement.name)))
    return changed(
        draft,
        key=statement.name,
        name=statement.name,
        origin=env.origin(statement),
        keys=[changed(key, origin=moved(key.origin)) if key.origin else key for key in draft.keys],
        checks=[changed(check, origin=moved(check.origin)) if check.origin else check for check in draft.checks],
        places=places,
    )


def remember(context: Context, statement: Assignment, env: Env, draft: Draft, asked: Asked) -> None:
    """Keep what a field is for fields that say the same, if nothing but its text and imported names decide that."""
    if draft.type is not None and (draft.type.enum_class is not None or draft.type.enum_name is not None):
        return
    key = _key(statement, env)
    named = "name" in key[1] or draft.places["name"].span.start != env.offset + statement.start
    if not named and all(found is None or isinstance(found[-1], Import | StarImport) for found in asked.values()):
        context.alike[key] = Alike(changed(draft, places=dict(draft.places)), asked, statement, env)


def _heads(term: object) -> Iterator[str]:
    """The names with which chains of names begin."""
    if isinstance(term, Ref):
        yield term.names[0]
    elif isinstance(term, tuple):
        for part in term:
            yield from _heads(part)


def _key(statement: Assignment, env: Env) -> tuple[str, str]:
    module = env.module
    return module.path, module.lines.text[_after_name(statement, env) : env.offset + statement.end]


def _after_name(statement: Assignment, env: Env) -> int:
    return env.offset + statement.start + len(statement.name)
