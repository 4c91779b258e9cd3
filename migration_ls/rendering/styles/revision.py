"""Alembic revisions."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from migration_ls.rendering.styles.units import Unit, bare
from migration_ls.text.fingerprint import fingerprint

_BIND = re.compile(r"(?<![:\w\\]):(?=\w)(?!\w+:)")
"""What SQLAlchemy's `text()` takes for a parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionNames:
    """What revisions are called: the migration's title, the head that they follow, and the day in their docstring.

    Of several heads the first revision follows all, and so merges them.
    """

    title: str
    down_revision: str | tuple[str, ...] | None = None
    created: str = ""

    def revision(self, number: int) -> str:
        """The identifier of the revision at that place; numbers go on where those of the project are numbers."""
        down = self.down_revision or ""
        down = down if isinstance(down, str) else max(down)
        if down.isdigit() and len(down) < 8:
            return str(int(down) + 1 + number).zfill(len(down))
        return fingerprint("alembic", self.title, down, str(number))[:12]


def revision_text(
    message: str,
    revision: str,
    down_revision: str | tuple[str, ...] | None,
    forward: Sequence[Unit],
    back: Sequence[Unit],
    remarks: str = "",
    *,
    created: str = "",
) -> str:
    """A revision file: transactions one after the other, and in autocommit blocks what must stand alone."""
    upgrade, downgrade = _function("upgrade", forward), _function("downgrade", back, remarks)
    followed = (down_revision,) if isinstance(down_revision, str) else down_revision or ()
    revises = ", ".join(followed)
    down = "(" + ", ".join(map(_quoted, followed)) + ")" if len(followed) > 1 else _quoted(revises) if revises else None
    head = f'"""{message.replace("_", " ")}\n\nRevision ID: {revision}\nRevises: {revises}\n'
    head += f"Create Date: {created}\n" if created else ""
    helper = _COMMIT if "    _commit()" in upgrade + downgrade else ""
    return (
        f'{head}\n"""\n\nfrom alembic import op\n\n'
        f"revision = {_quoted(revision)}\ndown_revision = {down}\nbranch_labels = None\ndepends_on = None\n\n\n"
        f"{upgrade}\n\n{downgrade}{helper}"
    )


def _quoted(name: str) -> str:
    """A string as `ruff format` has it."""
    return json.dumps(name, ensure_ascii=False)


_COMMIT = '''

def _commit() -> None:
    """End the transaction, so that its locks go; what follows begins another."""
    with op.get_context().autocommit_block():
        pass
'''


def _function(name: str, units: Sequence[Unit], remarks: str = "") -> str:
    lines = [f"def {name}() -> None:"]
    lines += [f"    # {line.removeprefix('--').strip()}" for line in remarks.split("\n") if line]
    open_transaction = False
    for unit in units:
        if unit.kind == "transaction":
            if open_transaction:
                lines.append("    _commit()")
            for statement in unit.statements:
                lines += _call(statement, "    ")
            open_transaction = True
        else:
            lines.append("    with op.get_context().autocommit_block():")
            for setting, value in unit.settings:
                lines.append(f'        op.execute("SET {setting} = {value}")')
            for statement in unit.statements:
                lines += _call(statement, "        ")
            for setting, _ in reversed(unit.settings):
                lines.append(f'        op.execute("RESET {setting}")')
            open_transaction = False
    if not units:
        lines.append("    pass")
    return "\n".join(lines) + "\n"


def _call(statement: str, indent: str) -> list[str]:
    sql = bare(statement)
    comments = statement[: len(statement) - len(sql)].strip()
    lines = [f"{indent}# {line.strip().removeprefix('--').strip()}" for line in comments.split("\n") if line.strip()]
    escaped = _BIND.sub(r"\:", sql)
    if "\n" not in escaped and '"' not in escaped and "\\" not in escaped:
        return [*lines, f'{indent}op.execute("{escaped}")']
    text = escaped.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    text = text[:-1] + '\\"' if text.endswith('"') else text
    return [*lines, f'{indent}op.execute("""{text}""")']
