"""Lines that say what the list, table or fence under them is about."""

import re

LONGEST = 1000
"""Nobody requires anything in a longer sentence, and patterns would take their time over it."""

GETS_LEAD = re.compile(
    r"(?:the\s+|la\s+|el\s+)?(?:existing\s+)?(?:table\s+|tabla\s+|model\s+"
    r"|entity\s+)?`?(?P<table>[\w.]+(?:\s[\w.]+)?)`?(?:\s+(?:table|model|entity))?\s+"
    r"(?:also\s+)?(?:gets?|gains?|receives?|needs?|recibe|gana|must have|should have|will have|has|is extended "
    r"(?:with|by))"
    r"(?:\s+(?:the\s+following|these|two|three|four|five|six|some|several|following|las?|los))?(?:\s+(?:new"
    r"|additional|extra))?(?:\s+(?:columns?|fields?|attributes?|campos|columnas))?\s*:?\Z",
    re.IGNORECASE,
)
INTRODUCED_LEAD = re.compile(
    r"(?:we\s+)?(?:introduce|add|create|need)s?\s+(?:an?\s+"
    r"|the\s+)?(?:new\s+)?(?:table\s+)?`(?P<table>[a-z_][\w.]*)`(?:\s+table)?\s*(?:with\b.*)?:\Z"
    r"|(?:the\s+)?(?:table\s+|tabelle\s+)?`(?P<other>[a-z_][\w.]*)`\s+(?:table\s+)?(?:is\s+(?:new|added"
    r"|created)|ist\s+neu)\b.*:\Z",
    re.IGNORECASE,
)
"""`We introduce `tariffs`:`, `The table `tariffs` is new:`."""
UNNAMED_LEAD = re.compile(
    r"\b(?:new\s+tables?|neue\s+tabellen?|tablas?\s+nuevas?|nouvelles?\s+tables?)\b", re.IGNORECASE
)
UPDATE_LEAD = re.compile(
    r"(?:update|extend|modify|alter|change|changes to|add(?:itions)? to|add (?:the following |these )?(?:new "
    r")?(?:columns|fields) to|new (?:columns|fields) (?:in|on|for|of)|columns (?:of|for)|fields (?:of|for))\s+"
    r"(?:the\s+)?(?:table\s+)?`?(?P<table>[\w.]+)`?(?:\s+(?:table|model|entity))?(?:\s+with)?(?:\s+(?:the "
    r"following|these)(?: (?:new )?(?:columns|fields))?)?\s*:?\Z",
    re.IGNORECASE,
)
NEW_LEAD = re.compile(
    r"(?:(?:an?\s+|the\s+)?(?:new|nueva|neue|nouvelle)\s+(?:table|tabla|tabelle|join table)"
    r"|create\s+(?:an?\s+)?(?:new\s+)?table|add\s+"
    r"(?:an?\s+)?(?:new\s+)?table|tabla nueva|neue tabelle)\s*:?\s+`?(?P<table>[\w.]+)`?(?:\s+(?:with"
    r"|con)\b.*)?\s*:?\Z",
    re.IGNORECASE,
)
TABLE_LINE = re.compile(r"(?:the\s+)?(?:table(?:\s*name)?|tabla)\s*:?\s*`?(?P<table>[\w.]+)`?\s*\.?\Z", re.IGNORECASE)
SUBLIST = re.compile(
    r"[*_]*(?P<kind>indexes|indices|constraints?|unique|checks?|keys|foreign keys|relationships|rules|[íi]ndices|"
    r"restricciones)\b[^.]*:[*_]*\s*\Z",
    re.IGNORECASE,
)
"""A line that goes on about the same table."""
DOTTED = re.compile(
    r"`?(?P<table>[^\W\d]\w*(?:\.[^\W\d]\w*)?)\.(?P<rest>[^\W\d]\w*`?(?:\s*[:(]|\s+[A-Za-z]).*)", re.DOTALL
)

NAMES_COLUMN = re.compile(
    r"\A(?:[Ww]e\s+)?(?:[Ee]xtend|[Ee]nlarge)\s+(?:the\s+)?(?:table\s+)?`|`[^\W\d]\w*\.[^\W\d]\w*`"
    r"|`[^\W\d]\w*\s?\([\w, ]+\)`"
    r"|\b(?:[Cc]olumn|[Ff]ield|Spalte|Feld|columna|campo|colonne|champ)\s+`[^\W\d]\w*`\s+\w+\s+(?:\w+\s+){0,2}`?[^\W\d]\w*"
)
"""Code that names a column together with its table."""

MARKED = re.compile(
    r"\b(?:new|added|neu|nuev[oa]|nouveau|nouvelle|changed|modified|removed|dropped|renamed?|gains?"
    r"|becomes?|wird|widen\w*)\b|→|->|🆕",
    re.IGNORECASE,
)
"""That something of a table that is there is new, or otherwise than it was."""

