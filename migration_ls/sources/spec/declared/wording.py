"""Other wordings of the same: ``the column `nickname` of `members` `` is `members.nickname`, `Removed:` is `drop`."""

import re

from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.placed import listed
from migration_ls.sources.spec.declared.subjects import ID

COLUMN_WORD = r"(?:column|field|attribute|spalte|feld|columna|campo|colonne|champ)"
ARTICLE = r"(?:(?:the|die|das|der|dem|la|el|le|del)\s+)?"
_OWNED = re.compile(
    rf"{ARTICLE}(?P<word>\b{COLUMN_WORD}\s+)?(?P<tick>`)?\b(?P<column>{ID})`?\s+(?:(?:of|in|from|on|de|aus|von|en)\s+|(?=del?\s|der\s))"
    rf"{ARTICLE}(?:(?:table|tabelle|tabla)\s+)?(?P<other>`)?(?P<table>{ID}(?:\.{ID})?)`?(?:\s+table\b)?",
    re.IGNORECASE,
)
_CALLED = re.compile(rf"{ARTICLE}\b{COLUMN_WORD}\s+(?=`{ID}\.{ID})", re.IGNORECASE)
_STATUS = re.compile(
    r"(?P<status>added|new|neu|hinzugefügt|nuev[oa]|añadid[oa]|ajoutée?|changed|modified|updated|geändert|cambiad[oa]|modifiée?"
    r"|removed?|dropped|deleted|entfernt|eliminad[oa]|supprimée?|renamed|umbenannt|renombrad[oa])\s*:\s+(?P<rest>[`\w].*)",
    re.IGNORECASE | re.DOTALL,
)
_VERBS = (
    ("add", ("added", "new", "neu", "hinzu", "nuev", "añadid", "ajout")),
    ("drop", ("remove", "dropped", "deleted", "entfernt", "eliminad", "supprim")),
    ("rename", ("renamed", "umbenannt", "renombrad")),
)
_TYPED_CODE = re.compile(rf"\A`(?P<name>{ID}(?:\.{ID})*)\s+(?P<rest>[^`]+)`")


def owned(text: str, context: Context) -> str:
    """The line with the columns that are there named with their tables in front."""

    def joined(match: "re.Match[str]") -> str:
        table = context.tables.find(match["table"]) if match["word"] or (match["tick"] and match["other"]) else None
        if table is None or context.tables.column(table, match["column"]) is None:
            return match[0]
        return f"`{match['table']}.{match['column']}`"

    return _CALLED.sub("", _OWNED.sub(joined, text))


def _verb_for(status: str) -> str:
    """The verb for what became of a thing: `add` for `added`, `drop` for `removed`; `change` for what else there is."""
    lowered = status.lower()
    return next((verb for verb, words in _VERBS if lowered.startswith(words)), "change")


def by_status(text: str) -> tuple[str, ...]:
    """``Added: `a.x` text, `a.y` date`` as lines that begin with verbs; empty for other lines."""
    match = _STATUS.fullmatch(text)
    if match is None:
        return ()
    verb = _verb_for(match["status"])
    pieces = listed(match["rest"]) if verb in {"add", "drop"} else (match["rest"],)
    return tuple(f"{verb} {_TYPED_CODE.sub(_apart, piece)}" for piece in pieces)


def _apart(match: "re.Match[str]") -> str:
    return f"`{match['name']}` {match['rest']}"
