"""One field of a class to a column, with what stands at it: keys, indexes, uniqueness, checks."""

import ast
from dataclasses import dataclass, field, replace
from typing import cast

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import Check, Column, FkAction, ForeignKey, PythonDefault
from migration_ls.sources.problem import Problem
from migration_ls.sources.pymodels.annotations import Annotation, read_annotation
from migration_ls.sources.pymodels.enums import constant_text, enum_of_class, literal_text
from migration_ls.sources.pymodels.modules import Found, Module, Modules
from migration_ls.sources.pymodels.sqlalchemy_types import ReadType, TypeReader
from migration_ls.sources.sql.expressions import expression
from migration_ls.text.span import Span

_AWARE_SINCE = (0, 0, 45)
_ANNOTATED_KEYS_SINCE = (0, 0, 32)
_TEXTS = frozenset(
    """str EmailStr NameEmail AnyUrl AnyHttpUrl HttpUrl FileUrl PostgresDsn RedisDsn Path PurePath SecretStr
    IPv4Address IPv6Address IPv4Network IPv6Network IPvAnyAddress AutoString StrictStr constr FilePath
    DirectoryPath""".split()
)
_SIMPLE = {
    "int": "integer", "float": "double precision", "bool": "boolean", "date": "date", "time": "time without time zone",
    "timedelta": "interval", "bytes": "bytea", "UUID": "uuid", "UUID1": "uuid", "UUID4": "uuid", "UUID5": "uuid",
    "UUID3": "uuid", "UUID7": "uuid", "StrictInt": "integer", "StrictBool": "boolean", "PositiveInt": "integer",
    "NonNegativeInt": "integer", "NegativeInt": "integer", "NonPositiveInt": "integer",
    "PositiveFloat": "double precision", "NonNegativeFloat": "double precision",
    "NaiveDatetime": "timestamp without time zone", "PastDate": "date", "FutureDate": "date",
}  # fmt: skip
_INTEGERS = frozenset({"integer", "bigint", "smallint"})


@dataclass(slots=True)
class ReadColumn:
    """A column and everything that its field brings to the table."""

    column: Column
    primary_key: bool = False
    index: Origin | None = None
    unique: Origin | None = None
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    enum: Enum | None = None
    autoincrement: bool | None = None
    """As written; None where it is left to SQLAlchemy."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument and the module its names belong to."""

    node: ast.expr
    module: Module


@dataclass(frozen=True, slots=True)
class FieldStatement:
    """A field of a class: the statement, its annotation and value, and the module it stands in."""

    name: str
    statement: ast.stmt
    annotation: ast.expr | None
    value: ast.expr | None
    module: Module