NAMED_ENTRY = re.compile(
    r"`|\*\*|(?:new\s+)?(?:table|tabelle|tabla)\b|.*\((?:new|neu\w*|nuev[oa])\b[^()]*\)", re.IGNORECASE
)
"""How an entry begins that is the name of a new table."""
DEFINITION = re.compile(r"^[ \t]*(?P<term>[`*\w]+)[ \t]*\n[ \t]*:[ \t]+(?P<words>[^\n]+)", re.MULTILINE)
STATEMENT = re.compile(
    r"`(?P<sql>(?:ALTER\s+(?:TABLE|TYPE)|CREATE\s+(?:TABLE|TYPE|(?:UNIQUE\s+)?INDEX)|DROP\s+(?:TABLE|INDEX))\s[^`]+)`",
    re.IGNORECASE,
)
"""A statement of SQL in code."""

TAKEN_BACK = re.compile(r"(?:the|this|that|it|they|these|those|both|none)\b", re.IGNORECASE)
"""How a sentence begins that says more of what stands before it."""
COLUMNS_LEAD = re.compile(
    r"\b(?:columns?|fields?|spalten?|felder|columnas?|campos?|colonnes?|champs?)\b", re.IGNORECASE
)
ALL_COLUMNS = re.compile(r"`[\w.]+`(?:\s*(?:,|\band\b)\s*`[\w.]+`)+")
OWNED_COLUMN = re.compile(r"`\w+`\s+(?:from|of|in|on|aus|von|de)\s+(?:\w+\s+){0,2}`[\w.]+`")
ADDED_TABLE = re.compile(r"(?:new\s+)?(?:join\s+)?table\s+`?\w+`?", re.IGNORECASE)
DATABASE_LABEL = re.compile(
    r"(?:\*\*|__)?(?:DB|Database|Schema|Migration|Datenbank|Postgres(?:QL)?|BD)(?:\*\*|__)?:(?:\*\*|__)?\s+(?=\S)"
)
"""An entry that says that it is about the database, wherever it stands: `DB: drop column ...`."""
STARTS_CHECK = re.compile(r"check(?:\s+constraint)?\s*:\s*`", re.IGNORECASE)
EXISTING = re.compile(
    r"\b(?:existing|current(?:ly)?|today|as\s+is|so\s+far|bestehende?[rs]?|vorhandene?|heute|bisher|existentes?|actual(?:es)?|existantes?)\b",
    re.IGNORECASE,
)
STATUS_LINE = re.compile(r"^[ \t]*(?:\*\*)?[A-Za-zÀ-ÿ]{3,12}:(?:\*\*)?[ \t]+`[^\n]+$", re.MULTILINE)
"""A line of a paragraph that says first what becomes of a thing: ``Removed: `members.card_no` ``."""
LEADING_COLUMN = re.compile(
    r"\s*`[^\W\d]\w*(?:\.[^\W\d]\w*){0,2}`(?=\s*(?:\Z|[:;,(]|[-\u2013—>→]|to\b|is\b|as\b|from\b|of\b|in\b|aus\b|von\b|de\b))"
)
"""A line about the column it begins with."""
SAYS_RULES = re.compile(
    r"(?:(?:functional\s+|business\s+)?(?:requirements?|rules?)(?:\s+text)?|what\s+(?:is\s+)?(?:wanted"
    r"|needed)|statement|anforderung(?:en)?|requisitos?|exigences?|the\s+system\s+(?:must|shall))\Z",
    re.IGNORECASE,
)
"""How a column of a table is headed whose cells are sentences that require something."""
COLUMN_LINE = re.compile(r"^[ \t]*`?[a-z_][\w]*`?[ \t]*:[ \t]+\S[^\n]*$", re.MULTILINE)
"""A line of a paragraph that reads as a column: `points : numeric(3,1), not null`."""
KEYED = re.compile(r"(?:(?:partial|unique)\s+)*(?:index|unique|foreign\s+key)(?:\s+\w+)?\s*\Z", re.IGNORECASE)
BOLD_COLUMN = re.compile(r"(?:\*\*|__)(?P<name>[a-z_]\w*)(?:\*\*|__)(?P<rest>.*)\Z", re.DOTALL)
SIGNS = re.compile(
    "(?:(?![\N{HEAVY PLUS SIGN}\N{HEAVY MINUS SIGN}])[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]\ufe0f?\\s*)+(?=\\S)"
)
"""Pictures before an entry; plus and minus say what becomes of it."""
LAST_PART = re.compile(r"(?:,\s+(?:so|hence|therefore)\s+|:\s+(?=`))(?P<part>[^:]*`[^:]*)\Z", re.IGNORECASE)
SQL_PARAGRAPH = re.compile(
    r"(?:ALTER\s+(?:TABLE|TYPE)|CREATE\s+(?:TABLE|TYPE|(?:UNIQUE\s+)?INDEX))\s[^;]+;(?:\s*(?:ALTER|CREATE"
    r"|DROP|COMMENT|UPDATE)\s[^;]+;)*\s*\Z"
)
"""Statements that somebody wrote without a fence."""
DOTTED_LINE = re.compile(
    r"^[ \t]*`?(?P<dotted>[a-z_]\w*\.[a-z_]\w*)`?[ \t]*:?[ \t]+(?P<rest>[A-Za-z]\S*[^\n]*)$", re.MULTILINE
)
"""A line that is a column with its table and its type: `tasks.priority  smallint, not null`."""
