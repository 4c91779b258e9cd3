"""Diagrams written as text: mermaid, PlantUML, D2, and boxes that are drawn with characters."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migration_ls.sources.schema_doc.entries import Entry, bullet_entries, read_prose
from migration_ls.sources.schema_doc.fences import Listed
from migration_ls.sources.schema_doc.said import Said, Target, balanced
from migration_ls.sources.schema_doc.scan import scan
from migration_ls.sources.schema_doc.types import TypeSaid, unknown_type
from migration_ls.sources.spec.words import key_of
from migration_ls.text.span import Span

_MERMAID = re.compile(r"\s*(?:---.*?---\s*)?(?:%%[^\n]*\n\s*)*erDiagram\b", re.DOTALL)
_ENTITY = re.compile(
    r"^[ \t]*(?P<name>[^\W\d][\w.-]*|\"[^\"\n]+\")(?:\[[^\]]*\])?[ \t]*\{(?P<body>[^{}]*)\}", re.MULTILINE
)
_ATTRIBUTE = re.compile(
    r"^[ \t]*(?P<type>[^\W\d][\w()\[\],.-]*)[ \t]+(?P<name>\*?[^\W\d]\w*)(?P<keys>(?:[ \t]*,?[ \t]*\b(?:PK|FK|UK)\b)*)"
    r"[ \t]*(?:\"(?P<comment>[^\"]*)\")?",
    re.MULTILINE,
)
_RELATION = re.compile(
    r"^[ \t]*(?P<left>[\w.-]+|\"[^\"\n]+\")[ \t]+(?P<ends>[|}o]{2}(?:--|\.\.)[|{o]{2})[ \t]+"
    r"(?P<right>[\w.-]+|\"[^\"\n]+\")"
    r"[ \t]*(?::[ \t]*(?P<label>[^\r\n]*))?",
    re.MULTILINE,
)


def read_mermaid(text: str, base: int) -> Iterator[Listed]:
    """The entities of a mermaid `erDiagram` that list attributes."""
    if not _MERMAID.match(text):
        return
    found: list[Listed] = []
    for entity in _ENTITY.finditer(text):
        start = base + entity.start("body")
        entries = [_attribute(match, start) for match in _ATTRIBUTE.finditer(entity["body"])]
        if entries:
            span = Span(base + entity.start("name"), base + entity.end("name"))
            found.append(Listed(name=entity["name"].strip('"'), span=span, entries=tuple(entries)))
    relations = [_sides(match) for match in _RELATION.finditer(text)]
    for listed in found:
        _parents(listed, found, [(parent, label) for parent, child, label in relations if child == listed.name])
    yield from found


def _attribute(match: "re.Match[str]", start: int) -> Entry:
    said = Said(comment=match["comment"])
    scan(
        said,
        match["type"].replace("_", " ") if "_zone" in match["type"] else match["type"],
        start + match.start("type"),
        "entry",
    )
    if said.type is None and (own := unknown_type(match["type"])) is not None:
        said.type = TypeSaid(type=own)
        said.places["type"] = Span(start + match.start("type"), start + match.end("type"))
    scan(said, match["keys"], start + match.start("keys"), "words")
    if match["comment"]:
        read_prose(said, match["comment"], start + match.start("comment"))
        scan(said, match["comment"], start + match.start("comment"), "words")
    name = match["name"].lstrip("*")
    said.primary_key = said.primary_key or match["name"].startswith("*")
    said.places["name"] = Span(start + match.end("name") - len(name), start + match.end("name"))
    return Entry(name=name, said=said, span=Span(start + match.start("type"), start + match.end()))


def _sides(match: "re.Match[str]") -> tuple[str, str, str]:
    """Parent, child and label of a relation; the child is the side of many."""
    left, right = match["left"].strip('"'), match["right"].strip('"')
    many_left = "}" in match["ends"][:2]
    label = (match["label"] or "").strip(' "')
    return (right, left, label) if many_left else (left, right, label)


def _parents(listed: Listed, entities: Sequence[Listed], relations: Sequence[tuple[str, str]]) -> None:
    """Keys whose names do not tell the other table refer to the one that a relation names for them."""
    known = {key_of(entity.name) for entity in entities}
    open_keys = [
        entry
        for entry in listed.entries
        if entry.said.reference is not None
        and not entry.said.reference.path
        and key_of(re.sub(r"_?(?:id|uuid)\Z", "", entry.name)) not in known
    ]
    said = {key_of(re.sub(r"_?(?:id|uuid)\Z", "", entry.name)) for entry in listed.entries if entry.said.reference}
    for entry in open_keys:
        if named := next((parent for parent, label in relations if label == entry.name), None):
            entry.said.reference = Target(path=named)
    still = [entry for entry in open_keys if entry.said.reference and not entry.said.reference.path]
    parents = {parent for parent, _ in relations if key_of(parent) not in said}
    if len(still) == 1 and len(parents) == 1:
        still[0].said.reference = Target(path=parents.pop())


_PLANT = re.compile(
    r"^[ \t]*(?:entity|class|table|object)[ \t]*(?:\([ \t]*)?(?P<name>\"[^\"\n]+\"|[\w.]+)[^\n{]*\{(?P<body>[^{}]*)\}",
    re.IGNORECASE | re.MULTILINE,
)
_PLANT_LINE = re.compile(
    r"^[ \t]*(?P<mark>[*+#~-])?[ \t]*(?:(?P<macro>primary_key|pk|foreign_key|fk|column)\()?"
    r"(?P<name>\w+)\)?[ \t]*:[ \t]*(?P<rest>[^\n]+)",
    re.IGNORECASE | re.MULTILINE,
)


def read_plantuml(text: str, base: int) -> Iterator[Listed]:
    """The entities, classes and tables of PlantUML that list attributes with types."""
    for entity in _PLANT.finditer(text):
        entries: list[Entry] = []
        start = entity.start("body")
        for match in _PLANT_LINE.finditer(entity["body"]):
            rest = re.sub(r"<<|>>", "; ", match["rest"])
            if entry := _typed(match, rest, base + start):
                macro = (match["macro"] or "").lower()
                entry.said.primary_key = entry.said.primary_key or macro in {"primary_key", "pk"}
                if macro in {"foreign_key", "fk"} and entry.said.reference is None:
                    entry.said.reference = Target()
                if match["mark"] == "*" and entry.said.nullable is None:
                    entry.said.nullable = False
                entries.append(entry)
        if entries:
            span = Span(base + entity.start("name"), base + entity.end("name"))
            yield Listed(name=entity["name"].strip('"'), span=span, entries=tuple(entries))


def _typed(match: "re.Match[str]", rest: str, start: int) -> Entry | None:
    """`name: type words`, the name and the rest given as parts of a line."""
    said = Said()
    scan(said, rest, start + match.start("rest"), "entry")
    if said.type is None and (word := re.match(r"[\w.]+", rest)) and (own := unknown_type(word[0])) is not None:
        said.type = TypeSaid(type=own)
    if not said.is_typed:
        return None
    said.places["name"] = Span(start + match.start("name"), start + match.end("name"))
    span = Span(start + match.start("name"), start + match.end())
    return Entry(name=match["name"], said=said, span=span)


_D2 = re.compile(r"^[ \t]*(?P<name>\"[^\"\n]+\"|[\w.]+)[ \t]*(?::[^\n{]*)?\{", re.MULTILINE)
_D2_LINE = re.compile(r"^[ \t]*(?P<name>\w+)[ \t]*:[ \t]*(?P<rest>[^\n{]+)(?:\{(?P<settings>[^{}]*)\})?", re.MULTILINE)
_D2_ARROW = re.compile(r"^[ \t]*(?P<table>\w+)\.(?P<column>\w+)[ \t]*->[ \t]*(?P<target>\w+(?:\.\w+)?)", re.MULTILINE)


def read_d2(text: str, base: int) -> Iterator[Listed]:
    """The tables of a D2 diagram, `shape: sql_table`."""
    arrows = {(match["table"], match["column"]): match["target"] for match in _D2_ARROW.finditer(text)}
    for shape in _D2.finditer(text):
        body = Span(shape.end(), max(shape.end(), balanced(text, shape.end() - 1) - 1))
        if not re.search(r"\bshape\s*:\s*sql_table\b", body.of(text)):
            continue
        name = shape["name"].strip('"')
        entries: list[Entry] = []
        for match in _D2_LINE.finditer(text, body.start, body.end):
            settings = (
                (match["settings"] or "")
                .replace("_", " ")
                .replace("constraint:", " ")
                .replace("[", " ")
                .replace("]", " ")
            )
            entry = _typed(match, f"{match['rest'].strip()}; {settings}", base) if match["name"] != "shape" else None
            if entry is None:
                continue
            if target := arrows.get((name, entry.name)):
                entry.said.reference = Target(path=target)
            entries.append(entry)
        if entries:
            yield Listed(name=name, span=Span(*shape.span("name")).shifted(base), entries=tuple(entries))


_TOP = re.compile(r"[+┌╔╭┏┍][-─═━┬╦+┴┼]{3,}[+┐╗╮┓┑]")
_UPRIGHT = frozenset("|│║┃├┤╠╣┣┫╟╢+<>►◄─-")
_RULE = re.compile(r"[\s\-─═━=_.·┄+┬┴┼]*")
_MARK = re.compile(
    r"\s*(?:[*#+•◦▪🔑🗝-]\ufe0f?\s*)?(?:(?P<first>PK|FK|UK|PK\s*,\s*FK|PF)\b[\s:|]*)?(?P<rest>.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A line of a box, and where its text begins."""

    text: str
    start: int


