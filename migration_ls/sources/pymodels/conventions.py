"""Naming conventions and namespaces of `MetaData`, as SQLAlchemy applies them."""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from migration_ls.schema.names import Name
from migration_ls.schema.tables import Check, ForeignKey, PrimaryKey, Table, Unique
from migration_ls.sources.pymodels.enums import literal_text
from migration_ls.sources.pymodels.modules import Module, Modules

_TOKEN = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """Patterns by `ix`, `uq`, `ck`, `fk`, `pk`, and the namespace of tables that name none."""

    patterns: Mapping[str, str] = field(default_factory=dict)
    namespace: str | None = None

    def index_name(self, table: Name, columns: tuple[str, ...]) -> str:
        """The name of an index without one."""
        pattern = self.patterns.get("ix", "ix_%(column_0_label)s")
        return _filled(pattern, table, columns, None, None)

    def named(self, table: Table) -> Table:
        """The table with names for what the convention names."""
        if not self.patterns:
            return table
        return replace(
            table,
            primary_key=self._key(table),
            uniques=tuple(self._unique(table.name, item) for item in table.uniques),
            checks=tuple(self._check(table.name, item) for item in table.checks),
            foreign_keys=tuple(self._foreign_key(table.name, item) for item in table.foreign_keys),
        )

    def _key(self, table: Table) -> PrimaryKey | None:
        key = table.primary_key
        if key is None or key.name is not None or "pk" not in self.patterns:
            return key
        return replace(key, name=_filled(self.patterns["pk"], table.name, key.columns, None, None))

    def _unique(self, table: Name, item: Unique) -> Unique:
        if item.name is not None or "uq" not in self.patterns:
            return item
        return replace(item, name=_filled(self.patterns["uq"], table, item.columns, None, None))

    def _check(self, table: Name, item: Check) -> Check:
        pattern = self.patterns.get("ck")
        if pattern is None or ("constraint_name" in pattern) != (item.name is not None):
            return item
        columns = tuple(sorted(item.expression.columns))
        return replace(item, name=_filled(pattern, table, columns, None, item.name))

    def _foreign_key(self, table: Name, item: ForeignKey) -> ForeignKey:
        if item.name is not None or "fk" not in self.patterns:
            return item
        return replace(item, name=_filled(self.patterns["fk"], table, item.columns, item, None))


def _filled(pattern: str, table: Name, columns: tuple[str, ...], key: ForeignKey | None, name: str | None) -> str:
    first = columns[0] if columns else ""
    whole = table.name if table.namespace == "public" else f"{table.namespace}_{table.name}"
    values = {
        "table_name": table.name,
        "column_0_name": first,
        "column_0_key": first,
        "column_0_label": f"{whole}_{first}",
        "column_0_N_name": "_".join(columns),
        "column_0N_name": "".join(columns),
        "column_0_N_label": "_".join(f"{whole}_{column}" for column in columns),
        "referred_table_name": key.ref_table.name if key else "",
        "referred_column_0_name": key.ref_columns[0] if key and key.ref_columns else "",
        "constraint_name": name or "",
    }
    return _TOKEN.sub(lambda match: values.get(match[1], ""), pattern)


def convention_of(modules: Modules) -> Convention:
    """The convention that the project's `MetaData` has; the first that is found."""
    for module in modules.all:
        for node in _nodes(module):
            if isinstance(node, ast.Call) and modules.full_name(module, node.func).rpartition(".")[2] == "MetaData":
                keywords = {item.arg: item.value for item in node.keywords if item.arg}
                patterns = _mapping(modules, module, keywords.get("naming_convention"))
                namespace = literal_text(keywords.get("schema"))
                if patterns or namespace:
                    return Convention(patterns=patterns, namespace=namespace)
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Attribute)
                and node.targets[0].attr == "naming_convention"
                and (patterns := _mapping(modules, module, node.value))
            ):
                return Convention(patterns=patterns)
    return Convention()


def _nodes(module: Module) -> Iterable[ast.AST]:
    if "MetaData" not in module.text and "naming_convention" not in module.text:
        return ()
    return (node for statement in module.statements for node in ast.walk(statement))


def _mapping(modules: Modules, module: Module, node: ast.expr | None) -> dict[str, str]:
    if isinstance(node, ast.Name) and (found := modules.find(module, node.id)) and isinstance(found.node, ast.expr):
        return _mapping(modules, found.module, found.node)
    if not isinstance(node, ast.Dict):
        return {}
    pairs = ((literal_text(key), literal_text(value)) for key, value in zip(node.keys, node.values, strict=True))
    return {key: value for key, value in pairs if key and value}