class ColumnReader:
    """Reads fields for one table."""

    def __init__(self, modules: Modules, namespace: str, version: tuple[int, ...] | None, *, sqlmodel: bool) -> None:
        self._modules = modules
        self._namespace = namespace
        self._version = version
        self._sqlmodel = sqlmodel
        self.problems: list[tuple[str, Problem]] = []

    def read(self, item: FieldStatement) -> ReadColumn | None:
        """The column of a field; None for relationships, class variables and other things that are no columns."""
        if item.value is not None and self._calls(item.module, item.value) & {
            "Relationship", "relationship", "PrivateAttr", "association_proxy", "column_property", "hybrid_property",
            "composite", "synonym",
        }:  # fmt: skip
            return None
        if item.annotation is None:
            return self._bare(item)
        annotation = read_annotation(self._modules, item.module, item.annotation)
        if annotation is None:
            return None
        return self._field(item, annotation)

    def _constant(self, argument: Argument | None) -> str | None:
        return constant_text(self._modules, argument.module, argument.node) if argument else None

    def _calls(self, module: Module, node: ast.expr) -> set[str]:
        return {self._modules.full_name(module, node.func).rpartition(".")[2]} if isinstance(node, ast.Call) else set()

    def _bare(self, item: FieldStatement) -> ReadColumn | None:
        """`name = Column(...)` or `name = mapped_column(...)`, without an annotation."""
        if item.value is None or not self._calls(item.module, item.value) & {"Column", "mapped_column"}:
            return None
        return self._sa_column(item, Argument(item.value, item.module), None, {})

    def _field(self, item: FieldStatement, annotation: Annotation) -> ReadColumn | None:
        arguments, default = self._arguments(item, annotation)
        if "sa_column" in arguments and not _is_none(arguments["sa_column"].node):
            if "primary_key" in arguments:
                self._complain(
                    item, arguments["primary_key"].node, "`primary_key` next to `sa_column` is refused by SQLModel",
                    "Put `primary_key=True` into the `Column(...)`",
                )  # fmt: skip
            return self._sa_column(item, arguments["sa_column"], annotation, arguments, default)
        if item.value is not None and self._calls(item.module, item.value) & {"mapped_column", "Column"}:
            return self._sa_column(item, Argument(item.value, item.module), annotation, {}, default)
        if "mapped_column" in arguments:
            return self._sa_column(item, arguments["mapped_column"], annotation, {}, default)
        read = self._type(item, annotation, arguments)
        if read is None:
            return None
        return self._plain(item, annotation, arguments, read, default)

    def _arguments(self, item: FieldStatement, annotation: Annotation) -> tuple[dict[str, Argument], Argument | None]:
        """The keywords of `Field(...)`, those inside `Annotated` first, and the default."""
        arguments: dict[str, Argument] = {}
        default: Argument | None = None
        calls = [(node, module, True) for node, module in annotation.metadata]
        if item.value is not None:
            calls.append((item.value, item.module, False))
        for node, module, annotated in calls:
            call = self._field_call(node, module)
            if call is None:
                if (not annotated and not isinstance(node, ast.Call)) or not annotated:
                    default = Argument(node, module)
                elif isinstance(node, ast.Call) and self._calls(module, node) & {"mapped_column"}:
                    arguments["mapped_column"] = Argument(node, module)
                continue
            found, owner = call
            for keyword in found.keywords:
                if keyword.arg is None:
                    arguments |= self._spread(keyword.value, owner)
                elif not (annotated and keyword.arg in {"unique", "index", "primary_key"} and self._loses_keys()):
                    arguments[keyword.arg] = Argument(keyword.value, owner)
            if found.args and not _is_ellipsis(found.args[0]):
                default = Argument(found.args[0], owner)
            elif "default" in arguments and not _is_ellipsis(arguments["default"].node):
                default = arguments["default"]
        return arguments, default

    def _loses_keys(self) -> bool:
        """Up to SQLModel 0.0.31, with a current pydantic, keys inside `Annotated` are lost."""
        return self._version is not None and self._version < _ANNOTATED_KEYS_SINCE

    def _field_call(self, node: ast.expr, module: Module) -> tuple[ast.Call, Module] | None:
        """`Field(...)`, or the `Field(...)` that a helper function of the project returns."""
        if not isinstance(node, ast.Call):
            if isinstance(node, ast.Name) and (found := self._modules.find(module, node.id)):
                inner = found.node
                return self._field_call(inner, found.module) if isinstance(inner, ast.Call) else None
            return None
        name = self._modules.full_name(module, node.func)
        if name.rpartition(".")[2] == "Field":
            return node, module
        if isinstance(node.func, ast.Name) and (helper := self._modules.find(module, node.func.id)):
            returned = _returned(helper)
            if isinstance(returned, ast.Call):
                return self._field_call(returned, helper.module)
        return None

    def _spread(self, node: ast.expr, module: Module) -> dict[str, Argument]:
        """The keywords of a `**mapping` that is written out somewhere."""
        if isinstance(node, ast.Name) and (found := self._modules.find(module, node.id)):
            if isinstance(found.node, ast.expr):
                return self._spread(found.node, found.module)
            return {}
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            return {
                key.value: Argument(value, module)
                for key, value in pairs
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
        return {}

    def _type(self, item: FieldStatement, annotation: Annotation, arguments: dict[str, Argument]) -> ReadType | None:
        if "sa_type" in arguments:
            given = arguments["sa_type"]
            read = TypeReader(self._modules, given.module, self._namespace).read(given.node)
            if read is not None:
                return read
            self._unknown(item, given.node)
            return ReadType(ColumnType(ast.unparse(given.node)))
        read = self._annotated_type(annotation, arguments)
        if read is None:
            core = annotation.core
            name = self._modules.full_name(annotation.module, core).rpartition(".")[2]
            found = self._modules.find(annotation.module, name) if name else None
            if found and isinstance(found.node, ast.ClassDef):
                return None if not self._sqlmodel else self._unknown_read(item)
            return self._unknown_read(item)
        return read

    def _unknown_read(self, item: FieldStatement) -> ReadType:
        self._unknown(item, item.annotation or item.statement)
        return ReadType(ColumnType("text"))

    def _annotated_type(self, annotation: Annotation, arguments: dict[str, Argument]) -> ReadType | None:
        if annotation.literals:
            values = [node for node in annotation.literals if not _is_none(node)]
            numbers = all(isinstance(node, ast.Constant) and isinstance(node.value, int) for node in values)
            return ReadType(ColumnType("integer") if numbers else self._text(arguments))
        name = self._modules.full_name(annotation.module, annotation.core).rpartition(".")[2]
        if name in _TEXTS:
            return ReadType(self._text(arguments))
        if name in {"datetime", "AwareDatetime", "PastDatetime", "FutureDatetime"}:
            aware = self._sqlmodel and self._version is not None and self._version >= _AWARE_SINCE
            return ReadType(ColumnType("timestamp with time zone" if aware else "timestamp without time zone"))
        if name in {"Decimal", "condecimal"}:
            digits = self._constant(arguments.get("max_digits"))
            places = self._constant(arguments.get("decimal_places"))
            return ReadType(ColumnType("numeric", (digits, places or "0") if digits else ()))
        if name in _SIMPLE:
            return ReadType(ColumnType(_SIMPLE[name]))
        last = name.rpartition(".")[2]
        found = self._modules.find(annotation.module, last) if last else None
        members = enum_of_class(self._modules, found) if found else None
        if members is not None and found is not None:
            full = Name(last.lower(), self._namespace)
            labels = tuple(label for label, _ in members)
            return ReadType(ColumnType(str(full)), Enum(name=full, values=labels, origin=_class_origin(found)))
        return None

    def _text(self, arguments: dict[str, Argument]) -> ColumnType:
        length = self._constant(arguments.get("max_length"))
        return ColumnType("character varying", (length,) if length and self._sqlmodel else ())

    def _plain(
        self,
        item: FieldStatement,
        annotation: Annotation,
        arguments: dict[str, Argument],
        read: ReadType,
        default: Argument | None,
    ) -> ReadColumn:
        """A column as SQLModel makes it from `Field` and the annotation."""
        key = _true(arguments.get("primary_key"))
        nullable_given = literal_text(_node(arguments.get("nullable")))
        nullable = not key and (nullable_given == "true" if nullable_given else annotation.optional)
        extra = self._column_keywords(arguments)
        result = ReadColumn(
            column=Column(name=item.name, type=read.type, nullable=nullable), primary_key=key, enum=read.enum
        )
        place = item.module.origin
        if _true(arguments.get("index")):
            result.index = arguments["index"].module.origin(arguments["index"].node)
        if _true(arguments.get("unique")):
            result.unique = arguments["unique"].module.origin(arguments["unique"].node)
        if "foreign_key" in arguments and (target := self._constant(arguments.get("foreign_key"))):
            on_delete = self._constant(arguments.get("ondelete"))
            key_origin = arguments["foreign_key"].module.origin(arguments["foreign_key"].node)
            result.foreign_keys.append(foreign_key(item.name, target, on_delete=on_delete, origin=key_origin))
        if "sa_column_args" in arguments:
            given = arguments["sa_column_args"]
            elements = given.node.elts if isinstance(given.node, ast.List | ast.Tuple) else []
            self._elements(result, elements, given.module)
        self._keywords(result, extra)
        python = self._python_default(arguments, default, result)
        result.column = replace(
            result.column,
            python_default=python,
            origin=place(item.statement),
            places=self._places(item, arguments, default),
        )
        return result

    def _column_keywords(self, arguments: dict[str, Argument]) -> dict[str, Argument]:
        given = arguments.get("sa_column_kwargs")
        if given is None:
            return {}
        if isinstance(given.node, ast.Call):
            return {item.arg: Argument(item.value, given.module) for item in given.node.keywords if item.arg}
        return self._spread(given.node, given.module)

    def _sa_column(
        self,
        item: FieldStatement,
        given: Argument,
        annotation: Annotation | None,
        arguments: dict[str, Argument],
        default: Argument | None = None,
    ) -> ReadColumn | None:
        """A column given whole; what it leaves out SQLAlchemy decides, not the annotation."""
        call, module = given.node, given.module
        if (
            isinstance(call, ast.Name)
            and (found := self._modules.find(module, call.id))
            and isinstance(found.node, ast.Call)
        ):
            call, module = found.node, found.module
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            helper = self._modules.find(module, call.func.id)
            returned = _returned(helper) if helper else None
            if helper and isinstance(returned, ast.Call):
                call, module = returned, helper.module
        if not isinstance(call, ast.Call):
            self._unknown(item, given.node)
            return None
        keywords = {keyword.arg: Argument(keyword.value, module) for keyword in call.keywords if keyword.arg}
        positional = list(call.args)
        name = item.name
        if positional and (text := literal_text(positional[0])) is not None and isinstance(positional[0], ast.Constant):
            name = text
            positional = positional[1:]
        elif "name" in keywords and (text := literal_text(keywords["name"].node)):
            name = text
        read: ReadType | None = None
        type_node = keywords["type_"].node if "type_" in keywords else None
        if type_node is None and positional and not self._is_element(positional[0], module):
            type_node, positional = positional[0], positional[1:]
        if type_node is not None:
            read = TypeReader(self._modules, module, self._namespace).read(type_node)
            if read is None:
                self._unknown(item, type_node)
                read = ReadType(ColumnType(ast.unparse(type_node)))
        elif annotation is not None:
            read = self._annotated_type(annotation, arguments)
        key = _true(keywords.get("primary_key"))
        mapped = annotation is not None and self._calls(module, call) & {"mapped_column"}
        given_null = literal_text(_node(keywords.get("nullable")))
        nullable = given_null == "true" if given_null else (annotation.optional if mapped and annotation else True)
        result = ReadColumn(
            column=Column(name=name, type=read.type if read else ColumnType("integer"), nullable=nullable and not key),
            primary_key=key,
            enum=read.enum if read else None,
        )
        self._elements(result, positional, module)
        self._keywords(result, keywords)
        if read is None and result.foreign_keys:
            result.column = replace(result.column, type=ColumnType("integer"))
        python = self._python_default({**keywords, **arguments}, default or keywords.get("default"), result)
        result.column = replace(
            result.column,
            python_default=python,
            origin=item.module.origin(item.statement),
            places=self._places(item, arguments, default),
        )
        return result

    def _is_element(self, node: ast.expr, module: Module) -> bool:
        return bool(
            self._calls(module, node)
            & {"ForeignKey", "Identity", "Computed", "CheckConstraint", "Sequence", "FetchedValue", "DefaultClause"}
        )

    def _elements(self, result: ReadColumn, elements: list[ast.expr], module: Module) -> None:
        """`ForeignKey(...)`, `Identity(...)`, `Computed(...)` and checks inside `Column(...)`."""
        for node in elements:
            if not isinstance(node, ast.Call):
                continue
            kind = self._modules.full_name(module, node.func).rpartition(".")[2]
            keywords = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
            if kind == "ForeignKey" and node.args:
                target = constant_text(self._modules, module, node.args[0]) or _column_path(node.args[0])
                if target:
                    key = foreign_key(
                        result.column.name,
                        target,
                        on_delete=literal_text(keywords.get("ondelete")),
                        on_update=literal_text(keywords.get("onupdate")),
                        name=literal_text(keywords.get("name")),
                        origin=module.origin(node),
                    )
                    result.foreign_keys.append(key)
            elif kind == "Identity":
                always = literal_text(keywords.get("always")) == "true"
                result.column = replace(result.column, identity="always" if always else "by default", nullable=False)
            elif kind == "Computed" and node.args and (text := literal_text(node.args[0])):
                result.column = replace(result.column, generated=expression(text))
            elif kind == "CheckConstraint" and (
                text := sql_text(self._modules, module, node.args[0] if node.args else None)
            ):
                name = literal_text(keywords.get("name"))
                result.checks.append(Check(name=name, expression=expression(text), origin=module.origin(node)))

    def _keywords(self, result: ReadColumn, keywords: dict[str, Argument]) -> None:
        if _true(keywords.get("index")):
            result.index = keywords["index"].module.origin(keywords["index"].node)
        if _true(keywords.get("unique")):
            result.unique = keywords["unique"].module.origin(keywords["unique"].node)
        if _true(keywords.get("primary_key")):
            result.primary_key = True
            result.column = replace(result.column, nullable=False)
        if "nullable" in keywords and (text := literal_text(keywords["nullable"].node)):
            result.column = replace(result.column, nullable=text == "true" and not result.primary_key)
        if "server_default" in keywords:
            given = keywords["server_default"]
            default = server_default(self._modules, given.module, given.node)
            result.column = replace(result.column, default=default)
        if "comment" in keywords:
            result.column = replace(result.column, comment=literal_text(keywords["comment"].node))
        if "autoincrement" in keywords:
            result.autoincrement = literal_text(keywords["autoincrement"].node) == "true"
        if "name" in keywords and (name := literal_text(keywords["name"].node)):
            result.column = replace(result.column, name=name)

    def _python_default(
        self, arguments: dict[str, Argument], default: Argument | None, result: ReadColumn
    ) -> PythonDefault | None:
        factory = arguments.get("default_factory")
        if factory is not None and not _is_none(factory.node):
            name = "lambda" if isinstance(factory.node, ast.Lambda) else ast.unparse(factory.node)
            return PythonDefault(kind="callable", text=name)
        if default is None or _is_none(default.node) or _is_ellipsis(default.node):
            return None
        return self._value_default(default, result)

    def _value_default(self, default: Argument, result: ReadColumn) -> PythonDefault:
        node, module = default.node, default.module
        if (text := literal_text(node)) is not None:
            return PythonDefault(kind="value", text=text)
        if isinstance(node, ast.Attribute) and (value := self._member(node, module, result)) is not None:
            return PythonDefault(kind="value", text=value)
        if isinstance(node, ast.List | ast.Dict | ast.Tuple | ast.Set) and not (
            node.keys if isinstance(node, ast.Dict) else node.elts
        ):
            listed = isinstance(node, ast.List) and not result.column.type.is_array
            return PythonDefault(kind="value", text="[]" if listed else "{}")
        if isinstance(node, ast.Call):
            name = self._modules.full_name(module, node.func).rpartition(".")[2]
            if name in {"Decimal", "UUID"} and node.args and (text := literal_text(node.args[0])) is not None:
                return PythonDefault(kind="value", text=text)
            if name == "text" and node.args and (text := literal_text(node.args[0])) is not None:
                return PythonDefault(kind="sql", text=text)
        if isinstance(node, ast.Name):
            found = self._modules.find(module, node.id)
            if found and isinstance(found.node, ast.expr):
                return self._value_default(Argument(found.node, found.module), result)
        return PythonDefault(kind="callable", text=ast.unparse(node))

    def _member(self, node: ast.Attribute, module: Module, result: ReadColumn) -> str | None:
        """`Status.OPEN` by its label in a native enum, else by its value; `Status.OPEN.value` by its value."""
        by_value = node.attr == "value" and isinstance(node.value, ast.Attribute)
        member = node.value if by_value else node
        if not (isinstance(member, ast.Attribute) and isinstance(member.value, ast.Name)):
            return None
        found = self._modules.find(module, member.value.id)
        members = dict(enum_of_class(self._modules, found) or ()) if found else {}
        if member.attr not in members:
            return None
        labels = result.enum.values if result.enum else ()
        return member.attr if not by_value and member.attr in labels else members[member.attr]

    def _places(
        self, item: FieldStatement, arguments: dict[str, Argument], default: Argument | None
    ) -> tuple[tuple[str, Origin], ...]:
        module = item.module
        start = module.span(item.statement).start
        places = [("name", module.place(Span(start, start + len(item.name))))]
        if item.annotation is not None:
            places.append(("type", module.origin(item.annotation)))
        if default is not None:
            places.append(("default", default.module.origin(default.node)))
        for name, part in (("max_length", "length"), ("nullable", "nullable"), ("sa_column", "default")):
            if name in arguments:
                places.append((part, arguments[name].module.origin(arguments[name].node)))
        return tuple(places)

    def _unknown(self, item: FieldStatement, node: ast.AST) -> None:
        text = (
            item.module.span(node).of(item.module.text)
            if item.annotation is node
            else ast.unparse(cast("ast.expr", node))
        )
        self._complain(
            item, node, f"The type `{text[:60]}` of `{item.name}` is not known, so its column type is open",
            "Say it by `sa_type=` or `sa_column=Column(...)`", code="models-unknown-type", serious=False,
        )  # fmt: skip

    def _complain(
        self,
        item: FieldStatement,
        node: ast.AST,
        message: str,
        help_: str,
        *,
        code: str = "models-refused",
        serious: bool = True,
    ) -> None:
        problem = Problem(code=code, message=message, help=help_, span=item.module.span(node), serious=serious)
        self.problems.append((item.module.path, problem))


def _class_origin(found: Found) -> Origin | None:
    node = found.node
    if not isinstance(node, ast.ClassDef):
        return None
    return class_name_origin(found.module, node)


def class_name_origin(module: Module, node: ast.ClassDef) -> Origin:
    """The place of a class's name."""
    span = module.span(node)
    start = module.text.find(node.name, span.start)
    start = start if start >= 0 else span.start
    return module.place(Span(start, start + len(node.name)))


def foreign_key(
    column: str,
    target: str,
    *,
    on_delete: str | None = None,
    on_update: str | None = None,
    name: str | None = None,
    origin: Origin | None = None,
) -> ForeignKey:
    """A key of one column from `table.column` or `namespace.table.column`."""
    table, ref = split_target(target)
    return ForeignKey(
        name=name,
        columns=(column,),
        ref_table=table,
        ref_columns=(ref,) if ref else (),
        on_delete=action(on_delete),
        on_update=action(on_update),
        origin=origin,
    )


def split_target(target: str) -> tuple[Name, str]:
    """Table and column of `tasks.id` or `app.tasks.id`; a bare table has no column."""
    parts = target.split(".")
    if len(parts) == 1:
        return Name(parts[0]), ""
    if len(parts) == 2:
        return Name(parts[0]), parts[1]
    return Name(parts[-2], parts[-3]), parts[-1]


_ACTIONS: tuple[FkAction, ...] = ("NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT")


def action(text: str | None) -> FkAction:
    """What happens to referring rows; unknown words mean nothing does."""
    wanted = (text or "").upper()
    return next((item for item in _ACTIONS if item == wanted), "NO ACTION")


def server_default(modules: Modules, module: Module, node: ast.expr) -> Expression | None:
    """The SQL of a server default: a plain string is a literal, `text(...)` and `func...()` are SQL."""
    if (text := literal_text(node)) is not None and isinstance(
        node, ast.Constant | ast.JoinedStr | ast.BinOp | ast.UnaryOp
    ):
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            return expression(text)
        return expression("'" + text.replace("'", "''") + "'")
    sql = sql_text(modules, module, node)
    return expression(sql) if sql is not None else None


def sql_text(modules: Modules, module: Module, node: ast.expr | None) -> str | None:
    """The SQL of `text("...")`, `func.now()`, `sa.true()`, a string, or a name for one of them."""
    if node is None:
        return None
    if (text := literal_text(node)) is not None:
        return text
    if isinstance(node, ast.Name) and (found := modules.find(module, node.id)) and isinstance(found.node, ast.expr):
        return sql_text(modules, found.module, found.node)
    if isinstance(node, ast.Attribute):
        # A member of an enum, as in `server_default=Status.OPEN.value`.
        inner = node.value if node.attr in {"value", "name"} else node
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
            found = modules.find(module, inner.value.id)
            members = dict(enum_of_class(modules, found) or ()) if found else {}
            if inner.attr in members:
                value = inner.attr if node.attr == "name" else members[inner.attr]
                return "'" + value.replace("'", "''") + "'"
        return None
    if not isinstance(node, ast.Call):
        return None
    full = modules.full_name(module, node.func)
    name = full.rpartition(".")[2]
    if name in {"text", "literal_column", "DefaultClause"} and node.args:
        return sql_text(modules, module, node.args[0])
    if name in {"true", "false", "null"}:
        return name
    if ".func." in f".{full}" or full.startswith("func."):
        inner_texts = [sql_text(modules, module, argument) or "" for argument in node.args]
        if name in {"current_timestamp", "current_date", "current_time", "localtimestamp", "current_user"}:
            return name.upper()
        return f"{name}({', '.join(inner_texts)})"
    return None


def _node(argument: Argument | None) -> ast.expr | None:
    return argument.node if argument else None


def _true(argument: Argument | None) -> bool:
    return argument is not None and literal_text(argument.node) == "true"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _returned(found: Found | None) -> ast.expr | None:
    if found is None or not isinstance(found.node, ast.FunctionDef):
        return None
    for statement in found.node.body:
        if isinstance(statement, ast.Return):
            return statement.value
    return None


def _column_path(node: ast.expr) -> str | None:
    """`User.id` and `Base.metadata.tables["users"].c.id` are not followed; a plain dotted name is."""
    match node:
        case ast.Attribute(value=ast.Name(id=table), attr=column):
            return f"{table.lower()}.{column}"
        case _:
            return None


def counts_up(read: ReadColumn, keys: int) -> bool:
    """Whether SQLAlchemy makes the column SERIAL (`Table._autoincrement_column`)."""
    column = read.column
    if not read.primary_key or column.type.name not in _INTEGERS or column.type.is_array:
        return False
    if column.identity or column.default or column.generated or read.autoincrement is False:
        return False
    if read.autoincrement is True:
        return True
    return keys == 1 and not read.foreign_keys and column.python_default is None
