"""Classes and `Table(...)` objects to tables."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
    Unique,
)
from migration_ls.sources.problem import Problem
from migration_ls.sources.pymodels.columns import (
    ColumnReader,
    FieldStatement,
    ReadColumn,
    action,
    class_name_origin,
    counts_up,
    split_target,
    sql_text,
)
from migration_ls.sources.pymodels.conventions import Convention
from migration_ls.sources.pymodels.enums import constant_text, literal_text
from migration_ls.sources.pymodels.index_text import index_parts_of_text
from migration_ls.sources.pymodels.modules import Found, Module, Modules
from migration_ls.sources.pymodels.tablename import computed_name
from migration_ls.sources.sql.expressions import expression


@dataclass(slots=True)
class Built:
    """A table with what it brings along."""

    table: Table
    enums: list[Enum]
    problems: list[tuple[str, Problem]]


class TableBuilder:
    """Builds the tables of a project's modules."""

    def __init__(self, modules: Modules, version: tuple[int, ...] | None, convention: Convention) -> None:
        self._modules = modules
        self._version = version
        self._convention = convention

    def of_class(self, module: Module, node: ast.ClassDef) -> Built | None:
        """The table of a class; None for classes without one."""
        lineage = self._lineage(Found(module, node))
        sqlmodel = self._is_sqlmodel(lineage)
        if sqlmodel:
            if not _table_flag(node):
                return None
        elif not self._is_declarative(lineage):
            return None
        options, arguments = self._table_args(lineage)
        name_text = self._tablename(lineage, node) or (node.name.lower() if sqlmodel else None)
        if name_text is None:
            return None
        namespace = options.get("schema") or self._convention.namespace or "public"
        reader = ColumnReader(self._modules, namespace, self._version, sqlmodel=sqlmodel)
        fields: dict[str, ReadColumn] = {}
        for item in self._fields(lineage):
            fields.pop(item.name, None)
            read = reader.read(item)
            if read is not None:
                fields[item.name] = read
        origin = class_name_origin(module, node)
        builder = _Assembly(self._modules, Name(name_text, namespace), list(fields.values()), origin, self._convention)
        names = {attribute: read.column.name for attribute, read in fields.items()}
        for argument, owner in arguments:
            builder.add(argument, owner, names)
        table = builder.table(node.name, options.get("comment"))
        return Built(table, builder.enums, reader.problems)

    def of_object(self, module: Module, call: ast.Call) -> Built | None:
        """The table of `Table("name", metadata, Column(...), ...)`."""
        if self._modules.full_name(module, call.func).rpartition(".")[2] != "Table" or len(call.args) < 2:
            return None
        name_text = literal_text(call.args[0])
        if name_text is None:
            return None
        keywords = {item.arg: item.value for item in call.keywords if item.arg}
        namespace = constant_text(self._modules, module, keywords.get("schema")) or self._convention.namespace or "public"
        reader = ColumnReader(self._modules, namespace, self._version, sqlmodel=False)
        columns: list[ReadColumn] = []
        others: list[ast.expr] = []
        for argument in call.args[2:]:
            if isinstance(argument, ast.Call) and self._modules.full_name(module, argument.func).endswith("Column"):
                first = literal_text(argument.args[0]) if argument.args else None
                statement = ast.copy_location(ast.Expr(value=argument), argument)
                item = FieldStatement(first or "", statement, None, argument, module)
                read = reader.read(item)
                if read is not None:
                    columns.append(read)
            else:
                others.append(argument)
        origin = module.origin(call.args[0])
        builder = _Assembly(self._modules, Name(name_text, namespace), columns, origin, self._convention)
        for other in others:
            builder.add(other, module, {})
        return Built(builder.table(None, literal_text(keywords.get("comment"))), builder.enums, reader.problems)

    def _lineage(self, found: Found, depth: int = 0) -> list[Found]:
        """The class and its bases of the project, as Python's method resolution order has them."""
        if not isinstance(found.node, ast.ClassDef) or depth > 20:
            return []
        chains: list[list[Found]] = []
        for base in found.node.bases:
            target = base.value if isinstance(base, ast.Subscript) else base
            name = (
                target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
            )
            other = self._modules.find(found.module, name) if name else None
            if other and isinstance(other.node, ast.ClassDef) and other.node is not found.node:
                chains.append(self._lineage(other, depth + 1))
        merged: list[Found] = [found]
        flat = [item for chain in chains for item in chain]
        # A base shared by several stands after all that derive from it: its last place counts.
        for position, item in enumerate(flat):
            if not any(later.node is item.node for later in flat[position + 1 :]):
                merged.append(item)
        return merged

    def _outer_bases(self, lineage: Sequence[Found]) -> Iterator[str]:
        for found in lineage:
            if isinstance(found.node, ast.ClassDef):
                for base in found.node.bases:
                    yield self._modules.full_name(found.module, base)

    def _is_sqlmodel(self, lineage: Sequence[Found]) -> bool:
        return any(name.rpartition(".")[2] == "SQLModel" for name in self._outer_bases(lineage))

    def _is_declarative(self, lineage: Sequence[Found]) -> bool:
        outer = {name.rpartition(".")[2] for name in self._outer_bases(lineage)}
        known = outer & {"DeclarativeBase", "Base", "Model", "MappedAsDataclass", "DeclarativeBaseNoMeta"}
        made = any(
            isinstance(base, ast.Name)
            and (found := self._modules.find(item.module, base.id))
            and isinstance(found.node, ast.Call)
            and self._modules.full_name(found.module, found.node.func).endswith("declarative_base")
            for item in lineage
            if isinstance(item.node, ast.ClassDef)
            for base in item.node.bases
        )
        node = lineage[0].node
        own = isinstance(node, ast.ClassDef) and any(_assigned(statement) == "__tablename__" for statement in node.body)
        inherits = any(
            _assigned(statement) == "__tablename__"
            or (isinstance(statement, ast.FunctionDef) and statement.name == "__tablename__")
            for item in lineage
            if isinstance(item.node, ast.ClassDef)
            for statement in item.node.body
        )
        return bool(known or made) and (own or (inherits and len(lineage) > 1 and not _is_abstract(lineage[0])))

    def _fields(self, lineage: Sequence[Found]) -> Iterator[FieldStatement]:
        for found in reversed(lineage):
            if not isinstance(found.node, ast.ClassDef):
                continue
            for statement in found.node.body:
                match statement:
                    case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                        if not name.startswith("__") and name != "model_config":
                            yield FieldStatement(name, statement, annotation, value, found.module)
                    case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if not name.startswith("__"):
                        yield FieldStatement(name, statement, None, call, found.module)
                    case _:
                        pass

    def _tablename(self, lineage: Sequence[Found], node: ast.ClassDef) -> str | None:
        for found in lineage:
            if not isinstance(found.node, ast.ClassDef):
                continue
            for statement in found.node.body:
                if _assigned(statement) == "__tablename__" and isinstance(statement, ast.Assign | ast.AnnAssign):
                    value = statement.value
                    if value is not None and (text := sql_text(self._modules, found.module, value)):
                        return text
                if isinstance(statement, ast.FunctionDef) and statement.name == "__tablename__":
                    return computed_name(statement, node.name)
        return None

    def _table_args(self, lineage: Sequence[Found]) -> tuple[dict[str, str], list[tuple[ast.expr, Module]]]:
        for found in lineage:
            if not isinstance(found.node, ast.ClassDef):
                continue
            for statement in found.node.body:
                value: ast.expr | None = None
                if _assigned(statement) == "__table_args__" and isinstance(statement, ast.Assign | ast.AnnAssign):
                    value = statement.value
                elif isinstance(statement, ast.FunctionDef) and statement.name == "__table_args__":
                    value = next((item.value for item in statement.body if isinstance(item, ast.Return)), None)
                if value is not None:
                    return self._split_args(value, found.module)
        return {}, []

    def _split_args(self, value: ast.expr, module: Module) -> tuple[dict[str, str], list[tuple[ast.expr, Module]]]:
        options: dict[str, str] = {}
        arguments: list[tuple[ast.expr, Module]] = []
        match value:
            case ast.Name(id=name):
                found = self._modules.find(module, name)
                if found and isinstance(found.node, ast.expr):
                    return self._split_args(found.node, found.module)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                for element in elements:
                    inner = element.value if isinstance(element, ast.Starred) else element
                    more, others = self._split_args(inner, module)
                    options |= more
                    arguments += others
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                for part in (left, right):
                    more, others = self._split_args(part, module)
                    options |= more
                    arguments += others
            case ast.Dict(keys=keys, values=values):
                for key, item in zip(keys, values, strict=True):
                    if key is None:
                        more, _ = self._split_args(item, module)
                        options |= more
                    elif (name := literal_text(key)) and (text := sql_text(self._modules, module, item)):
                        options[name] = text
            case ast.Call() if self._modules.full_name(module, value.func) == "dict":
                for keyword in value.keywords:
                    if keyword.arg and (text := sql_text(self._modules, module, keyword.value)):
                        options[keyword.arg] = text
            case ast.Call():
                arguments.append((value, module))
            case ast.Attribute(value=ast.Name(id=name), attr="__table_args__"):
                found = self._modules.find(module, name)
                if found and isinstance(found.node, ast.ClassDef):
                    return self._table_args([found])
            case _:
                pass
        return options, arguments


