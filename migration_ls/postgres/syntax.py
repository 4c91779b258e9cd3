"""Which syntax came with which major (the release notes' "Migration" and "Changes" sections; measured on 13 to 18)."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Newer:
    """Syntax that servers before `major` refuse; `pattern` finds it in words, `what` names it."""

    major: int
    what: str
    pattern: "re.Pattern[str]"


def _newer(major: int, what: str, pattern: str) -> Newer:
    return Newer(major, what, re.compile(pattern))


NEWER = (
    _newer(14, "DETACH PARTITION ... CONCURRENTLY", r"^alter table .* detach partition .* concurrently\b"),
    _newer(14, "SET COMPRESSION", r"^alter table .* set compression\b"),
    _newer(14, "COMPRESSION", r"^create .*table .* compression (?:pglz|lz4|default)\b"),
    _newer(14, "CREATE OR REPLACE TRIGGER", r"^create or replace (?:constraint )?trigger\b"),
    _newer(15, "NULLS NOT DISTINCT", r"\bnulls not distinct\b"),
    _newer(15, "MERGE", r"^(?:with .* )?merge into\b"),
    _newer(15, "SET ACCESS METHOD", r"^alter (?:table|materialized view) .* set access method\b"),
    _newer(15, "security_invoker", r"^(?:create|alter) .*\bview .*\bsecurity_invoker\b"),
    _newer(15, "TABLES IN SCHEMA", r"^(?:create|alter) publication .* tables in schema\b"),
    _newer(17, "SET EXPRESSION", r"^alter table .* set expression as\b"),
    _newer(17, "SET STATISTICS DEFAULT", r"^alter table .* set statistics default\b"),
    _newer(18, "NOT ENFORCED", r"\bnot enforced\b"),
    _newer(18, "WITHOUT OVERLAPS", r"\bwithout overlaps\b"),
    _newer(18, "VIRTUAL generated columns", r"\bgenerated always as \( .* \) virtual\b"),
    _newer(18, "NOT NULL as a table constraint", r"^alter table .* add (?:constraint \S+ )?not null\b"),
)
HINT = re.compile(
    r"concurrently|compression|replace|distinct|merge|access\s+method|security_invoker|in\s+schema|expression"
    r"|statistics\s+default|enforced|overlaps|virtual|add\s.*not\s+null",
    re.IGNORECASE | re.DOTALL,
)
"""What a text without any of it cannot have: looked for before the text is cut into words."""