def read_boxes(text: str, base: int) -> Iterator[Listed]:
    """The boxes that have a name and lines of columns with their types."""
    starts = [0, *[match.end() for match in re.finditer(r"\r\n|\n|\r", text)]]
    lines = [re.match(r"[^\r\n]*", text[start:])[0] for start in starts]  # type: ignore[index]
    seen: set[tuple[int, int]] = set()
    for number, line in enumerate(lines):
        for top in _TOP.finditer(line):
            for left, right in _edges(top):
                if (number, left) in seen:
                    continue
                groups = _groups(lines, starts, number, left, right, seen)
                if listed := _box(groups, base):
                    yield listed


def _edges(top: "re.Match[str]") -> Iterator[tuple[int, int]]:
    """The outer corners of a border; one with corners inside may be that of boxes side by side, or of columns."""
    yield top.start(), top.end() - 1


def _groups(
    lines: Sequence[str], starts: Sequence[int], top: int, left: int, right: int, seen: set[tuple[int, int]]
) -> list[list[_Part]]:
    """The lines of a box, parted by the rules that cross it."""
    groups: list[list[_Part]] = [[]]
    for number in range(top + 1, len(lines)):
        line = lines[number]
        if line[left : left + 1] not in _UPRIGHT or line[right : right + 1] not in _UPRIGHT | set("┘┐╝╯┛└╚╰┗"):
            if line[left : left + 1] in set("└╚╰┗+┕"):
                seen.add((number, left))
            break
        inner = line[left + 1 : right]
        if _RULE.fullmatch(inner) and inner.strip():
            seen.add((number, left))
            following = lines[number + 1] if number + 1 < len(lines) else ""
            if following[left : left + 1] not in _UPRIGHT:
                break
            groups.append([])
        elif inner.strip():
            groups[-1].append(_Part(inner.rstrip(), starts[number] + left + 1))
    return [group for group in groups if group]


