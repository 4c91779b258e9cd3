"""What lists told of tables, given to the tables they mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.tables import Check, Exclusion, FkAction, ForeignKey, Index, IndexPart, PrimaryKey, Unique
from migration_ls.sources.problem import Problem
from migration_ls.sources.schema_doc.draft import Draft
from migration_ls.sources.schema_doc.entries import copied
from migration_ls.sources.schema_doc.facts import ToldDeletion, ToldFact
from migration_ls.sources.schema_doc.registry import Candidate, Registry
from migration_ls.sources.schema_doc.said import Said, Target
from migration_ls.sources.schema_doc.targets import target_of
from migration_ls.sources.schema_doc.told import ToldConstraint, ToldIndex, ToldName, ToldReference
from migration_ls.sources.sql.expressions import expression

_ToldOfTable = ToldIndex | ToldName | ToldConstraint | ToldReference


def tell_facts(registry: Registry) -> None:
    """Sentences about columns that were declared in words, added to those words."""
    facts = [(told, candidate) for told, _, candidate in registry.told if isinstance(told, ToldFact)]
    declaring: dict[str, list[Draft]] = {}
    if any(not told.table for told, _ in facts):
        for draft in registry.drafts:
            for column in draft.declared:
                declaring.setdefault(column, []).append(draft)
    for told, candidate in facts:
        if found := _declaring(registry, told, candidate, declaring):
            entry, origin = found.entries[told.column]
            said = copied(entry.said)
            _add(said, told.said)
            found.entries[told.column] = (replace(entry, said=said), origin)


def _declaring(
    registry: Registry, told: ToldFact, candidate: Candidate | None, declaring: Mapping[str, Sequence[Draft]]
) -> Draft | None:
    """The table whose column the sentence is about."""
    if told.table:
        named = registry.find(told.table)
        return named if named is not None and told.column in named.declared else None
    here = candidate.draft if candidate is not None else None
    if here is not None:
        return here if told.column in here.declared else None
    fitting = declaring.get(told.column, ())
    return fitting[0] if len(fitting) == 1 else None


def _add(said: Said, more: Said) -> None:
    """What is said nowhere else of the column counts."""
    said.nullable = more.nullable if said.nullable is None else said.nullable
    said.default = said.default or more.default
    said.unique = said.unique or more.unique
    said.values = said.values or more.values
    said.length = said.length or more.length
    said.low, said.high = (said.low, said.high) if said.low or said.high else (more.low, more.high)
    said.checks += [check for check in more.checks if check not in said.checks]


def tell_all(registry: Registry) -> None:
    """What lists told of indexes, constraints and references, and at last what becomes of rows that refer to others."""
    for told, origin, candidate in registry.told:
        if not isinstance(told, ToldFact | ToldDeletion):
            _tell(registry, told, origin, candidate)
    deletions = [told for told, _, _ in registry.told if isinstance(told, ToldDeletion)]
    if deletions:
        referring: dict[Name, list[Draft]] = {}
        for draft in registry.drafts:
            if draft.form not in {"sql", "python"}:
                for name in {key.ref_table for key in draft.foreign_keys}:
                    referring.setdefault(name, []).append(draft)
        for told in deletions:
            _deletion(registry, told, referring)


def _tell(registry: Registry, told: _ToldOfTable, origin: Origin, candidate: Candidate | None) -> None:
    """Adds one thing told to the table it is about; nothing where that cannot be known."""
    draft = _owner(registry, told, candidate)
    if draft is None or not _fits(draft, told):
        if problem := _unknown(told, draft, origin):
            registry.problems.append((origin.path, problem))
        return
    match told:
        case ToldIndex(index=index):
            if _has(draft, index.columns) and _used(index) <= set(draft.columns):
                draft.add_index(replace(index, origin=origin))
        case ToldName(name=name, unique=unique):
            _named_index(draft, name, unique=unique, origin=origin)
        case ToldReference():
            _told_reference(registry, draft, told, origin)
        case ToldConstraint(constraint=constraint):
            match constraint:
                case PrimaryKey():
                    if _has(draft, constraint.columns) and draft.primary_key is None:
                        draft.primary_key = replace(constraint, origin=origin)
                case Unique():
                    if _has(draft, constraint.columns):
                        draft.add_unique(replace(constraint, origin=origin))
                case Check():
                    if not told.guessed or constraint.expression.columns <= set(draft.columns):
                        draft.add_check(replace(constraint, origin=origin))
                case ForeignKey() | Exclusion():
                    pass


def _fits(draft: Draft, told: _ToldOfTable) -> bool:
    """Whether the table has the columns that an index or a unique constraint needs."""
    match told:
        case ToldIndex(index=index):
            return _has(draft, index.columns)
        case ToldConstraint(constraint=Unique(columns=columns) | PrimaryKey(columns=columns)):
            return _has(draft, columns)
        case _:
            return True


def _unknown(told: _ToldOfTable, draft: Draft | None, origin: Origin) -> Problem | None:
    """What is said of columns or a table that the document does not have; guesses are let go."""
    match told:
        case ToldIndex(index=Index(columns=columns)) if columns:
            what = "index"
        case ToldConstraint(constraint=Unique(columns=columns) | PrimaryKey(columns=columns)):
            what = "key"
        case _:
            return None
    listed = ", ".join(f"`{column}`" for column in columns)
    where = f"`{draft.name}` has no such columns" if draft is not None else "no one table of the document has them"
    return Problem(
        code="schema-doc-not-read",
        message=f"The {what} on {listed} is not read, since {where}",
        help="Name the table as `table (column, column)`, with columns that it has",
        span=origin.span,
        serious=False,
    )


def _has(draft: Draft, columns: tuple[str, ...]) -> bool:
    return all(name in draft.columns for name in columns)


def _used(index: Index) -> set[str]:
    """The columns of the index's expressions."""
    return {name for part in index.parts if part.is_expression for name in expression(part.text).columns}


