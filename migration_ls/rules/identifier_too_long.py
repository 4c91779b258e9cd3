"""A name of more than 63 bytes is cut silently.

PostgreSQL keeps the first 63 bytes, so later statements and models that spell the whole name out by other means look
for something that is not there, and two long names may become the same.

Bad:

```sql
CREATE INDEX CONCURRENTLY idx_tasks_user_id_and_status_and_due_date_for_the_dashboard_of_open_tasks
  ON tasks (user_id);
```

Good:

```sql
CREATE INDEX CONCURRENTLY idx_tasks_user_id_status_due ON tasks (user_id);
```
"""

import re
from collections.abc import Iterator

from migration_ls.postgres.versions import IDENTIFIER_BYTES
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import rule_name, script_rule
from migration_ls.rules.rule import Script
from migration_ls.text.span import Span

_LONG = re.compile(r'[\w$]{64}|"[^"]{64}')
_MAYBE_LONG = re.compile(r'[\w$]{16}|"[^"]{16}')
_TOKEN = re.compile(
    r"""--[^\r\n]*|/\*.*?\*/|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|'(?:[^']|'')*'
    |"(?P<quoted>(?:[^"]|""){15,})"|(?P<plain>[^\W\d][\w$]{15,})""",
    re.VERBOSE | re.DOTALL,
)


def _check(script: Script) -> Iterator[Finding]:
    for statement in script.statements:
        sql = statement.statement.sql
        if not (_LONG if sql.isascii() else _MAYBE_LONG).search(sql):
            continue
        for match in _TOKEN.finditer(sql):
            name = (match["quoted"] or "").replace('""', '"') or match["plain"] or ""
            if len(name.encode("utf-8", "replace")) > IDENTIFIER_BYTES:
                start = statement.statement.span.start + match.start()
                kept = name.encode("utf-8", "replace")[:IDENTIFIER_BYTES].decode("utf-8", "ignore")
                yield Finding(
                    path=script.path,
                    span=Span(start, start + len(match[0])),
                    rule=rule_name(__name__),
                    severity=Severity.INFORMATION,
                    message=f"the name has more than {IDENTIFIER_BYTES} bytes, so PostgreSQL cuts it to `{kept}`",
                    help="Choose a shorter name",
                )


RULE = script_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
