"""Identifiers and literals as SQL text, always safe to splice."""

import re
from collections.abc import Mapping

from migration_ls.postgres.keywords import QUOTED_KEYWORDS
from migration_ls.postgres.versions import IDENTIFIER_BYTES

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")
_LEXEMES = re.compile(
    r"""(?P<other>e'(?:[^'\\]|''|\\.)*'|[xbn]?'(?:[^']|'')*'|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$"""
    r"""|(?:::|\bas\b)\s*(?:double\s+precision|(?:character|bit)\s+varying"""
    r"""|time(?:stamp)?\s*(?:\(\d+\)\s*)?with(?:out)?\s+time\s+zone|"(?:[^"]|"")*"|[\w.]+))"""
    r"""|(?P<quoted>"(?:[^"]|"")*")|(?P<plain>[^\W\d][\w$]*)""",
    re.DOTALL | re.IGNORECASE,
)
"""Literals and casts, which hold no columns, and names."""


def identifier(name: str) -> str:
    """The name as SQL has to spell it: quoted only where that is needed, like PostgreSQL's `quote_ident`."""
    if _PLAIN.match(name) and name not in QUOTED_KEYWORDS:
        return name
    return '"' + name.replace("\0", "").replace('"', '""') + '"'


def qualified(namespace: str, name: str) -> str:
    """Namespace and name; `public` is left out."""
    return identifier(name) if namespace == "public" else f"{identifier(namespace)}.{identifier(name)}"


def identifiers(names: "tuple[str, ...] | list[str]") -> str:
    """A comma-separated list of column names."""
    return ", ".join(identifier(name) for name in names)


def literal(value: str) -> str:
    """The value as a string literal that means the same under every setting of the session."""
    quoted = value.replace("\0", "").replace("'", "''")
    if "\\" in quoted:
        return "E'" + quoted.replace("\\", "\\\\") + "'"
    return f"'{quoted}'"


def dollar_quoted(body: str, tag: str = "") -> str:
    """The body between dollar quotes whose tag does not occur in it."""
    mark = f"${tag}$"
    number = 0
    while mark in body:
        number += 1
        mark = f"${tag or 'q'}{number}$"
    return f"{mark}{body}{mark}"


def comment(text: str) -> str:
    """A comment of one line, which no name in it can end; marks of code are left out."""
    indent = text[: len(text) - len(text.lstrip(" "))]
    return f"-- {indent}{' '.join(text.replace('`', '').split())}"


def object_name(prefix: str, *parts: str) -> str:
    """A name such as `idx_tasks_priority`, shortened to what PostgreSQL keeps without cutting a character."""
    name = "_".join(part for part in (prefix, *parts) if part)
    data = name.encode()
    return name if len(data) <= IDENTIFIER_BYTES else data[:IDENTIFIER_BYTES].decode("utf-8", "ignore")


def with_columns(text: str, names: Mapping[str, str]) -> str:
    """The expression with other SQL in the place of some columns: `names` maps a column's name to it.

    Names of functions, qualifiers and types of literals (`date '2026-01-01'`) stay.
    """

    def put(match: re.Match[str]) -> str:
        if match["other"]:
            return match[0]
        name = match["quoted"][1:-1].replace('""', '"') if match["quoted"] else match["plain"].lower()
        rest = text[match.end() :].lstrip()
        return match[0] if name not in names or rest[:1] in {"(", ".", "'"} else names[name]

    return _LEXEMES.sub(put, text)
