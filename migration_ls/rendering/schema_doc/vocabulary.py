"""The words of a document for types, nullability, defaults and values, taken from its neighbours."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Column, ForeignKey, Table
from migration_ls.sources.markdown.blocks import Bullet, TableBlock
from migration_ls.sources.markdown.document import Document

_SHORT = {
    "character varying": "varchar", "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp", "time without time zone": "time", "time with time zone": "timetz",
    "character": "char",
}  # fmt: skip
_NOT_NULL = ("not null", "required", "mandatory", "obrigatório", "obligatorio", "obligatoire", "requis", "pflichtfeld",
             "pflicht", "erforderlich", "requerido", "no nulo")  # fmt: skip
_NULLABLE = ("nullable", "optional", "opcional", "facultatif", "optionnel", "facultativo", "nullbar")
_PSEUDO = re.compile(r"(?i)\b(?:string|datetime|bool|int|float|array of)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a document may say about one column."""

    column: Column
    primary: bool = False
    unique: bool = False
    indexed: bool = False
    key: ForeignKey | None = None
    checks: tuple[Check, ...] = ()
    purpose: str = ""
    enum: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """The values a check of this column alone allows."""
        return next((item.expression.allowed_values for item in self.checks if item.expression.allowed_values), ())


def facts_of(table: Table, column: Column, purpose: str, schema: Schema) -> Facts:
    """What is to be said about a column of a table."""
    single = (column.name,)
    enum = next((item.values for name, item in schema.enums.items() if name.sql == column.type.name), ())
    return Facts(
        column=column,
        primary=table.primary_key is not None and column.name in table.primary_key.columns,
        unique=any(item.columns == single for item in table.uniques),
        indexed=any(item.columns == single and len(item.parts) == 1 for item in table.indexes),
        key=next((item for item in table.foreign_keys if item.columns == single), None),
        checks=tuple(item for item in table.checks if item.expression.columns == frozenset({column.name})),
        purpose=purpose,
        enum=enum,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """How a document spells types and words.

    `sample` is the text of the neighbouring entries, then that of the document's other entries: what is found first
    counts. `types` are the neighbours' types alone.
    """

    sample: str
    types: str

    @property
    def pseudo(self) -> bool:
        """Whether types are words such as `string` rather than PostgreSQL's."""
        return bool(_PSEUDO.search(self.types))

    def cased(self, word: str) -> str:
        """A type in the case of the neighbours."""
        letters = [char for char in re.sub(r"'[^']*'", "", self.types) if char.isalpha()]
        uppers = sum(char.isupper() for char in letters)
        if letters and uppers * 2 > len(letters):
            return word.upper()
        if letters and uppers:
            return word[:1].upper() + word[1:]
        return word

    def type(self, facts: Facts) -> str:
        """The column's type as the document spells types."""
        kind = facts.column.type
        if facts.enum and re.search(r"(?i)\benum\s*\(", self.types):
            return f"ENUM({', '.join(_quoted(value) for value in facts.enum)})"
        if not kind.is_built_in:
            return str(kind)
        if facts.column.autoincrement and re.search(r"(?i)\b(?:big)?serial\b", self.sample):
            return self.cased("bigserial" if kind.name == "bigint" else "serial")
        return self._spelled(kind)

    def _spelled(self, kind: ColumnType) -> str:
        if kind.is_array:
            if re.search(r"(?i)\barray of\b", self.types):
                return f"{self.cased('array')} of {self._spelled(kind.element)}"
            return f"{self._spelled(kind.element)}[]"
        modifiers = f"({', '.join(kind.modifiers)})" if kind.modifiers else ""
        if not re.search(r"\(\d+, \d+\)", self.types):
            modifiers = modifiers.replace(", ", ",")
        if self.pseudo:
            return self._pseudo(kind, modifiers)
        if kind.name.startswith("timestamp with ") and "timestamptz" not in self.types.lower():
            long = re.search(r"(?i)timestamp with time zone", self.types)
            return self.cased(f"timestamp{modifiers} with time zone") if long else self.cased(f"timestamptz{modifiers}")
        return self.cased(_SHORT.get(kind.name, kind.name) + modifiers)

    def _pseudo(self, kind: ColumnType, modifiers: str) -> str:
        if kind.name == "character varying":
            return self.cased("string")
        if kind.name.startswith("timestamp"):
            if re.search(r"(?i)datetime", self.types):
                zone = " with time zone" if kind.name.endswith("with time zone") else ""
                word = re.search(r"(?i)datetime", self.types)
                return f"{word[0] if word else 'datetime'}{zone}"
            return self.cased("timestamptz" if kind.name.endswith("with time zone") else "timestamp")
        if kind.name == "boolean" and re.search(r"(?i)\bbool\b", self.types):
            return self.cased("bool")
        if kind.name == "integer" and re.search(r"(?i)\bint\b", self.types):
            return self.cased("int")
        return self.cased(_SHORT.get(kind.name, kind.name) + modifiers)

    def word(self, choices: Sequence[str], otherwise: str) -> str:
        """The first of the words that neighbours use, as they write it."""
        for choice in choices:
            if match := re.search(rf"(?<![\w]){re.escape(choice)}(?![\w])", self.sample, re.IGNORECASE):
                return match[0]
        return otherwise

    @property
    def capital(self) -> bool:
        """Whether words begin with capitals: `Required`, `Optional`."""
        return bool(re.search(r"\b(?:Required|Optional|Nullable|Unique|Default|Primary [Kk]ey)\b", self.sample))

    @property
    def shouting(self) -> bool:
        """Whether words are in capitals: `NOT NULL`."""
        return bool(re.search(r"\b(?:NOT NULL|NULL|DEFAULT|PRIMARY KEY|UNIQUE|REFERENCES)\b", self.sample))

    def said(self, word: str) -> str:
        """A word in the case of the neighbours."""
        if self.shouting:
            return word.upper()
        return word[:1].upper() + word[1:] if self.capital else word

    def not_null(self) -> str:
        """How a column without nulls is marked."""
        return self.word(_NOT_NULL, self.said("not null"))

    def nullable(self) -> str:
        """How a column with nulls is marked."""
        if re.search(r"(?<!NOT )\bNULL\b", self.sample) and not re.search(
            r"(?i)\b(?:nullable|optional)\b", self.sample
        ):
            return "NULL"
        return self.word(_NULLABLE, self.said("nullable"))

    def default(self, facts: Facts) -> str:
        """The default's words: `default 'medium'`, `Default: now()`."""
        default = facts.column.default
        if default is None:
            return ""
        mark = self.word(("default:",), "") or self.word(("default",), self.said("default"))
        return f"{mark} {self.default_value(facts)}"

    def default_value(self, facts: Facts) -> str:
        """The default itself."""
        default = facts.column.default
        if default is None:
            return ""
        if default.canonical.lower() == "now()":
            return self.word(("now()", "now", "current timestamp", "CURRENT_TIMESTAMP"), "now()")
        if default.value in {"true", "false"} and re.search(r"\b(?:TRUE|FALSE)\b", self.sample):
            return default.canonical.upper()
        bare = re.search(
            r"(?i)\bdefault:? (?!(?:now|true|false|current|empty|null|auto|uuid)\b)[a-z_]+\b(?![(:])", self.sample
        )
        quoted = re.search(r"(?i)\bdefault:? '", self.sample)
        if bare and not quoted and default.value and re.fullmatch(r"\w+", default.value):
            return default.value
        return default.canonical

    def maximum(self, length: int) -> str:
        """How a length is said: `max 20`, `Max 20 chars`."""
        if match := re.search(r"(?i)\bmax(?:imum)?\.? \d+( ch(?:ar|aracter)s?\.?)?", self.sample):
            return re.sub(r"\d+", str(length), match[0])
        return self.said("max") + f" {length}"

    def reference(self, key: ForeignKey) -> str:
        """How a foreign key is said."""
        target = str(key.ref_table)
        column = key.ref_columns[0] if key.ref_columns else "id"
        action = "" if key.on_delete == "NO ACTION" else f" on delete {key.on_delete.lower()}"
        head = r"(?i)(fk|foreign key|references)( to)?(\s*(?:→|->)?\s*)[\w.\"]+"
        ways = (head + r"(\s?\()\w+\)", head + r"()(?![\w.(]|[ \t]*\()")
        matches = [found for way in ways if (found := re.search(way, self.sample))]
        match = min(matches, key=lambda found: found.start(), default=None)
        if match is None:
            return self.said("foreign key") + f" -> {target}.{column}{action.upper() if self.shouting else action}"
        open_bracket = match[4]
        place = f"{target}{open_bracket}{column})" if open_bracket else f"{target}.{column}"
        said = f"{match[1]}{match[2] or ''}{match[3] or ' '}{place}"
        if key.on_delete == "CASCADE":
            for words in (r"removed with it", r"cascade delete", r"\(cascade\)"):
                if other := re.search(rf"(?i)(,?\s*){words}", self.sample):
                    return said + other[0]
        upper = "ON DELETE" in self.sample or (self.shouting and "on delete" not in self.sample)
        return said + (action.upper() if upper else action)

    def values(self, values: Iterable[str]) -> str:
        """How allowed values are said."""
        return f"{self.said('one of') if not self.shouting else 'one of'} {', '.join(values)}"

    def words(self, facts: Facts, *, lengths: bool) -> list[str]:
        """All words about a column, in the usual order; `lengths` says that types do not show them."""
        column = facts.column
        words: list[str] = []
        if facts.primary:
            words.append(self.word(("primary key", "pk"), self.said("primary key")))
            if column.autoincrement and not re.search(r"(?i)\b(?:big)?serial\b", self.sample):
                words.append(self.word(("auto-increment", "auto-incremented", "autoincrement"), "auto-increment"))
        elif column.nullable is False:
            words.append(self.not_null())
        else:
            words.append(self.nullable())
        if column.identity:
            words.append("identity always" if column.identity == "always" else "identity")
        if facts.unique:
            words.append(self.word(("unique",), self.said("unique")))
        if facts.key:
            words.append(self.reference(facts.key))
        if lengths and self.pseudo and column.type.length:
            words.append(self.maximum(column.type.length))
        if column.default is not None:
            words.append(self.default(facts))
        if column.generated is not None:
            words.append(f"generated: {column.generated.canonical}")
        return words


def vocabulary_of(sample: Iterable[str], types: Iterable[str]) -> Vocabulary:
    """The words of neighbouring entries."""
    return Vocabulary(sample="\n".join(sample), types="\n".join(types))


def entries_of(document: Document) -> list[str]:
    """The texts of all rows and bullets of a document, by which it shows its words."""
    found: list[str] = []
    for block in document.blocks:
        if isinstance(block, TableBlock):
            found += [cell.text for row in block.rows for cell in row[1:]]
        elif isinstance(block, Bullet) and "(" in block.text:
            found.append(block.text)
    return found


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
