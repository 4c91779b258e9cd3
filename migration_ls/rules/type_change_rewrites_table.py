"""A change of type that is stored differently makes PostgreSQL write the whole table anew.

Table and indexes are rewritten under ACCESS EXCLUSIVE: `integer` to `bigint`, `text` to `varchar(n)`, a shorter
`varchar`, another scale of `numeric`, `timestamp` to `timestamptz` unless the session's time zone is UTC. A longer
`varchar`, `varchar` to `text` and more digits of `numeric` with the same scale change the catalog only.

Bad:

```sql
ALTER TABLE tasks ALTER COLUMN user_id TYPE bigint;
```

Good:

```sql
ALTER TABLE tasks ADD COLUMN user_id_big bigint;
```

The safe way is a new column, a trigger that keeps both, a backfill in batches, and a swap once the new release is
everywhere. Where only a maximal length is wanted, a `CHECK (char_length(...) <= n)` does it without a rewrite.
"""

from migration_ls.operations.set_type import SetType
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import because, blocks_for_work


def _judge(place: Place, operation: SetType) -> Verdict | None:
    if not place.effect.rewrites or place.effect.fails_always:
        return None
    change = f"`ALTER COLUMN {operation.column} TYPE {operation.type}` on `{operation.table}`"
    return Verdict(
        message=f"{change} {blocks_for_work(place.effect)}{because(place.effect)}",
        help=_help(operation),
        dangers=(Danger.BLOCKS,),
        blocked=place.effect.rewrites,
    )


def _help(operation: SetType) -> str:
    if operation.type.name.startswith("timestamp") and operation.using is None:
        return "`SET TimeZone = 'UTC'` first where the old values are UTC, or move to a new column in batches"
    if operation.type.name == "character varying" and operation.type.modifiers:
        return "Add a `CHECK` on its length `NOT VALID` and validate it, or move to a new column in batches"
    return "Move to a new column: add it, keep both by a trigger, fill it in batches, then swap"


RULE = step_rule(__name__, __doc__, _judge, on=(SetType,), severity=Severity.WARNING)