def _box(groups: Sequence[Sequence[_Part]], base: int) -> Listed | None:
    if not groups:
        return None
    title, *rest = groups[0]
    parts = [*rest, *[part for group in groups[1:] for part in group]]
    name = title.text.strip()
    entries = [entry for part in parts for entry in _box_line(part, base)]
    typed = sum(entry.said.type is not None for entry in entries)
    if not re.fullmatch(r"[\"`]?[^\W\d][\w. ]*[\"`]?(?:\s*\([^()]*\))?", name) or typed * 2 < max(len(parts), 1):
        return None
    start = base + title.start + len(title.text) - len(title.text.lstrip())
    return Listed(name=name, span=Span(start, start + len(name)), entries=tuple(entries))


def _box_line(part: _Part, base: int) -> tuple[Entry, ...]:
    match = _MARK.match(part.text.replace("│", " ").replace("|", " "))
    if match is None:
        return ()
    first = match["first"] or ""
    found = bullet_entries(match["rest"], base + part.start + match.start("rest"))
    marked = tuple([entry.owned() for entry in found])
    for entry in marked:
        entry.said.primary_key = entry.said.primary_key or "P" in first
        entry.said.unique = entry.said.unique or "U" in first
        if "F" in first and entry.said.reference is None:
            entry.said.reference = Target()
    return marked
