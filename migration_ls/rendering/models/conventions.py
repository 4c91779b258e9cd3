"""The naming convention of a project's metadata, as far as it is a dict literal in the files."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from migration_ls.schema.names import Name

_ENTRY = re.compile(r"""["'](ix|uq|ck|fk|pk)["']\s*:\s*(["'])(?P<pattern>(?:(?!\2).)+)\2""")
_TOKEN = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Conventions:
    """Patterns by kind: `ix`, `uq`, `ck`, `fk`, `pk`."""

    patterns: Mapping[str, str] = field(default_factory=dict)

    def index(self, table: Name, columns: Sequence[str]) -> str:
        """What SQLAlchemy calls an index without a name."""
        prefix = "" if table.namespace == "public" else f"{table.namespace}_"
        usual = f"ix_{prefix}{table.name}_{columns[0]}"
        return self._filled(self.patterns.get("ix", ""), table, columns, "") or usual

    def unique(self, table: Name, columns: Sequence[str]) -> str:
        """What a unique constraint without a name is called in the database."""
        usual = f"{table.name}_{'_'.join(columns)}_key"
        return self._filled(self.patterns.get("uq", ""), table, columns, "") or usual

    def check(self, table: Name, name: str) -> tuple[str, bool]:
        """What has to be given so that a check is called `name`, and whether it has to be marked as final."""
        pattern = self.patterns.get("ck", "")
        if "%(constraint_name)s" not in pattern:
            return name, False
        before, _, after = (part for part in self._filled(pattern, table, (), "\0").partition("\0"))
        if name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after):
            return name[len(before) : len(name) - len(after)], False
        return name, True

    def _filled(self, pattern: str, table: Name, columns: Sequence[str], name: str) -> str:
        column = columns[0] if columns else ""
        values = {
            "table_name": table.name,
            "column_0_name": column,
            "column_0_key": column,
            "column_0_label": f"{table.name}_{column}",
            "column_0_N_name": "_".join(columns),
            "column_0N_name": "".join(columns),
            "constraint_name": name,
        }
        return _TOKEN.sub(lambda match: values.get(match[1], ""), pattern)


def conventions_of(texts: Iterable[str]) -> Conventions:
    """The convention that one of the files sets."""
    for text in texts:
        if "naming_convention" in text and (found := {m[1]: m["pattern"] for m in _ENTRY.finditer(text)}):
            return Conventions(found)
    return Conventions()
