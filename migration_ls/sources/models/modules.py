"""Which file an import means."""

import sys
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from migration_ls.sources.models.analyse import Module
from migration_ls.sources.models.facts import Assignment, Class, Function, Import, StarImport

Binding: TypeAlias = "tuple[int, Assignment | Import | Function | Class] | tuple[StarImport, ...] | None"

_INSTALLED = frozenset(sys.stdlib_module_names) | {
    "alembic", "annotated_types", "fastapi", "fastapi_users", "flask_sqlalchemy", "geoalchemy2", "pgvector", "pydantic",
    "pydantic_extra_types", "sqlalchemy", "sqlalchemy_utils", "sqlmodel", "typing_extensions", "ulid", "uuid6",
}  # fmt: skip


class Modules:
    """The modules of a project, found as Python would if every folder of the path may be an import root."""

    def __init__(self, modules: Sequence[Module]) -> None:
        self.all = tuple(modules)
        self.paths = tuple(module.path for module in modules)
        self._present = frozenset(modules)
        self._by_path = {module.path: module for module in modules}
        self._exact: dict[tuple[str, ...], Module] = {}
        self._ending: dict[tuple[str, ...], list[Module]] = {}
        for module in modules:
            parts = module.parts
            other = self._exact.get(parts)
            if other is None or module.is_package:
                self._exact[parts] = module
            for length in range(1, len(parts) + 1):
                self._ending.setdefault(parts[-length:], []).append(module)

    def has(self, module: Module) -> bool:
        """Whether it is among the modules, of the very same text."""
        return module in self._present

    def at(self, path: str) -> Module | None:
        """The module of that path."""
        return self._by_path.get(path)

    def bindings(self, path: str) -> Mapping[str, Binding]:
        """The statements that bind names in a module, by name; none where there is no such module."""
        module = self._by_path.get(path)
        return module.bindings if module else {}

    def binding(self, path: str, name: str) -> Binding:
        """The statement that binds a name in a module, with its chunk's offset; for `*` the star imports."""
        module = self._by_path.get(path)
        if module is None:
            return None
        return (module.stars or None) if name == "*" else module.bindings.get(name)

    def exact(self, parts: tuple[str, ...]) -> Module | None:
        """The module of exactly these names."""
        return self._exact.get(parts)

    def hidden(self, module: Module) -> bool:
        """Whether a package of the same name stands beside the module: Python takes the package."""
        return self._exact[module.parts] is not module

    def find(self, importer: Module, name: str, level: int) -> Module | None:
        """The module that `importer` means by `name` after `level` dots; None when it is none of the project's."""
        parts = tuple(name.split(".")) if name else ()
        if level:
            base = importer.parts if importer.is_package else importer.parts[:-1]
            return self._exact.get((*base[: len(base) - level + 1], *parts))
        if not parts or parts[0] in _INSTALLED:
            return None
        candidates = [module for module in self._ending.get(parts, ()) if not self.hidden(module)]
        if candidates:
            return max(candidates, key=lambda module: (_shared(module.parts, importer.parts), -len(module.parts)))
        for dropped in range(1, len(parts)):
            if found := self._exact.get(parts[dropped:]):
                return found
        return None


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
