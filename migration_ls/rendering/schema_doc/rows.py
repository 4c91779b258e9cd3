"""Rows of tables with a row per column."""

import re
from collections.abc import Iterator

from migration_ls.rendering.schema_doc.request import Wish, after
from migration_ls.rendering.schema_doc.shape import ColumnTable, Role
from migration_ls.rendering.schema_doc.vocabulary import Facts, Vocabulary, entries_of, vocabulary_of
from migration_ls.sources.markdown.blocks import Cell
from migration_ls.sources.markdown.document import read_document
from migration_ls.sources.markdown.inline import masked
from migration_ls.sources.schema_doc.types import type_at
from migration_ls.text.edits import Edit, insert
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span


def edit_rows(text: str, form: ColumnTable, wish: Wish, newline: str) -> Iterator[Edit]:
    """Rows for new columns, without dropped ones, cells of changed ones."""
    editor = _Rows(text, form, newline)
    for column in wish.changes.dropped:
        if row := form.row(column):
            yield Edit(editor.line(row), "")
    for old, new in wish.changes.renamed.items():
        if (row := form.row(old)) and (cell := form.cell(row, "name")):
            yield Edit(cell.span, cell.text.replace(old, new))
    added: dict[int, list[str]] = {}
    present = [form.name(row) for row in form.block.rows]
    for column in wish.changes.columns:
        old = next((before for before, to in wish.changes.renamed.items() if to == column), column)
        facts = wish.facts(column)
        row = form.row(old)
        if facts is None:
            continue
        if row is not None:
            yield from editor.changed(row, facts, wish.aspects.get(column, frozenset()))
        else:
            added.setdefault(after(present, column), []).append(editor.row(facts))
    for count, rows in added.items():
        yield editor.insertion(count, rows)


def new_rows(text: str, form: ColumnTable, facts: list[Facts], newline: str) -> str:
    """Header and rows for a new table in the manner of another."""
    index = LineIndex(text)
    editor = _Rows(text, form, newline)
    head = [index.line_text(form.block.line), index.line_text(form.block.line + 1)]
    return newline.join([*head, *(editor.row(item) for item in facts)]) + newline


