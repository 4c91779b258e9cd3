"""The first lines of a generated file: what it is, and the fingerprint that tells whether a hand edited it."""

import re
from dataclasses import dataclass

from migration_ls.text.fingerprint import fingerprint

_MARK = re.compile(
    r"^(?:--|<!--|#) migration-ls: generated (?P<role>\S+) for (?P<title>\S+), fingerprint (?P<print>[0-9a-f]{16})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a generated file says of itself; `intact` when nobody changed it since."""

    role: str
    title: str
    intact: bool


def with_header(text: str, *, role: str, title: str, markdown: bool = False, sign: str = "--") -> str:
    """The text under its header line; `sign` begins a comment of its language."""
    line = f"migration-ls: generated {role} for {title}, fingerprint {fingerprint(role, title, text)}"
    return f"<!-- {line} -->\n{text}" if markdown else f"{sign} {line}\n{text}"


def header_of(text: str) -> Header | None:
    """The header of a generated file; None for a file that people wrote."""
    first, _, rest = text.replace("\r\n", "\n").partition("\n")
    match = _MARK.match(first)
    if match is None:
        return None
    role, title = match["role"], match["title"]
    return Header(role=role, title=title, intact=fingerprint(role, title, rest) == match["print"])
