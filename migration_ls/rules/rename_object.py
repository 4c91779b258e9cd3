"""Renaming or moving a schema or a type breaks the previous release that names it.

Every query that says `billing.invoices` fails once the schema has another name, and so does every cast to a renamed
type; drivers write such casts for enums by themselves. Make the new one beside the old, and drop the old one when no
release uses it.

Bad:

```sql
-- schema: CREATE SCHEMA billing;
ALTER SCHEMA billing RENAME TO invoicing;
```

Good:

```sql
CREATE SCHEMA invoicing;
```
"""

import re

from migration_ls.operations.rename_namespace import RenameNamespace
from migration_ls.operations.rename_type import RenameType
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule

_RENAMES = re.compile(
    r"ALTER\s+(?P<kind>SCHEMA|TYPE|DOMAIN)\s+(?P<name>.*?)\s+(?:RENAME\s+TO|SET\s+SCHEMA)\s+(?P<to>\S+)\Z",
    re.IGNORECASE | re.DOTALL,
)


def _judge(place: Place, operation: RenameNamespace | RenameType) -> Verdict | None:
    if not place.effect.breaks or (isinstance(operation, RenameType) and _is_new(place, operation)):
        return None
    match = _RENAMES.match(place.statement.statement.sql.strip())
    if match is None:
        return None
    name, kind = " ".join(match["name"].split()), match["kind"].upper()
    return Verdict(
        message=f"`ALTER {kind}` gives `{name}` another name, and breaks a release that still uses the old one",
        help="Make the new one beside it, and drop the old one when no release uses it",
        dangers=(Danger.BREAKS,),
    )


def _is_new(place: Place, operation: RenameType) -> bool:
    """Whether the file made the type itself: no release can know the name."""
    base = place.script.base
    return not base.uncertain_all and not base.has_type(operation.name)


RULE = step_rule(__name__, __doc__, _judge, on=(RenameNamespace, RenameType), severity=Severity.WARNING)