class _Rows:
    def __init__(self, text: str, form: ColumnTable, newline: str) -> None:
        self._text = text
        self._form = form
        self._newline = newline
        self._index = LineIndex(text)
        sample = [cell.text for row in form.block.rows for cell in row[1:]]
        sample += entries_of(read_document(text))
        types = [cell.text for row in form.block.rows if (cell := form.cell(row, "type"))]
        self._words: Vocabulary = vocabulary_of(sample, types)

    def line(self, row: tuple[Cell, ...]) -> Span:
        """The whole line of a row, its end included."""
        number = self._index.line(row[0].span.start)
        starts = self._index.starts
        return Span(starts[number], starts[number + 1] if number + 1 < len(starts) else len(self._text))

    def insertion(self, count: int, rows: list[str]) -> Edit:
        """The edit that puts rows behind the first `count`."""
        if count:
            end = self.line(self._form.block.rows[count - 1]).end
        else:
            starts = self._index.starts
            following = self._form.block.line + 2
            end = starts[following] if following < len(starts) else len(self._text)
        ended = "" if end and self._text[end - 1] in "\r\n" else self._newline
        tail = "" if ended else self._newline
        return insert(end, ended + self._newline.join(rows) + tail)

    def row(self, facts: Facts) -> str:
        """The line of a new row."""
        values = [self._value(role, facts) for role in self._form.roles]
        rows = self._form.block.rows
        last = self._index.line_text(self._index.line(rows[-1][0].span.start)) if rows else "| |"
        widths = self._widths()
        cells = [
            f" {value} ".ljust(width) if width else (f" {value} " if value else self._empty())
            for value, width in zip(values, widths, strict=True)
        ]
        line = "|".join(cells)
        indent = last[: len(last) - len(last.lstrip())]
        if not last.strip().startswith("|"):
            return indent + line.strip()
        return f"{indent}|{line}|" if last.rstrip().endswith("|") else f"{indent}|{line}".rstrip()

    def _widths(self) -> list[int]:
        """The widths of aligned columns; zeros where cells are not padded."""
        lines = [self._index.line_text(self._index.line(row[0].span.start)) for row in self._form.block.rows]
        lines.append(self._index.line_text(self._form.block.line))
        parts = [re.split(r"(?<!\\)\|", line.strip().strip("|")) for line in lines]
        count = len(self._form.roles)
        if len(lines) < 3 or any(len(item) != count for item in parts):
            return [0] * count
        widths = [{len(item[number]) for item in parts} for number in range(count)]
        if all(len(found) == 1 for found in widths[:-1]) and count > 1:
            last = widths[-1]
            return [*(next(iter(found)) for found in widths[:-1]), next(iter(last)) if len(last) == 1 else 0]
        return [0] * count

    def _empty(self) -> str:
        rows = self._form.block.rows
        line = self._index.line_text(self._index.line(rows[-1][0].span.start)) if rows else ""
        return "  " if "|  |" in line else " "

    def _cells(self, role: Role) -> list[str]:
        return [cell.text for row in self._form.block.rows if (cell := self._form.cell(row, role))]

    def _value(self, role: Role, facts: Facts) -> str:
        match role:
            case "name":
                ticked = any(text.startswith("`") for text in self._cells("name"))
                return f"`{facts.column.name}`" if ticked else facts.column.name
            case "type":
                value = self._words.type(facts)
                length = facts.column.type.length
                if self._words.pseudo and length and "constraints" not in self._form.roles:
                    value = f"{value}({length})"
                if self._types_say_all():
                    value = " ".join([value, *self._constraints(facts)])
                return f"`{value}`" if all(text.startswith("`") for text in self._cells("type")) else value
            case "nullable":
                return self._yes_no("nullable", facts.column.nullable is not False and not facts.primary)
            case "required":
                return self._yes_no("required", facts.column.nullable is False or facts.primary)
            case "default":
                return self._default(facts)
            case "constraints":
                return _escaped(", ".join(self._constraints(facts)))
            case "key":
                return self._key(facts)
            case "description":
                return _escaped(self._description(facts))
            case "other":
                return ""

    def _types_say_all(self) -> bool:
        """Whether the cells of types say what columns of their own say elsewhere: `integer not null`."""
        if {"constraints", "nullable", "required"} & set(self._form.roles):
            return False
        return any(_SAID_WITH_TYPE.search(text) for text in self._cells("type"))

    def _yes_no(self, role: Role, yes: bool) -> str:  # noqa: FBT001
        pattern = _YES if yes else _NO
        for text in self._cells(role):
            if re.match(pattern, text.strip("`* ")):
                return text
        others = "".join(self._cells(role))
        word = "yes" if yes else "no"
        return word.upper() if others.isupper() or not others else (word.title() if others[:1].isupper() else word)

    def _default(self, facts: Facts) -> str:
        cells = self._cells("default")
        if facts.column.identity:
            return "identity always" if facts.column.identity == "always" else "identity"
        if facts.column.default is None:
            empty = next((text for text in cells if text.strip() in {"", "-", "—", "\u2013", "none", "None"}), "")
            if facts.column.autoincrement:
                return next((text for text in cells if "auto" in text.lower()), empty)
            return empty
        value = self._words.default_value(facts)
        ticked = any(text.startswith("`") for text in cells)
        return _escaped(f"`{value}`" if ticked else value)

    def _constraints(self, facts: Facts) -> list[str]:
        words = self._words.words(facts, lengths=True)
        if "nullable" in self._form.roles or "required" in self._form.roles:
            words = [word for word in words if word not in {self._words.not_null(), self._words.nullable()}]
        if "default" in self._form.roles:
            words = [word for word in words if word != self._words.default(facts) and not word.startswith("identity")]
        words += [f"CHECK ({check.expression.text})" for check in facts.checks]
        return words

    def _key(self, facts: Facts) -> str:
        words = ["PK"] if facts.primary else []
        if facts.key:
            words.append(self._words.reference(facts.key))
        if facts.unique:
            words.append(self._words.word(("unique",), "unique"))
        return ", ".join(words)

    def _description(self, facts: Facts) -> str:
        """The purpose, and what the table has no other column for."""
        notes = [facts.purpose] if facts.purpose else []
        if "constraints" not in self._form.roles:
            if facts.values:
                values = f"one of {', '.join(facts.values)}"
                notes = [f"{facts.purpose}: {values}" if facts.purpose else values]
            if "key" not in self._form.roles and (key := self._key(facts)):
                notes.insert(0, key)
        return "; ".join(notes)

    def changed(self, row: tuple[Cell, ...], facts: Facts, aspects: frozenset[str]) -> Iterator[Edit]:
        """Edits of the cells that say what changed."""
        for cell, role in zip(row, self._form.roles, strict=False):
            new = cell.text
            if role == "type" and self._types_say_all():
                new = self._changed_type(cell.text, facts, aspects)
            elif (
                (role == "type" and "type" in aspects)
                or (role in {"nullable", "required"} and "nullable" in aspects)
                or (role == "default" and "default" in aspects)
            ):
                new = self._value(role, facts)
            elif role == "key" and aspects & {"key", "unique"}:
                new = self._key(facts)
            elif role == "constraints":
                new = self._changed_words(cell.text, facts, aspects)
            if plain_same(new, cell.text):
                continue
            if not cell.text:
                yield Edit(cell.span, f" {new}")
            else:
                yield self._in_place(cell, new)

    def _changed_type(self, text: str, facts: Facts, aspects: frozenset[str]) -> str:
        """A cell with a type and what is said behind it."""
        found = type_at(masked(text), 0)
        if found is None or "`" in text:
            return self._value("type", facts) if aspects & {"type", "nullable", "default"} else text
        head = self._words.type(facts) if "type" in aspects else text[: found[1]]
        return f"{head} {self._changed_words(text[found[1] :].strip(), facts, aspects - {'type'})}".rstrip()

    def _in_place(self, cell: Cell, new: str) -> Edit:
        """The cell with its new text; the bars of a padded table stay where they are as far as there is room."""
        room = len(cell.text) - len(new)
        if not any(self._widths()):
            return Edit(cell.span, new)
        if room >= 0:
            return Edit(cell.span, new + " " * room)
        spare = re.match(r" *", self._text[cell.span.end :])
        slack = max(0, min(-room, len(spare[0]) - 1 if spare else 0))
        return Edit(Span(cell.span.start, cell.span.end + slack), new)

    def _changed_words(self, text: str, facts: Facts, aspects: frozenset[str]) -> str:
        new = text.replace("|", "\\|") if "|" in text else text
        if "nullable" in aspects and not {"nullable", "required"} & set(self._form.roles):
            new = changed_nullability(new, self._words, nullable=facts.column.nullable is not False)
        if "default" in aspects and "default" not in self._form.roles:
            new = changed_default(new, self._words, facts)
        if "type" in aspects:
            new = changed_maximum(new, facts)
        for check in facts.checks if "check" in aspects else ():
            if check.expression.text not in text:
                said = f"CHECK ({check.expression.text})".replace("|", "\\|")
                new = f"{new}, {said}" if new.strip() else said
        if "key" not in self._form.roles:
            new = with_keys(new, self._words, facts, aspects)
        return new


