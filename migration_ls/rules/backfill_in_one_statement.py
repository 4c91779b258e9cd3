"""One `UPDATE` or `DELETE` over a whole table locks every row it changes until it commits.

Writers of those rows wait for the whole statement, it leaves one dead row for each live one, replicas lag, and when
it fails at the end, everything was in vain; a condition such as `WHERE column IS NULL` makes it no smaller. Go
through the key in batches of a few thousand rows, commit each, and pause.

Bad:

```sql
UPDATE tasks SET status = 'open' WHERE status IS NULL;
```

Good:

```sql
UPDATE tasks SET status = 'open'
WHERE id IN (SELECT id FROM tasks WHERE status IS NULL ORDER BY id LIMIT 1000);
```
"""

from migration_ls.operations.change_rows import ChangeRows
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.schema.expression import Expression
from migration_ls.schema.tables import Table


def _judge(place: Place, operation: ChangeRows) -> Verdict | None:
    table = operation.table
    if table is None or table not in place.effect.touches_rows or operation.kind not in {"update", "delete", "merge"}:
        return None
    if (operation.kind == "delete" and operation.changes_all) or _one_row(
        place.context.schema.table(table), operation.where
    ):
        return None
    verb = operation.kind.upper()
    rows = "every row" if operation.changes_all else "an unknown number of rows"
    return Verdict(
        message=f"`{verb}` changes {rows} of `{table}` at once, so writers of those rows wait until it commits",
        help="Go through the key in batches, each committed, with a pause between them",
        dangers=(Danger.BLOCKS,),
        blocked=(table,),
    )


def _one_row(table: Table | None, where: Expression | None) -> bool:
    """Whether the condition fixes all columns of a key by equality."""
    if table is None or where is None or any(word in where.canonical for word in (" OR ", "<>", "NOT ")):
        return False
    keys = [table.primary_key.columns] if table.primary_key else []
    keys += [unique.columns for unique in table.uniques]
    keys += [index.columns for index in table.indexes if index.unique and not index.where]
    return any(key and all(_is_fixed(where, column) for column in key) for key in keys)


def _is_fixed(where: Expression, column: str) -> bool:
    if column not in where.columns:
        return False
    words = where.canonical.replace("(", " ").replace(")", " ").split()
    follows = [words[number + 1] for number, word in enumerate(words[:-1]) if word.strip('"') == column]
    return any(word in {"=", "IN"} for word in follows)


RULE = step_rule(__name__, __doc__, _judge, on=(ChangeRows,), severity=Severity.WARNING)
