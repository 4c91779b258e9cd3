"""Looking up names: imports, assignments, classes, attributes."""

import builtins
from collections.abc import Callable
from typing import TypeAlias, TypeVar

from migration_ls.sources.models.analyse import Module
from migration_ls.sources.models.facts import Assignment, Class, Function, Import
from migration_ls.sources.models.modules import Binding, Modules
from migration_ls.sources.models.terms import Attribute, Const, Ref, Term
from migration_ls.sources.models.values import (
    ClassValue,
    Env,
    External,
    FunctionValue,
    Instance,
    Member,
    ModuleValue,
    Node,
    Outcome,
    Plain,
    Unknown,
    Value,
)

_BUILTINS = frozenset(dir(builtins))
_USUAL = {
    name: module
    for module, names in {
        "sqlmodel": "SQLModel Field Relationship AutoString",
        "datetime": "datetime date time timedelta timezone",
        "decimal": "Decimal",
        "uuid": "UUID uuid4 uuid1",
        "enum": "Enum IntEnum StrEnum auto Flag IntFlag",
        "typing": "Optional Union List Dict Any Annotated ClassVar Literal Set Tuple TYPE_CHECKING",
        "pydantic": "EmailStr BaseModel AwareDatetime NaiveDatetime",
        "sqlalchemy": "ARRAY BigInteger Boolean CheckConstraint Column Computed Date DateTime Double Float ForeignKey "
        "ForeignKeyConstraint Identity Index Integer Interval JSON LargeBinary MetaData Numeric PrimaryKeyConstraint "
        "SmallInteger String Table Text Time UniqueConstraint Uuid func text",
        "sqlalchemy.dialects.postgresql": "CIDR CITEXT INET JSONB MACADDR TSVECTOR ExcludeConstraint",
        "sqlalchemy.orm": "DeclarativeBase Mapped declarative_base declared_attr mapped_column relationship",
    }.items()
    for name in names.split()
}
"""Names that documents and half-typed files use without importing them."""


_Found = TypeVar("_Found")
Asked: TypeAlias = dict[tuple[str, str], Binding]
"""Bindings by path and name, None for names without one; under the name `*` a module's star imports."""


class Lookup:
    """Looks up names in the modules of a project. `asked` gathers the bindings that were asked for."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.asked: Asked = {}
        self._busy: set[tuple[str, str]] = set()
        self._known: dict[tuple[str, str], tuple[Value | None, Asked]] = {}
        self._chains: dict[tuple[str, tuple[str, ...]], tuple[Value, Asked]] = {}

    def fresh(self) -> "Lookup":
        """A lookup that knows what this one does and has been asked for nothing."""
        other = Lookup(self.modules)
        other._known = self._known
        other._chains = self._chains
        return other

    def apart(self, read: Callable[[], _Found]) -> tuple[_Found, Asked]:
        """What `read` gives, and the bindings that it asks for."""
        outer, self.asked = self.asked, {}
        try:
            found = read()
        finally:
            inner, self.asked = self.asked, outer
            self.asked |= inner
        return found, inner

    def value(self, term: Term, env: Env) -> Value:
        """What a term means; names are followed to what they stand for."""
        match term:
            case Ref(names=names):
                if names[0] not in env.names:
                    return self._at_top(names, env.module)
                return self._along(env.names[names[0]], names)
            case Const():
                return Plain(term.value)
            case Attribute():
                return self.attribute(self.value(term.base, env), term.name)
            case _:
                return Node(term, env)

    def attribute(self, value: Value, name: str) -> Value:
        """The attribute of a value."""
        match value:
            case External():
                return External(value.module, (*value.attributes, name))
            case ModuleValue():
                return self.in_module(name, value.module) or self._submodule(value.module, name) or Unknown(name)
            case ClassValue() | Node() | Member() | Plain() | Outcome():
                return Member(value, name)
            case Instance():
                return value.attributes.get(name) or Unknown(name)
            case _:
                return Unknown(name)

    def _along(self, value: Value, names: tuple[str, ...]) -> Value:
        for name in names[1:]:
            value = self.attribute(value, name)
        return value

    def _at_top(self, names: tuple[str, ...], module: Module) -> Value:
        """What a chain of names means at the top of a module."""
        key = (module.path, names)
        known = self._chains.get(key)
        if known is None:
            known = self.apart(lambda: self._along(self._name(names[0], module), names))
            if not self._busy:
                self._chains[key] = known
        self.asked |= known[1]
        return known[0]

    def _name(self, name: str, module: Module) -> Value:
        if (found := self.in_module(name, module)) is not None:
            return found
        if name in _BUILTINS:
            return External("builtins", (name,))
        return External(_USUAL[name], (name,)) if name in _USUAL else Unknown(name)

    def in_module(self, name: str, module: Module) -> Value | None:
        """What a name means at the top of a module; None when it is not bound there."""
        key = (module.path, name)
        if key in self._known:
            found, asked = self._known[key]
            if key not in self.asked:
                self.asked |= asked
            return found
        if key in self._busy:
            return None
        self._busy.add(key)
        try:
            found, asked = self.apart(lambda: self._in_module(name, module))
        finally:
            self._busy.discard(key)
        if not self._busy:
            # Inside a chain of imports a cycle may have hidden something.
            self._known[key] = (found, asked)
        return found

    def _in_module(self, name: str, module: Module) -> Value | None:
        self.asked[module.path, name] = module.bindings.get(name)
        if name in module.bindings:
            offset, statement = module.bindings[name]
            env = Env(module, offset)
            match statement:
                case Class():
                    return ClassValue(statement, env)
                case Function():
                    return FunctionValue(statement, env)
                case Assignment(value=value):
                    return self.value(value, env) if value is not None else Unknown(name)
                case Import():
                    return self._imported(statement, module)
        if module.stars:
            self.asked[(module.path, "*")] = module.stars
        for star in module.stars:
            source = self.modules.find(module, star.module, star.level)
            if source is not None and (found := self.in_module(name, source)) is not None:
                return found
        # What no file binds comes from an installed module, SQLAlchemy's names first.
        foreign = [star.module for star in module.stars if self.modules.find(module, star.module, star.level) is None]
        if name in _BUILTINS or not foreign:
            return None
        return External(min(foreign, key=lambda name: not name.startswith(("sqlalchemy", "sqlmodel"))), (name,))

    def _imported(self, statement: Import, module: Module) -> Value:
        source = self.modules.find(module, statement.module, statement.level)
        if statement.attribute is None:
            return ModuleValue(source) if source else External(statement.module)
        if source is not None:
            found = self.in_module(statement.attribute, source) or self._submodule(source, statement.attribute)
            return found or Unknown(statement.attribute)
        dotted = f"{statement.module}.{statement.attribute}" if statement.module else statement.attribute
        submodule = self.modules.find(module, dotted, statement.level)
        if submodule is not None:
            return ModuleValue(submodule)
        return External(statement.module or ".", (statement.attribute,))

    def _submodule(self, package: Module, name: str) -> Value | None:
        found = self.modules.exact((*package.parts, name))
        return ModuleValue(found) if found else None
