"""Checklists whose boxes are ticked by a proof, or not at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_LINE = re.compile(r"^- \[[ x]\] (?P<text>.*?) · (?P<state>.*?) <!-- proof: (?P<proofs>[a-z -]*) -->$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box: its claim, the proofs that tick it (none: only a person can), and the command that would show it."""

    text: str
    proofs: tuple[str, ...]
    command: str


def box_line(box: Box) -> str:
    """The box, open, naming the command that would prove it."""
    return f"- [ ] {box.text} · open: `{box.command}` <!-- proof: {' '.join(box.proofs)} -->"


def with_proofs(text: str, shown: Mapping[str, str]) -> str:
    """The document with every box ticked whose proofs were all shown.

    Args:
        text: the document.
        shown: what was shown, by the proof's name: words for the reader, without markup.
    """

    def ticked(match: re.Match[str]) -> str:
        names = match["proofs"].split()
        if not names or any(name not in shown for name in names):
            return match[0]
        evidence = "; ".join(dict.fromkeys(shown[name] for name in names))
        return f"- [x] {match['text']} · shown: {evidence} <!-- proof: {match['proofs']} -->"

    return _LINE.sub(ticked, text)


def without_proofs(text: str) -> str:
    """The text with every box open and without a word on how to close it, for comparing two states of a document."""
    return _LINE.sub(lambda match: f"- [ ] {match['text']} <!-- proof: {match['proofs']} -->", text)
