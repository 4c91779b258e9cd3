"""Names that PostgreSQL gives to constraints and indexes without one (`ChooseConstraintName`, `ChooseIndexName`)."""

from migration_ls.postgres.versions import IDENTIFIER_BYTES
from migration_ls.schema.changed import changed
from migration_ls.schema.names import Name
from migration_ls.schema.tables import (
    Check,
    Column,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    Table,
    Unique,
)


def named_constraint(table: Table, constraint: Constraint) -> Constraint:
    """The constraint with the name PostgreSQL would choose, when it has none."""
    if constraint.name is not None:
        return constraint
    match constraint:
        case PrimaryKey():
            return changed(constraint, name=_free(table, table.name.name, "", "pkey"))
        case Unique(columns=columns):
            return changed(constraint, name=_free(table, table.name.name, "_".join(columns), "key"))
        case ForeignKey(columns=columns):
            return changed(constraint, name=_free(table, table.name.name, "_".join(columns), "fkey"))
        case Check(expression=expression):
            used = [column.name for column in table.columns if column.name in expression.columns]
            column = used[0] if len(used) == 1 else ""
            return changed(constraint, name=_free(table, table.name.name, column, "check"))
        case Exclusion(definition=definition):
            return changed(constraint, name=_free(table, table.name.name, "_".join(_excluded(definition)), "excl"))


def named_constraints(table: Table) -> Table:
    """The table with a name for every constraint and index."""
    bare = changed(table, primary_key=None, uniques=(), checks=(), foreign_keys=(), exclusions=(), indexes=())
    for constraint in table.constraints:
        if constraint.name is not None:
            bare = bare.with_constraint(constraint)
    for constraint in table.constraints:
        if constraint.name is None:
            bare = bare.with_constraint(named_constraint(bare, constraint))
    for index in table.indexes:
        bare = bare.with_index(named_index(bare, index))
    return bare


def numbered(table: Table) -> Table:
    """The table with a sequence for every SERIAL and identity column."""
    return changed(table, columns=tuple(numbered_column(table.name, column) for column in table.columns))


def numbered_column(table: Name, column: Column) -> Column:
    """The column with its sequence, where it is a SERIAL or an identity column."""
    if column.sequence is not None or not (column.autoincrement or column.identity):
        return column
    return changed(column, sequence=sequence_of(table, column.name))


def sequence_of(table: Name, column: str) -> Name:
    """The name of the sequence that SERIAL or an identity makes."""
    return Name(_fit((table.name, column, "seq"), ""), table.namespace)


def named_index(table: Table, index: Index) -> Index:
    """The index with the name PostgreSQL would choose, when it has none."""
    if index.name is not None:
        return index
    words = [_word(part.text) if part.is_expression else part.text for part in index.parts]
    return changed(index, name=_free(table, table.name.name, "_".join([*words, *index.include]), "idx"))


def _word(expression: str) -> str:
    """An expression's part of the name: the function it calls, else `expr`."""
    head, bracket, _ = expression.partition("(")
    return head.strip() if bracket and head.strip().isidentifier() else "expr"


def _excluded(definition: str) -> list[str]:
    """The words that the elements of an exclusion constraint give to its name."""
    words: list[str] = []
    depth, element = 0, ""
    for char in definition[definition.find("(") :]:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth == 0 or (depth == 1 and char == ","):
            column = element.lstrip("(, ").partition(" WITH ")[0].partition(" ")[0]
            plain = column.strip('"').replace("_", "a").isalnum()
            words.append(column.strip('"') if plain else _word(column))
            element = ""
        else:
            element += char
        if depth == 0:
            break
    return words


def _free(table: Table, *parts: str) -> str:
    """The name of the parts, cut to fit, with a number when it is taken."""
    taken = {item.name for item in table.constraints} | {item.name for item in table.indexes}
    number = 0
    while (name := _fit(parts, str(number) if number else "")) in taken:
        number += 1
    return name


def _fit(parts: tuple[str, ...], number: str) -> str:
    """As `makeObjectName`: the longer of the first two parts is cut until the whole fits."""
    first, second, label = parts[0], parts[1], parts[2] + number
    room = IDENTIFIER_BYTES - len(label.encode()) - 1 - (1 if second else 0)
    while len(first.encode()) + len(second.encode()) > room:
        if len(first.encode()) > len(second.encode()):
            first = first[:-1]
        else:
            second = second[:-1]
    return "_".join(part for part in (first, second, label) if part)