_SAID_WITH_TYPE = re.compile(r"\b(?:not\s+null|primary\s+key|nullable|required|default)\b", re.IGNORECASE)
_YES = r"(?i)(?:yes|y|true|sí|si|ja|j|oui|sim|✓|✔|✅|x|null)\Z"
_NO = r"(?i)(?:no|n|nein|non|não|false|✗|❌|not null|-)\Z"


def with_keys(words: str, vocabulary: Vocabulary, facts: Facts, aspects: frozenset[str]) -> str:
    """A list of words with the foreign key or the uniqueness that a column gains."""
    found = [words] if words.strip() else []
    if "unique" in aspects and facts.unique and not re.search(r"(?i)\bunique\b", words):
        found.append(vocabulary.word(("unique",), vocabulary.said("unique")))
    if "key" in aspects and facts.key and facts.key.ref_table.name not in words:
        found.append(vocabulary.reference(facts.key))
    return ", ".join(found) if len(found) > 1 or not words.strip() else words


def plain_same(one: str, other: str) -> bool:
    """Whether two cells say the same."""
    return one.replace("\\|", "|") == other.replace("\\|", "|")


def changed_nullability(words: str, vocabulary: Vocabulary, *, nullable: bool) -> str:
    """A list of words in which a column takes nulls, or does not."""
    pattern = (
        r"(?i)\b(?:not null|required|nullable|optional|nicht null|pflichtfeld|pflicht|erforderlich|non nul(?:le)?|"
        r"obligatoire|requis|facultatif|optionnel|obrigat[óo]ri[oa]|não nul[oa]|facultativo|obligatori[oa]|"
        r"requerid[oa]|"
        r"no nulo|opcional)\b|(?<![\w'])NULL(?![\w'])"
    )
    new = vocabulary.nullable() if nullable else vocabulary.not_null()
    if re.search(pattern, words):
        return re.sub(pattern, lambda _: new, words, count=1)
    return f"{new}, {words}" if words.strip() else new


_DEFAULT = re.compile(
    r"""(?i)(?:,\s*)?\bdefault(?:s to)?:?\s+(?:'(?:[^']|'')*'(?:::\w+(?:\[\])?)?|[^,;()]+(?:\([^()]*\))?)"""
)


def changed_default(words: str, vocabulary: Vocabulary, facts: Facts) -> str:
    """A list of words with another default, or none."""
    match = _DEFAULT.search(words)
    new = vocabulary.default(facts)
    if match is None:
        return words if not new else (f"{words}, {new}" if words.strip() else new)
    lead = re.match(r",\s*", match[0])
    if not new:
        rest = words[: match.start()] + words[match.end() :]
        return rest.removeprefix(", ").strip() if not match.start() else rest
    return words[: match.start()] + (lead[0] if lead else "") + new + words[match.end() :]


def changed_maximum(words: str, facts: Facts) -> str:
    """A list of words with another length."""
    length = facts.column.type.length
    pattern = r"(?i)\b(max(?:imum)?(?: length)?:?\.? |max_length\(|length\(|\d+-)(\d+)"
    if length is None:
        return re.sub(r"(?i)(?:,\s*)?\bmax(?:imum)?\.? \d+(?: ch(?:ar|aracter)s?\.?)?", "", words, count=1)
    return re.sub(pattern, lambda match: f"{match[1]}{length}", words, count=1)


def _escaped(value: str) -> str:
    return value.replace("|", "\\|")
