"""Things that carry several words: `Tasks can be tagged with categories`."""

import re
from collections.abc import Iterator

from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.items import Item, SaidTags

_WORD = r"(?:tags|labels|keywords|hashtags|etiquetas)"
_ONE = r"(?:tag|label|keyword|hashtag)"
_MANY = (
    r"(?:(?:one or more|multiple|several|many|any number of|free-form|freeform|free|custom|some|zero or more|"
    r"arbitrary|colou?red|their own|own|text)\s+)*"
)

_FORMS: tuple[tuple[str, str], ...] = (
    (r"(?P<table>.+?)\s+(?:can|may|must|should|shall|will)\s+be\s+(?:tagged|labelled|labeled)\b(?!\s+as\b).*", "none"),
    ((rf"(?P<table>.+?)\s+(?:(?:can|may|must|should|shall|will)\s+)?(?:have|has|carry|carries|get|gets|gain|gains|"
     rf"support|supports)\s+{_MANY}(?P<word>{_WORD})\b.*"), "none"),
    (r"(?:tag|label)\s+(?P<table>[\w -]+?)(?:\s+(?:with|by|using|for)\b.*)?", "person"),
    (r"tagging\s+(?:of\s+)?(?P<table>[\w -]+?)(?:\s+(?:with|by)\b.*)?", "person"),
    ((rf"(?:add|attach|assign|apply|put|give|set)\s+{_MANY}(?P<word>{_WORD})\s+(?:to|on|for)\s+"
     rf"(?P<table>[\w -]+?)(?:\s+(?:and|so|when|with)\b.*)?"), "person"),
    ((rf"(?:add|attach|assign|apply|adding|assigning)\s+(?:and\s+remov(?:e|ing)\s+)?{_MANY}(?P<word>{_WORD})\s+"
     rf"(?:to|on|for|from)\s+(?P<table>[\w -]+)"), "person"),
    ((rf"(?:support|store|save|persist|keep|provide|allow|maintain)\s+{_MANY}(?P<word>{_WORD})\s+(?:on|for|of|per|"
     rf"with)\s+(?P<table>[\w -]+)"), "system"),
    (r"(?:support|provide|allow)\s+tagging\s+(?:of\s+)?(?P<table>[\w -]+)", "system"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(form, re.IGNORECASE | re.DOTALL), actor) for form, actor in _FORMS)


def tagging(clause: Clause, context: Context) -> Iterator[Item]:
    """Tags of a table."""
    text = clause.text.rstrip(" .")
    for pattern, actor in _PATTERNS:
        if actor != clause.actor or not (match := pattern.fullmatch(text)):
            continue
        table = context.tables.in_phrase(match["table"])
        if table is None or context.tables.is_external(table):
            continue
        word = (match.groupdict().get("word") or "").lower()
        name = word if word in {"labels", "keywords"} else "labels" if "label" in text.lower() and not word else "tags"
        yield SaidTags(table=table, name=name, said=context.said(clause.whole))
        return
