"""Fields that are written alike: read once for a file, then moved to where each of them stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
_MOST = 1_000
"""Fields that are kept of one file; more come together only by much editing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A field that rests on nothing but its text and imported names."""

    draft: Draft
    asked: Asked
    """The bindings that were asked for on the way."""
    basis: tuple[object, ...]
    """What else decides what a field is: which files there are, and the release of SQLModel."""
    start: int
    line: int
    """Where the text after the name begins."""
    words: frozenset[str]
    """The names in the text; in the annotation, where names may stand in quotes, every word."""


def known_alike(context: Context, statement: Assignment, env: Env) -> Alike | None:
    """The field that was read before, in this text of the file or a former one, and says the same after its name."""
    key = _key(statement, env)
    if key not in context.alike:
        kept: Alike | None = env.module.fields.get(key[1])
        context.alike[key] = _still_so(context, kept) if kept is not None else None
    known = context.alike[key]
    return known if known is not None and known.words.isdisjoint(env.names) else None


def _still_so(context: Context, known: Alike) -> Alike | None:
    """The known field with the bindings as they are now; None when one of them is another."""
    modules = context.lookup.modules
    if known.basis != _basis(context):
        return None
    asked: Asked = {}
    for place, before in known.asked.items():
        now = asked[place] = modules.binding(*place)
        if now == before:
            continue
        if now is None or before is None or place[1] == "*" or now[1] != before[1]:
            return None
    return changed(known, asked=asked)


def draft_alike(context: Context, known: Alike, statement: Assignment, env: Env) -> Draft:
    """The column of a field that says the same as a known one."""
    context.lookup.asked |= known.asked
    draft = known.draft
    start = _after_name(statement, env)
    by, lines = start - known.start, env.module.lines.line(start) - known.line

    def moved(origin: Origin) -> Origin:
        span = origin.span
        return Origin(origin.path, Span(span.start + by, span.end + by), origin.line + lines) if by or lines else origin

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
    path, text = _key(statement, env)
    named = "name" in text or draft.places["name"].span.start != env.offset + statement.start
    if named or not all(found is None or isinstance(found[-1], Import | StarImport) for found in asked.values()):
        return
    words = frozenset(_words(statement, env))
    if not words.isdisjoint(env.names):
        return
    start = _after_name(statement, env)
    made = Alike(
        draft=changed(draft, places=dict(draft.places)),
        asked=asked,
        basis=_basis(context),
        start=start,
        line=env.module.lines.line(start),
        words=words,
    )
    kept = env.module.fields
    if len(kept) >= _MOST:
        kept.clear()
    context.alike[path, text] = kept[text] = made


def _basis(context: Context) -> tuple[object, ...]:
    return context.lookup.modules.paths, context.aware_datetimes


def _words(statement: Assignment, env: Env) -> Iterator[str]:
    annotation = statement.annotation
    if annotation is not None:
        start, end = env.offset + annotation.start, env.offset + annotation.end
        yield from _WORD.findall(env.module.lines.text[start:end])
    yield from _heads(statement.value)


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