def _owner(registry: Registry, told: _ToldOfTable, candidate: Candidate | None) -> Draft | None:
    table = "" if isinstance(told, ToldName) else told.table
    if table:
        return registry.find(table)
    if candidate is not None:
        named = candidate.draft or registry.find(str(candidate.name))
        if named is not None and not named.dropped:
            return named
    if isinstance(told, ToldName):
        bare = re.sub(r"^(?:ix|idx|ux|uix|uq)_", "", told.name)
        fitting = [draft for draft in registry.drafts if bare.startswith(draft.name.name + "_")]
        return max(fitting, key=lambda draft: len(draft.name.name), default=None)
    columns = _told_columns(told)
    fitting = [draft for draft in registry.drafts if columns and columns <= set(draft.columns)]
    return fitting[0] if len(fitting) == 1 else None


def _told_columns(told: ToldIndex | ToldConstraint | ToldReference) -> set[str]:
    match told:
        case ToldIndex(index=index):
            return {*index.columns, *_used(index)}
        case ToldReference(columns=columns):
            return set(columns)
        case ToldConstraint(constraint=Check(expression=condition)):
            return set(condition.columns)
        case ToldConstraint(constraint=PrimaryKey(columns=columns) | Unique(columns=columns)):
            return set(columns)
        case _:
            return set()


def _named_index(draft: Draft, name: str, *, unique: bool, origin: Origin) -> None:
    """`idx_tasks_user_id` alone says its column, where the rest of the name is one."""
    bare = re.sub(r"^(?:ix|idx|ux|uix|uq)_", "", name)
    rest = bare.removeprefix(draft.name.name + "_")
    if rest in draft.columns:
        draft.add_index(Index(name=name, parts=(IndexPart(text=rest),), unique=unique, origin=origin))


def _deletion(registry: Registry, told: ToldDeletion, referring: Mapping[Name, Sequence[Draft]]) -> None:
    """An action for the foreign keys that the words mean and that have none; SQL and classes say theirs themselves."""
    parent = registry.find(told.parent)
    if parent is None:
        return
    named = [registry.find(word) for word in told.words]
    for draft in referring.get(parent.name, ()):
        is_named = any(found is draft for found in named)
        for position, key in enumerate(draft.foreign_keys):
            meant = is_named or any(column in told.words for column in key.columns)
            if key.ref_table == parent.name and key.on_delete == "NO ACTION" and meant:
                draft.foreign_keys[position] = replace(key, on_delete=told.action)


def _told_reference(registry: Registry, draft: Draft, told: ToldReference, origin: Origin) -> None:
    if not _has(draft, told.columns):
        return
    target = target_of(registry, draft, told.columns[0], Target(path=told.target, columns=told.ref_columns))
    if target is None:
        return
    action: FkAction = told.on_delete or "NO ACTION"
    draft.add_foreign_key(
        ForeignKey(
            name=told.name,
            columns=told.columns,
            ref_table=target[0],
            ref_columns=target[1],
            on_delete=action,
            origin=origin,
        )
    )