def _table_flag(node: ast.ClassDef) -> bool:
    return any(item.arg == "table" and literal_text(item.value) == "true" for item in node.keywords)


def _is_abstract(found: Found) -> bool:
    node = found.node
    return isinstance(node, ast.ClassDef) and any(_assigned(statement) == "__abstract__" for statement in node.body)


def _assigned(statement: ast.stmt) -> str | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case _:
            return None


class _Assembly:
    """Puts columns and table arguments together."""

    def __init__(
        self, modules: Modules, name: Name, columns: list[ReadColumn], origin: Origin, convention: Convention
    ) -> None:
        self._modules = modules
        self._name = name
        self._reads = columns
        self._origin = origin
        self._convention = convention
        self.enums = [read.enum for read in columns if read.enum]
        self._key: PrimaryKey | None = None
        self._uniques: list[Unique] = []
        self._checks: list[Check] = []
        self._foreign_keys: list[ForeignKey] = []
        self._indexes: list[Index] = []
        self._exclusions: list[Exclusion] = []

    def add(self, node: ast.expr, module: Module, names: Mapping[str, str]) -> None:
        """One element of `__table_args__`."""
        if (
            isinstance(node, ast.Name)
            and (found := self._modules.find(module, node.id))
            and isinstance(found.node, ast.expr)
        ):
            self.add(found.node, found.module, names)
            return
        if not isinstance(node, ast.Call):
            return
        kind = self._modules.full_name(module, node.func).rpartition(".")[2]
        keywords = {item.arg: item.value for item in node.keywords if item.arg}
        name = literal_text(keywords.get("name"))
        origin = module.origin(node)
        match kind:
            case "UniqueConstraint":
                columns = self._column_names(node.args, names)
                nulls = literal_text(keywords.get("postgresql_nulls_not_distinct")) == "true"
                self._uniques.append(
                    Unique(name=name, columns=columns, nulls_not_distinct=nulls, origin=origin,
                           deferrable=literal_text(keywords.get("deferrable")) == "true")
                )  # fmt: skip
            case "CheckConstraint" if node.args and (text := sql_text(self._modules, module, node.args[0])):
                if len(node.args) > 1 and name is None:
                    name = literal_text(node.args[1])
                self._checks.append(Check(name=name, expression=expression(text), origin=origin))
            case "PrimaryKeyConstraint":
                self._key = PrimaryKey(name=name, columns=self._column_names(node.args, names), origin=origin)
            case "ForeignKeyConstraint" if len(node.args) >= 2:
                self._foreign_keys.append(self._foreign_key(node, keywords, name, module))
            case "Index":
                self._indexes.append(self._index(node, keywords, module, names))
            case "ExcludeConstraint":
                self._exclusions.append(Exclusion(name=name, definition=ast.unparse(node), origin=origin))
            case _:
                pass

    def _column_names(self, nodes: Sequence[ast.expr], names: Mapping[str, str]) -> tuple[str, ...]:
        texts = (literal_text(node) or (node.id if isinstance(node, ast.Name) else None) for node in nodes)
        return tuple(names.get(text, text) for text in texts if text)

    def _foreign_key(
        self, node: ast.Call, keywords: Mapping[str, ast.expr], name: str | None, module: Module
    ) -> ForeignKey:
        origin = module.origin(node)
        local, remote = (self._listed(argument, module) for argument in node.args[:2])
        targets = [split_target(text) for text in remote]
        return ForeignKey(
            name=name,
            columns=local,
            ref_table=targets[0][0] if targets else Name(""),
            ref_columns=tuple(column for _, column in targets),
            on_delete=action(literal_text(keywords.get("ondelete"))),
            on_update=action(literal_text(keywords.get("onupdate"))),
            origin=origin,
        )

    def _listed(self, node: ast.expr, module: Module) -> tuple[str, ...]:
        elements = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
        texts = (constant_text(self._modules, module, element) for element in elements)
        return tuple(text for text in texts if text)

    def _index(
        self, node: ast.Call, keywords: Mapping[str, ast.expr], module: Module, names: Mapping[str, str]
    ) -> Index:
        name = literal_text(node.args[0]) if node.args else None
        parts = [part for argument in node.args[1:] for part in self._parts(argument, module, names)]
        where = keywords.get("postgresql_where")
        where_text = sql_text(self._modules, module, where) if where is not None else None
        include = self._listed(keywords["postgresql_include"], module) if "postgresql_include" in keywords else ()
        classes = self._classes(keywords.get("postgresql_ops"))
        return Index(
            name=name,
            parts=tuple(replace(part, opclass=classes.get(part.text, part.opclass)) for part in parts),
            unique=literal_text(keywords.get("unique")) == "true",
            using=literal_text(keywords.get("postgresql_using")) or "btree",
            where=expression(where_text) if where_text else None,
            include=include,
            origin=module.origin(node),
        )

    def _classes(self, node: ast.expr | None) -> dict[str, str]:
        if not isinstance(node, ast.Dict):
            return {}
        pairs = ((literal_text(key), literal_text(value)) for key, value in zip(node.keys, node.values, strict=True))
        return {key: value for key, value in pairs if key and value}

    def _parts(self, node: ast.expr, module: Module, names: Mapping[str, str]) -> Sequence[IndexPart]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return (IndexPart(text=names.get(node.value, node.value)),)
        if isinstance(node, ast.Name) and node.id in names:
            return (IndexPart(text=names[node.id]),)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"desc", "asc", "nulls_last", "nulls_first", "nullslast", "nullsfirst"}
        ):
            inner = self._parts(node.func.value, module, names)
            return tuple(_directed(part, node.func.attr) for part in inner)
        if isinstance(node, ast.Call):
            called = self._modules.full_name(module, node.func).rpartition(".")[2]
            if called in {"desc", "asc", "nulls_last", "nulls_first"} and node.args:
                return tuple(_directed(part, called) for part in self._parts(node.args[0], module, names))
        if isinstance(node, ast.Attribute):
            return (IndexPart(text=names.get(node.attr, node.attr)),)
        text = sql_text(self._modules, module, node)
        return index_parts_of_text(text) if text else ()

    def table(self, class_name: str | None, comment: str | None) -> Table:
        """The whole table."""
        own_keys = tuple(read.column.name for read in self._reads if read.primary_key)
        key = self._key or (PrimaryKey(name=None, columns=own_keys, origin=self._origin) if own_keys else None)
        columns = tuple(self._column(read, len(key.columns) if key else 0, key) for read in self._reads)
        uniques = [
            Unique(name=None, columns=(read.column.name,), origin=read.unique)
            for read in self._reads
            if read.unique and not read.index
        ]
        indexes = [
            Index(
                name=self._convention.index_name(self._name, (read.column.name,)),
                parts=(IndexPart(text=read.column.name),),
                unique=bool(read.unique),
                origin=read.index,
            )
            for read in self._reads
            if read.index
        ]
        keys = [replace(item, columns=(read.column.name,)) for read in self._reads for item in read.foreign_keys]
        checks = [item for read in self._reads for item in read.checks]
        table = Table(
            name=self._name,
            columns=columns,
            primary_key=key,
            uniques=(*uniques, *self._uniques),
            checks=(*checks, *self._checks),
            foreign_keys=(*keys, *self._foreign_keys),
            exclusions=tuple(self._exclusions),
            indexes=(*indexes, *(self._named(index) for index in self._indexes)),
            comment=comment,
            origin=self._origin,
            class_name=class_name,
        )
        return self._convention.named(table)

    def _named(self, index: Index) -> Index:
        if index.name is not None or not index.columns:
            return index
        return replace(index, name=self._convention.index_name(self._name, index.columns))

    def _column(self, read: ReadColumn, keys: int, key: PrimaryKey | None) -> Column:
        column = read.column
        if key and column.name in key.columns:
            read = replace(read, primary_key=True)
            column = replace(column, nullable=False)
        if counts_up(read, keys):
            column = replace(column, autoincrement=True)
        return column


def _directed(part: IndexPart, word: str) -> IndexPart:
    match word:
        case "desc":
            return replace(part, descending=True)
        case "nulls_last" | "nullslast":
            return replace(part, nulls="last" if part.descending else None)
        case "nulls_first" | "nullsfirst":
            return replace(part, nulls=None if part.descending else "first")
        case _:
            return part
