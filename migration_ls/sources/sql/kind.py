"""The command tag of a statement: `ALTER TABLE`, `CREATE INDEX`, `INSERT`."""

import re

_WORDS = re.compile(r"[A-Za-z]+")
_SPACE_AND_COMMENTS = re.compile(r"--[^\n\r]*|/\*.*?\*/", re.DOTALL)
_MODIFIERS = frozenset(
    """OR REPLACE UNIQUE TEMP TEMPORARY UNLOGGED GLOBAL LOCAL RECURSIVE CONSTRAINT TRUSTED PROCEDURAL""".split()
)
_TWO_WORDS = frozenset(
    {
        "MATERIALIZED",
        "FOREIGN",
        "EVENT",
        "DEFAULT",
        "ACCESS",
        "OPERATOR",
        "TEXT",
        "USER",
    }
)
_SECOND = frozenset("VIEW TABLE DATA TRIGGER PRIVILEGES METHOD CLASS FAMILY SEARCH MAPPING".split())
_TAGS = {
    "START": "START TRANSACTION",
    "END": "COMMIT",
    "ABORT": "ROLLBACK",
    "TRUNCATE": "TRUNCATE TABLE",
    "LOCK": "LOCK TABLE",
    "REFRESH": "REFRESH MATERIALIZED VIEW",
    "VALUES": "SELECT",
    "TABLE": "SELECT",
    "ANALYSE": "ANALYZE",
}


def kind_of(sql: str) -> str:
    """The tag by the statement's first words; also of a statement that does not parse. Empty for no words."""
    head = _SPACE_AND_COMMENTS.sub(" ", sql[:400])
    words: list[str] = [word.upper() for word in _WORDS.findall(head)[:9]]
    if not words:
        return ""
    verb = words[0]
    if verb not in {"CREATE", "ALTER", "DROP"}:
        return _main_verb(sql) if verb == "WITH" else _TAGS.get(verb, verb)
    objects = [word for word in words[1:] if word not in _MODIFIERS] or [""]
    if words[1:3] == ["CONSTRAINT", "TRIGGER"]:
        objects = ["TRIGGER"]
    name = objects[0]
    if name in _TWO_WORDS and objects[1:] and objects[1] in _SECOND:
        name = f"{name} {objects[1]}"
    return f"{verb} {name}".strip()


def _main_verb(sql: str) -> str:
    """The verb of a statement that begins with WITH: the first one outside brackets."""
    from migration_ls.sources.sql.tokens import tokens

    for token in tokens(sql):
        if (
            token.depth == 0
            and token.kind == "word"
            and token.text in {"select", "insert", "update", "delete", "merge"}
        ):
            return token.text.upper()
    return "SELECT"
