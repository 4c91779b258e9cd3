"""Which conditions of a revision ask the database what it has: those run their branch where it is needed."""

import ast
from collections.abc import Collection, Mapping

_INSPECTING = frozenset(
    """get_table_names get_view_names get_columns get_indexes get_unique_constraints get_foreign_keys get_pk_constraint
    get_check_constraints get_enums get_schema_names get_sequence_names has_table has_index has_schema has_sequence
    has_column inspect get_inspector""".split()
)
_CATALOGS = ("information_schema", "pg_", "to_regclass", "to_regtype")
_DEEPEST = 6


def asks_database(
    node: ast.AST, functions: Mapping[str, ast.FunctionDef], asking: Collection[str] = (), depth: int = 0
) -> bool:
    """Whether an expression, or what it calls in the file, looks at the database's catalogs.

    `asking` are the names that were bound to such expressions.
    """
    for item in ast.walk(node):
        match item:
            case ast.Attribute(attr=name) if name in _INSPECTING:
                return True
            case ast.Name(id=name) if name in asking:
                return True
            case ast.Name(id=name) if name in functions and depth < _DEEPEST:
                if asks_database(functions[name], functions, asking, depth + 1):
                    return True
            case ast.Constant(value=str() as text) if any(word in text.lower() for word in _CATALOGS):
                return True
            case _:
                pass
    return False
