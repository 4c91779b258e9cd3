"""Forms in which specs declare changes: each says what is asked for, in the words of `describe`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migration_ls.operations.replay import final_schema
from migration_ls.rendering.words import describe
from migration_ls.schema.request import ChangeNullable, Grade
from migration_ls.schema.schema import Schema
from migration_ls.sources.markdown.wiki import as_markdown
from migration_ls.sources.spec.reader import read_spec
from migration_ls.sources.sql.reader import read_sql

SCHEMA = final_schema(
    Schema(),
    read_sql(
        """
        CREATE TABLE branches (id bigserial PRIMARY KEY, name text NOT NULL);
        CREATE TABLE members (
            id bigserial PRIMARY KEY, branch_id bigint NOT NULL REFERENCES branches (id), email varchar(255) NOT NULL,
            card_no text, nickname text, fines numeric(8,2), is_barred boolean NOT NULL DEFAULT false
        );
        CREATE TABLE loans (
            id bigserial PRIMARY KEY, member_id bigint NOT NULL REFERENCES members (id), state text, copies integer,
            remark text, days varchar(10), lent_at timestamptz, due_on date
        );
        """
    ).statements,
)


def asked_for(text: str) -> list[str]:
    """What is declared, in words; an enumeration shows in its check."""
    reading = read_spec("specs/s.md", text, SCHEMA)
    return [describe(request) for request in reading.requests if request.grade is Grade.DECLARED]


CHECKS = [
    "- Add check constraint on `loans`: copies >= 1",
    "- Add a CHECK on loans.copies: copies >= 1",
    "- Add a check constraint to `loans` that copies >= 1.",
    "- Check on `loans.copies`: >= 1",
    "- New check on table `loans`: `copies >= 1`",
    "- `loans`: check copies >= 1",
    "- `loans`: add check (copies >= 1)",
    "- `loans`: CHECK constraint `copies >= 1`",
    "### loans\n\n- Check: copies >= 1",
    "### loans\n\n- Add a check constraint ensuring `copies >= 1`",
    "Add a check constraint on `loans`: copies >= 1.",
    "We need a check constraint on `loans`: `copies >= 1`.",
]


@pytest.mark.parametrize("text", CHECKS)
def test_a_check_is_read_with_its_condition(text: str) -> None:
    assert asked_for(f"# F\n\n## Schema changes\n\n{text}\n") == ["`CHECK (copies >= 1)` on `loans`"]


def test_the_name_of_a_check_is_kept() -> None:
    asked = asked_for(
        "# F\n\n## Schema\n\n- Check constraint `loans_copies_check` on `loans`: `copies between 1 and 9`\n"
    )
    assert asked == ["`CONSTRAINT loans_copies_check CHECK (copies between 1 and 9)` on `loans`"]


@pytest.mark.parametrize("words", ["Check that the loan is open", "check: copies", "Check on `loans`: nobody >= 1"])
def test_what_is_no_condition_of_the_table_is_no_check(words: str) -> None:
    assert asked_for(f"# F\n\n## Schema\n\n### loans\n\n- {words}\n") == []


SCHEMA_CHANGES = "# F\n\n## Schema changes\n\n"
FORMS: dict[str, tuple[str, list[str]]] = {
    "a column that is required, with its default": (
        "- `loans.state`: now required, default 'open'",
        ["that `loans.state` is NOT NULL", "the default `'open'` for `loans.state`"],
    ),
    "several things of a column in a cell": (
        "| Table | Column | Change |\n|---|---|---|\n| loans | copies | type bigint, required |",
        ["the type `bigint` for `loans.copies`", "that `loans.copies` is NOT NULL"],
    ),
    "a default that goes": ("- `members.is_barred`: drop the default", ["the default `none` for `members.is_barred`"]),
    "a reason after what is wanted": (
        "- `loans.state`: required, since reports default to it and unique rows matter",
        ["that `loans.state` is NOT NULL"],
    ),
    "a length without brackets": (
        "### loans\n\n- `isbn` varchar 20\n- `shelf` (char 3, not null)\n- `fee`: decimal 8, 2, default 0",
        [
            "`loans.isbn varchar(20)`",
            "`loans.shelf character(3) NOT NULL`",
            "`loans.fee numeric(8,2) NOT NULL DEFAULT 0`",
        ],
    ),
    "a length in words": ("- Add `isbn` varchar of length 20 to `loans`", ["`loans.isbn varchar(20)`"]),
    "a length in a sentence": ("We add a nullable `isbn` (varchar 50) to `loans`.", ["`loans.isbn varchar(50)`"]),
    "before and after": (
        (
            "### loans\n\n| Column | Before | After |\n|---|---|---|\n| remark | text, nullable | text, not null |\n"
            "| copies | integer | *removed* |\n| shelf | - | text, nullable |"
        ),
        ["that `loans.remark` is NOT NULL", "that `loans.copies` goes", "`loans.shelf text`"],
    ),
    "what became of it before what it is about": (
        (
            "- Added: `members.locale` varchar(10) not null default 'en'\n- Removed: `members.card_no`\n"
            "- Changed: `members.fines` numeric(8,2) -> numeric(12,2)\n- Renamed: `loans.remark` -> `note`\n"
            "- Added: `loans.shelf` text, `loans.bay` smallint"
        ),
        [
            "`members.locale varchar(10) NOT NULL DEFAULT 'en'`",
            "that `members.card_no` goes",
            "the type `numeric(12,2)` for `members.fines`",
            "that `loans.remark` is called `note`",
            "`loans.shelf text`",
            "`loans.bay smallint`",
        ],
    ),
    "headings as of a changelog": (
        (
            "### Added\n\n- `loans.shelf` (text)\n- table `holds` (id bigserial primary key, member_id bigint)\n\n### Changed\n\n"
            "- `members.fines` from numeric(8,2) to numeric(12,2)\n\n### Removed\n\n- `members.card_no`, `members.nickname`\n"
            "- `loans.remark`: nobody reads it\n- `days` from `loans`\n\n### Renamed\n\n- `loans.lent_at` to `taken_at`"
        ),
        [
            "`loans.shelf text`",
            "a table `holds` (id, member_id)",
            "the type `numeric(12,2)` for `members.fines`",
            "that `members.card_no` goes",
            "that `members.nickname` goes",
            "that `loans.remark` goes",
            "that `loans.days` goes",
            "that `loans.lent_at` is called `taken_at`",
        ],
    ),
    "bold lines and leads as of a changelog": (
        "**Added**\n\n- `members.locale` varchar(10)\n\n**Removed**\n\n- `members.card_no`\n\nRenamed:\n\n- `loans.remark` -> `note`",
        ["`members.locale varchar(10)`", "that `members.card_no` goes", "that `loans.remark` is called `note`"],
    ),
    "lines of one paragraph": (
        "Added: `members.locale` varchar(10)\nRemoved: `members.card_no`",
        ["`members.locale varchar(10)`", "that `members.card_no` goes"],
    ),
    "a check whose table stands last": (
        "- Add the check `copies >= 1` to `loans`.",
        ["`CHECK (copies >= 1)` on `loans`"],
    ),
    "sentences with a change each": (
        "### loans\n\n`loans.state` becomes NOT NULL. `loans.copies` must be BIGINT because some branches lend boxes.",
        ["that `loans.state` is NOT NULL", "the type `bigint` for `loans.copies`"],
    ),
    "an index table": (
        (
            "| Index | Table | Columns |\n|---|---|---|\n| idx_loans_state | loans | state, lent_at desc |\n"
            "| uq_members_card | `members` | `(branch_id, lower(card_no))` |"
        ),
        ["an index on `loans (state, lent_at DESC)`", "an index on `members (branch_id, (lower(card_no)))`"],
    ),
    "an index table under its heading": (
        (
            "### Indexes\n\n| Name | Table | Columns | Unique | Type | Where |\n|---|---|---|---|---|---|\n"
            "| loans_open | loans | state | no | btree | where due_on is null |\n| loans_words | loans | remark | | hash | - |"
        ),
        ["an index on `loans (state) WHERE due_on is null`", "an index on `loans USING hash (remark)`"],
    ),
    "an index table of one table": (
        "### loans\n\n| Index | Columns |\n|---|---|\n| ix_a | state + due_on |\n| ix_b | nowhere |\n| ix_c | state; drop |",
        ["an index on `loans (state, due_on)`"],
    ),
    "a table of constraints": (
        "| Constraint | Table | Definition |\n|---|---|---|\n| loans_copies | loans | `CHECK (copies >= 1)` |",
        ["`CONSTRAINT loans_copies CHECK (copies >= 1)` on `loans`"],
    ),
    "arguments of a table in a class": (
        (
            "```python\nclass Loan(SQLModel, table=True):\n    __tablename__ = 'loans'\n    __table_args__ = (\n"
            "        UniqueConstraint('member_id', 'lent_at', name='loans_once'),\n        Index('ix_loans_state', 'state', 'due_on'),\n"
            "        sa.CheckConstraint('copies >= 1', name='loans_copies'),\n        {'schema': None},\n    )\n```"
        ),
        [
            "`CONSTRAINT loans_once UNIQUE (member_id, lent_at)` on `loans`",
            "an index on `loans (state, due_on)`",
            "`CONSTRAINT loans_copies CHECK (copies >= 1)` on `loans`",
        ],
    ),
    "a mapped class": (
        (
            '```python\nclass Hold(Base):\n    __tablename__ = "holds"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
            '    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))\n    day: Mapped[date]\n'
            '    __table_args__ = (UniqueConstraint("member_id", "day"),)\n```'
        ),
        ["a table `holds` (id, member_id, day)"],
    ),
    "half a tuple of arguments": (
        (
            "```python\nclass Loan(SQLModel, table=True):\n    __tablename__ = 'loans'\n    shelf: str | None = None\n"
            "    __table_args__ = (UniqueConstraint('member_id', Index('\n```"
        ),
        ["`loans.shelf varchar`"],
    ),
    "shorthand for ALTER TABLE": (
        (
            "```\nALTER loans ADD shelf smallint NOT NULL DEFAULT 0 -- the bay\nALTER members DROP card_no;\nloans RENAME remark TO note\n"
            "MODIFY loans ALTER state SET NOT NULL\nloans modify copies bigint\nALTER nowhere DROP card_no\n```"
        ),
        [
            "`loans.shelf smallint NOT NULL DEFAULT 0`",
            "that `members.card_no` goes",
            "that `loans.remark` is called `note`",
            "that `loans.state` is NOT NULL",
            "the type `bigint` for `loans.copies`",
        ],
    ),
    "shorthand under a head": (
        "```text\nalter loans:\n  add shelf smallint\n  - drop remark\nalter members\n  drop column card_no\n```",
        ["`loans.shelf smallint`", "that `loans.remark` goes", "that `members.card_no` goes"],
    ),
    "new lines in the definition of a table that is there": (
        "### loans (existing table)\n\n```\nremark  text\nshelf   smallint -- new\nbay     varchar(4) UNIQUE -- new, for the shelf\n```",
        ["`loans.shelf smallint`", "`loans.bay varchar(4)`", "`UNIQUE (bay)` on `loans`"],
    ),
    "a type in a sentence": (
        "We will store `currency` as `char(3) NOT NULL DEFAULT 'EUR'` on `loans`.",
        ["`loans.currency character(3) NOT NULL DEFAULT 'EUR'`"],
    ),
    "keys in sentences": (
        (
            "### loans\n\nAdd a nullable `shelf` (text) to `loans`, with a hash index on `shelf`.\n\n- `ix_loans_due` on (`due_on`)\n"
            "- GIN index: (tags)\n- `tags` text[]"
        ),
        [
            "`loans.shelf text`",
            "an index on `loans USING hash (shelf)`",
            "an index on `loans (due_on)`",
            "an index on `loans USING gin (tags)`",
            "`loans.tags text[]`",
        ],
    ),
    "a check outside of the parts about the database": (
        "- `members.grade`: new column, varchar(2)\n\n## Rules\n\nCheck: `grade` is one of A+, A, B.",
        ["`members.grade varchar(2)`", "`CHECK (grade IN ('A+', 'A', 'B'))` on `members`"],
    ),
    "the whole definition of a column that becomes otherwise": (
        "- `members.card_no`: varchar(20), unique, not null",
        [
            "the type `varchar(20)` for `members.card_no`",
            "that `members.card_no` is NOT NULL",
            "`UNIQUE (card_no)` on `members`",
        ],
    ),
    "SQL without commas, and brackets": (
        "- `members.fines`: not null default 0\n- Make `loans.state` NOT NULL (default 'open')\n- Constraint: CHECK (copies > 0) on loans",
        [
            "that `members.fines` is NOT NULL",
            "the default `0` for `members.fines`",
            "that `loans.state` is NOT NULL",
            "the default `'open'` for `loans.state`",
            "`CHECK (copies > 0)` on `loans`",
        ],
    ),
    "a definition in a table of changes": (
        "### members\n\n| Column | Change |\n|---|---|\n| fines | numeric(10,2), not null, default 0 |\n| card_no | text |",
        [
            "the type `numeric(10,2)` for `members.fines`",
            "the default `0` for `members.fines`",
            "that `members.fines` is NOT NULL",
        ],
    ),
    "German": (
        (
            "- Spalte `nickname` in `members` entfällt\n- `loans.copies` wird von integer auf bigint umgestellt\n"
            "- neue Spalte `regal` (varchar(10)) in `loans`\n- `loans.state` wird zum Pflichtfeld\n"
            "- Die Spalte `remark` der Tabelle `loans` entfällt ersatzlos."
        ),
        [
            "that `members.nickname` goes",
            "the type `bigint` for `loans.copies`",
            "`loans.regal varchar(10)`",
            "that `loans.state` is NOT NULL",
            "that `loans.remark` goes",
        ],
    ),
    "German sentences": (
        "Die Spalte `card_no` der Tabelle `members` entfällt.\n\nIn `loans` kommt die neue Spalte `regal` (text) hinzu.",
        ["that `members.card_no` goes", "`loans.regal text`"],
    ),
    "Spanish": (
        (
            "- Se elimina `members.card_no`\n- Se elimina la columna `nickname` de `members`\n- `loans.copies` pasa de integer a bigint\n"
            "- Se añade la columna `sala` (smallint) a `loans`\n\n### loans\n\n- nueva columna `estante` varchar(10)\n- se elimina `remark`"
        ),
        [
            "that `members.card_no` goes",
            "that `members.nickname` goes",
            "the type `bigint` for `loans.copies`",
            "`loans.sala smallint`",
            "`loans.estante varchar(10)`",
            "that `loans.remark` goes",
        ],
    ),
    "what replaces a column": (
        "### members\n\n- **is_barred**: replaced by `state`\n- **state**: varchar(10), not null, default 'ok'",
        ["that `members.is_barred` goes", "`members.state varchar(10) NOT NULL DEFAULT 'ok'`"],
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_declares_its_changes(name: str) -> None:
    text, expected = FORMS[name]
    assert asked_for(f"{SCHEMA_CHANGES}{text}\n") == expected


def test_a_column_that_becomes_required_is_filled_with_its_new_default() -> None:
    reading = read_spec("s.md", f"{SCHEMA_CHANGES}- `loans.state`: not null, default 'open'\n", SCHEMA)
    fills = [request.change.fill for request in reading.requests if isinstance(request.change, ChangeNullable)]
    assert [fill and fill.text for fill in fills] == ["'open'"]


CHANNEL = "`CHECK (channel IN ('desk', 'web', 'phone'))` on `loans`"
STATE = "`CHECK (state IN ('open', 'returned', 'lost'))` on `loans`"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("### loans\n\n- `channel` text. Allowed values: desk, web, phone.", ["`loans.channel text`", CHANNEL]),
        ("### loans\n\n- `channel` text\n\nAllowed values: desk, web, phone", ["`loans.channel text`", CHANNEL]),
        (
            "### loans\n\n- `channel` text\n  - Valid values are `desk`, `web`, `phone`",
            ["`loans.channel text`", CHANNEL],
        ),
        (
            "`loans` gets a new column `channel` (text). Allowed values: `desk`, `web`, `phone`.",
            ["`loans.channel text`", CHANNEL],
        ),
        ("### `loans.state`\n\nAllowed values: open, returned, lost.", [STATE]),
        ("### loans\n\n#### state\n\nErlaubte Werte: open, returned, lost.", [STATE]),
        ("### `loans.state`\n\nAllowed values:\n\n- `open`: lent\n- returned\n- lost", [STATE]),
        ("- `loans.state`: allowed values are `open`, `returned` and `lost`", [STATE]),
        (
            "### `loans.channel`\n\nType: varchar(10), not null.\n\nAllowed values: desk, web, phone",
            ["`loans.channel varchar(10) NOT NULL`", CHANNEL],
        ),
        ("### loans\n\nAllowed values: desk, web, phone", []),
        (
            "- `loans.state`: default 'open'. Allowed values: open, returned, lost. Rows keep theirs.",
            ["the default `'open'` for `loans.state`", STATE],
        ),
        ("### loans\n\n- `channel` text\n\nAllowed values are checked by the client.", ["`loans.channel text`"]),
    ],
)
def test_allowed_values_are_those_of_the_column_before(text: str, expected: list[str]) -> None:
    assert asked_for(f"{SCHEMA_CHANGES}{text}\n") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "**loans**\n\n| Column | Type | Notes |\n|---|---|---|\n| shelf | text | new |\n| id | bigint | |",
            "`loans.shelf text`",
        ),
        ("## Scope\n\n**Table: holds**\n\n| Name | Type |\n|---|---|\n| id | bigserial |", "a table `holds` (id)"),
        ("## Entities\n\n**Hold** (new)\n\n| Property | Type |\n|---|---|\n| day | date |", "a table `holds` (day)"),
        ("## Scope\n\n**Form**\n\n| Field | Type |\n|---|---|\n| day | date |", None),
        ("## API\n\n**Table: holds**\n\n| Field | Type |\n|---|---|\n| day | date |", None),
    ],
)
def test_a_bold_line_before_a_table_of_columns_names_the_table(text: str, expected: str | None) -> None:
    assert asked_for(f"# F\n\n{text}\n") == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            (
                "h1. Loans\n\nh2. Database changes\n\n* add column *archived_at* (timestamptz, null) to *loans*\n"
                "* {{loans.remark}}: rename to {{note}}\n* {{members}}:\n** drop {{card_no}}\n"
            ),
            ["`loans.archived_at timestamptz`", "that `loans.remark` is called `note`", "that `members.card_no` goes"],
        ),
        (
            (
                "h2. Data model\n\nh3. New table holds\n\n||Column||Type||Null||\n|id|bigserial|no|\n|member_id|bigint → members.id|no|\n\n"
                "h2. API\n\n||Field||Type||\n|gift|boolean|\n"
            ),
            ["a table `holds` (id, member_id)"],
        ),
        (
            "h2. Data model\n\n{code:sql}\nALTER TABLE loans ADD COLUMN shelf text;\n\nALTER TABLE members DROP COLUMN card_no;\n{code}\n",
            ["`loans.shelf text`", "that `members.card_no` goes"],
        ),
        (
            "h2. Data model\n\n# Add {{shelf}} (text) to {{loans}}\n# Drop {{members.card_no}}\n",
            ["`loans.shelf text`", "that `members.card_no` goes"],
        ),
        (
            "h3. Technical notes\n\n* DB: drop column *card_no* from *members*\n* UI: a list\n",
            ["that `members.card_no` goes"],
        ),
        ("h2. Out of scope\n\n* add column *archived_at* (timestamptz) to *loans*\n", []),
    ],
)
def test_wiki_markup_is_read_where_it_stands(text: str, expected: list[str]) -> None:
    assert asked_for(text) == expected
    for request in read_spec("s.md", text, SCHEMA).requests:
        assert text.count("\n", 0, request.origin.span.start) == request.origin.line


@given(st.text(alphabet="h123.*#-{}|:code `\n\r\tx_é", max_size=120))
def test_wiki_markup_as_markdown_keeps_every_place(text: str) -> None:
    made = as_markdown(f"h2. Data\n{text}")
    assert len(made) == len(text) + 9
    assert [made.count(end) for end in "\n\r"] == [text.count("\n") + 1, text.count("\r")]


@pytest.mark.parametrize(
    "text",
    [
        "## UI\n\n**Removed**\n\n- `remark`\n\nAdded: `members.locale` text",
        "## API\n\n### Removed\n\n- `loans.remark`\n\n### Added\n\n- `loans.shelf` text",
        "## Overview\n\nThe column `remark` of `loans` is shown in the list.",
        "## Database\n\n### Existing indexes\n\n| Index | Table | Columns |\n|---|---|---|\n| ix_a | loans | remark |",
        "## Rejected\n\n- Removed: `loans.remark`\n- Check on `loans`: copies >= 1\n\n```\nALTER loans DROP remark\n```",
        "## Schema\n\n### loans\n\n- `state`: replaced by the API with a label",
        "## Schema\n\n- Changed: the colour of the button\n- Added: tests for `loans`\n- Removed: old code of `members`",
        "## Schema\n\n```\nset loans on fire\nadd members to loans\nloans add up\n```",
        "## Risks\n\n- DB: drop column `card_no` from `members`",
    ],
)
def test_what_only_looks_like_a_form_asks_for_nothing(text: str) -> None:
    assert read_spec("s.md", f"# F\n\n{text}\n", SCHEMA).requests == ()
