"""Schemas as plain SQL, and random changes of them: what the judges plan from and to.

They are kept as text, apart from the product's own types and printers, so that neither vouches for itself.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random


@dataclass
class Table:
    """A table: columns, constraints and indexes as SQL by name; the last two with the columns they use."""

    columns: dict[str, str] = field(default_factory=dict)
    constraints: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    indexes: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)

    def used(self, column: str) -> bool:
        found = (*self.constraints.values(), *self.indexes.values())
        return any(column in columns for _, columns in found) or any(
            f"({column} " in text or f"({column})" in text for text in self.columns.values()
        )


@dataclass
class World:
    """A whole database; views by name with the tables they read."""

    extensions: list[str] = field(default_factory=list)
    enums: dict[str, list[str]] = field(default_factory=dict)
    sequences: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    views: dict[str, tuple[str, str, tuple[str, ...]]] = field(default_factory=dict)
    renamed: dict[tuple[str, str | None], str] = field(default_factory=dict)
    """New names of tables and of columns; everything else speaks of the old ones."""

    def renames(self) -> list[tuple[str, str | None, str]]:
        """Those of what is there, columns first."""
        found = [
            (table, column, to)
            for (table, column), to in self.renamed.items()
            if table in self.tables
            and (column is None or (column in self.tables[table].columns and not self._is_key(table, column)))
        ]
        return sorted(found, key=lambda item: item[1] is None)

    def _is_key(self, name: str, column: str) -> bool:
        own = self.tables[name].constraints.values()
        return any(column in used and "PRIMARY" in text for text, used in own) or any(
            f"REFERENCES {name} ({column})" in text
            for table in self.tables.values()
            for text, _ in table.constraints.values()
        )

    def sql(self) -> str:
        lines = [f"CREATE EXTENSION {name}" for name in self.extensions]
        for name, labels in self.enums.items():
            quoted = ", ".join(f"'{label}'" for label in labels)
            lines.append(f"CREATE TYPE {name} AS ENUM ({quoted})")
        lines += [
            f"CREATE SEQUENCE {name}{f' {options}' if options else ''}" for name, options in self.sequences.items()
        ]
        late: list[str] = []
        for name, table in self.tables.items():
            entries = [f"{column} {text}" for column, text in table.columns.items()]
            for constraint, (text, _) in table.constraints.items():
                if text.startswith("FOREIGN"):
                    late.append(f"ALTER TABLE {name} ADD CONSTRAINT {constraint} {text}")
                else:
                    entries.append(f"CONSTRAINT {constraint} {text}")
            lines.append(f"CREATE TABLE {name} ({', '.join(entries)})")
            lines += [f"CREATE {text.replace('@', f'{index} ON {name}')}" for index, (text, _) in table.indexes.items()]
            for what, text in table.comments.items():
                kind = f"COLUMN {name}.{what}" if what else f"TABLE {name}"
                late.append(f"COMMENT ON {kind} IS '{text}'")
        lines += late
        lines += [f"CREATE {kind} {name} AS {query}" for name, (kind, query, _) in self.views.items()]
        for name, renamed, to in self.renames():
            lines.append(f"ALTER TABLE {name} RENAME {f'COLUMN {renamed} ' if renamed else ''}TO {to}")
        return "".join(f"{line};\n" for line in lines)


@dataclass
class Pair:
    """Two schemas; `holds` are restrictions in force while rows are made, so that they satisfy the second too."""

    before: World
    after: World
    holds: list[tuple[str, str]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.kinds}\n-- before\n{self.before.sql()}-- after\n{self.after.sql()}"


TYPES = {
    "varchar(40)": "'x'",
    "varchar(200)": "'some text'",
    "text": "''",
    "integer": "0",
    "bigint": "7",
    "smallint": "1",
    "numeric(10,2)": "0",
    "numeric(12,4)": "1.5",
    "boolean": "false",
    "timestamp with time zone": "now()",
    "timestamp without time zone": "CURRENT_TIMESTAMP",
    "date": "CURRENT_DATE",
    "uuid": None,
    "jsonb": "'{}'",
    "text[]": "'{}'",
    "integer[]": "'{}'",
    "inet": "'10.0.0.1'",
    "double precision": "0.5",
    "interval": "'1 day'",
    "bytea": None,
    "time without time zone": "'12:00'",
}
WIDER = {
    "varchar(40)": ["varchar(60)", "varchar", "text"],
    "varchar(200)": ["varchar(500)", "text"],
    "numeric(10,2)": ["numeric(14,2)", "numeric"],
    "numeric(12,4)": ["numeric(20,4)"],
    "cidr": ["inet"],
    "timestamp(3) without time zone": ["timestamp without time zone"],
    "time(0) without time zone": ["time without time zone"],
}
SLOWER = {
    "integer": ["bigint", "numeric(14,2)", "double precision"],
    "smallint": ["integer", "bigint"],
    "numeric(10,2)": ["numeric(14,4)", "double precision"],
    "text": ["varchar(900)"],
    "timestamp without time zone": ["timestamp with time zone", "date"],
    "date": ["timestamp without time zone", "text"],
    "uuid": ["text"],
    "boolean": ["text", "integer"],
    "jsonb": ["text", "json"],
    "time without time zone": ["interval"],
    "integer[]": ["bigint[]"],
    "text[]": ["varchar(500)[]"],
}
ORDERED = ("varchar", "text", "integer", "bigint", "smallint", "numeric", "timestamp", "date", "uuid")
NOUNS = ("tasks", "users", "orders", "items", "notes", "events", "teams", "labels")
WORDS = (
    "title name status priority amount price due_at note code rank weight state owner color size kind token label "
    "score body origin remark batch grade region"
).split()


def base_type(text: str) -> str:
    for word in (" NOT NULL", " DEFAULT", " GENERATED", " COLLATE"):
        text = text.partition(word)[0]
    return text


def is_ordered(text: str) -> bool:
    return base_type(text).startswith(ORDERED) and not base_type(text).endswith("]")


def _gets_identity(pair: Pair, name: str) -> bool:
    """Whether the key of the table becomes an identity."""
    before, after = pair.before.tables[name].columns, pair.after.tables[name].columns
    return "IDENTITY" in after.get("id", "") and "IDENTITY" not in before.get("id", "")


class Maker:
    """Makes random worlds and pairs."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.number = 0
        self.plain = False
        """Only what models say too."""

    def fresh(self, stem: str) -> str:
        self.number += 1
        return f"{stem}_{self.number}"

    def choose(self, items):
        return self.rng.choice(list(items))

    def chance(self, percent: int) -> bool:
        return self.rng.randrange(100) < percent

    def column(self, world: World, *, plain: bool = False) -> str:
        kinds = [*TYPES, *([] if plain else list(world.enums))]
        kind = self.choose(kinds)
        default = f"'{world.enums[kind][0]}'" if kind in world.enums else TYPES[kind]
        text = kind
        if default and self.chance(35):
            text += f" DEFAULT {default}"
        if self.chance(40):
            text += " NOT NULL"
        return text

    def table(self, world: World) -> Table:
        table = Table()
        key = self.choose(("integer", "bigint", "serial", "uuid", "identity"))
        if key == "identity":
            table.columns["id"] = "bigint GENERATED BY DEFAULT AS IDENTITY"
        elif key == "uuid":
            table.columns["id"] = "uuid DEFAULT gen_random_uuid()"
        else:
            table.columns["id"] = key
        for word in self.rng.sample(WORDS, 2 + self.rng.randrange(4)):
            table.columns[word] = self.column(world)
        return table

    def world(self) -> World:
        world = World()
        if self.chance(50) and not self.plain:
            world.enums["mood"] = ["sad", "ok", "glad"]
        if self.chance(25) and not self.plain:
            world.sequences["counter"] = self.choose(("", "START WITH 100 INCREMENT BY 5"))
        for name in self.rng.sample(NOUNS, 2 + self.rng.randrange(2)):
            world.tables[name] = self.table(world)
            world.tables[name].constraints[f"{name}_pkey"] = ("PRIMARY KEY (id)", ("id",))
        for kind in ("add_index", "add_check", "add_unique", "add_foreign_key", "add_view", "add_comment"):
            if self.plain and kind in BEYOND_MODELS:
                continue
            for _ in range(self.rng.randrange(3)):
                getattr(self, kind)(Pair(before=world, after=world))
        return world

    def pair(self, most: int = 5) -> Pair:
        before = self.world()
        pair = Pair(before=before, after=deepcopy(before))
        for _ in range(1 + self.rng.randrange(most)):
            kind = self.choose([name for name in KINDS if not (self.plain and name in BEYOND_MODELS)])
            if getattr(self, kind)(pair):
                pair.kinds.append(kind)
        return pair

    # What may be changed. Each returns whether it found something to change.

    def _old_tables(self, pair: Pair) -> list[str]:
        return [name for name in pair.after.tables if name in pair.before.tables]

    def _old_columns(self, pair: Pair, fits: Callable[[str], bool] = lambda text: True) -> list[tuple[str, str]]:
        """Columns that both schemas have alike."""
        return [
            (name, column)
            for name in self._old_tables(pair)
            for column, text in pair.after.tables[name].columns.items()
            if pair.before.tables[name].columns.get(column) == text and fits(text) and column != "id"
        ]

    def add_column(self, pair: Pair) -> bool:
        name = self.choose(pair.after.tables)
        table = pair.after.tables[name]
        column = self.fresh("extra")
        text = self.column(pair.after)
        if name in pair.before.tables and " NOT NULL" in text and " DEFAULT" not in text:
            text = text.replace(" NOT NULL", "")
        if self.chance(10):
            text = "uuid DEFAULT gen_random_uuid()" + (" NOT NULL" if self.chance(50) else "")
        table.columns[column] = text
        return True

    def add_own_value(self, pair: Pair) -> bool:
        """A column whose values PostgreSQL makes row by row."""
        name = self.choose(pair.after.tables)
        table = pair.after.tables[name]
        if any("IDENTITY" in text for text in table.columns.values()):
            return False
        source = [
            column
            for column, text in table.columns.items()
            if base_type(text) in {"text", "varchar(40)", "varchar(200)"}
        ]
        choices = ["bigint GENERATED ALWAYS AS IDENTITY", "bigserial"]
        if source:
            choices.append(f"text GENERATED ALWAYS AS (upper(({source[0]})::text)) STORED")
        table.columns[self.fresh("own")] = self.choose(choices)
        return True

    def drop_column(self, pair: Pair) -> bool:
        found = [(name, column) for name, column in self._old_columns(pair) if not self._viewed(pair.after, name)]
        if not found:
            return False
        name, column = self.choose(found)
        table = pair.after.tables[name]
        if any("GENERATED ALWAYS AS (" in text and column in text for text in table.columns.values()):
            return False
        self._drop_references(pair.after, name, column)
        del table.columns[column]
        table.comments.pop(column, None)
        table.constraints = {key: value for key, value in table.constraints.items() if column not in value[1]}
        table.indexes = {key: value for key, value in table.indexes.items() if column not in value[1]}
        return True

    def _drop_references(self, world: World, name: str, column: str) -> None:
        for other in world.tables.values():
            other.constraints = {
                key: value
                for key, value in other.constraints.items()
                if f"REFERENCES {name} ({column})" not in value[0]
            }

    def _viewed(self, world: World, name: str) -> bool:
        return any(name in reads for _, _, reads in world.views.values())

    def add_table(self, pair: Pair) -> bool:
        name = self.fresh("fresh")
        table = self.table(pair.after)
        table.constraints[f"{name}_pkey"] = ("PRIMARY KEY (id)", ("id",))
        others = [other for other, item in pair.after.tables.items() if self._has_id_key(other, item)]
        pair.after.tables[name] = table
        for other in self.rng.sample(others, min(len(others), self.rng.randrange(3))):
            kind = self._key_type(pair.after.tables[other])
            table.columns[f"{other}_id"] = kind + (" NOT NULL" if self.chance(40) else "")
            table.constraints[f"fk_{name}_{other}"] = (
                f"FOREIGN KEY ({other}_id) REFERENCES {other} (id)",
                (f"{other}_id",),
            )
        return True

    def _has_id_key(self, name: str, table: Table) -> bool:
        return table.constraints.get(f"{name}_pkey", ("", ()))[0] == "PRIMARY KEY (id)"

    def _key_type(self, table: Table) -> str:
        kind = base_type(table.columns["id"])
        return {"serial": "integer"}.get(kind, kind)

    def add_cycle(self, pair: Pair) -> bool:
        """Two new tables that refer to each other, one of them to itself."""
        one, two = self.fresh("left"), self.fresh("right")
        for name, other in ((one, two), (two, one)):
            pair.after.tables[name] = Table(
                columns={"id": "serial", "other_id": "integer", "parent_id": "integer"},
                constraints={
                    f"{name}_pkey": ("PRIMARY KEY (id)", ("id",)),
                    f"fk_{name}_other": (f"FOREIGN KEY (other_id) REFERENCES {other} (id)", ("other_id",)),
                    f"fk_{name}_parent": (f"FOREIGN KEY (parent_id) REFERENCES {name} (id)", ("parent_id",)),
                },
            )
        return True

    def drop_table(self, pair: Pair) -> bool:
        found = [name for name in self._old_tables(pair) if not self._viewed(pair.after, name)]
        if len(found) < 2:
            return False
        name = self.choose(found)
        del pair.after.tables[name]
        for table in pair.after.tables.values():
            table.constraints = {
                key: value for key, value in table.constraints.items() if f"REFERENCES {name} (" not in value[0]
            }
        return True

    def _index(self, table: Table) -> tuple[str, tuple[str, ...]] | None:
        plain = {column: text for column, text in table.columns.items() if is_ordered(text)}
        texts = [column for column, text in plain.items() if base_type(text) in {"text", "varchar(40)", "varchar(200)"}]
        arrays = [
            column for column, text in table.columns.items() if base_type(text) in {"jsonb", "text[]", "integer[]"}
        ]
        nets = [column for column, text in table.columns.items() if base_type(text) == "inet"]
        if not plain:
            return None
        column = self.choose(plain)
        other = self.choose(plain)
        forms: list[tuple[str, tuple[str, ...]]] = [
            (f"INDEX @ ({column})", (column,)),
            (f"INDEX @ ({column} DESC NULLS LAST)", (column,)),
            (f"INDEX @ USING brin ({column})", (column,)),
            (f"INDEX @ USING hash ({column})", (column,)),
            (f"INDEX @ ({column}) WHERE {other} IS NOT NULL", (column, other)),
            (f"UNIQUE INDEX @ (id, {column})", ("id", column)),
        ]
        if column != other:
            forms += [
                (f"INDEX @ ({column}, {other} DESC)", (column, other)),
                (f"INDEX @ ({column}) INCLUDE ({other})", (column, other)),
            ]
        if texts:
            forms += [
                (f"INDEX @ (lower({texts[0]}))", (texts[0],)),
                (f"INDEX @ ({texts[0]} text_pattern_ops)", (texts[0],)),
                (f"INDEX @ ({texts[0]}) WHERE {texts[0]} <> 'x'", (texts[0],)),
            ]
        if arrays:
            forms += [(f"INDEX @ USING gin ({arrays[0]})", (arrays[0],))] * 3
        if nets:
            forms += [(f"INDEX @ USING gist ({nets[0]} inet_ops)", (nets[0],))] * 2
        return self.choose(forms)

    def add_index(self, pair: Pair) -> bool:
        name = self.choose(pair.after.tables)
        if found := self._index(pair.after.tables[name]):
            pair.after.tables[name].indexes[self.fresh(f"ix_{name}")] = found
        return bool(found)

    def drop_index(self, pair: Pair) -> bool:
        found = [(name, index) for name in self._old_tables(pair) for index in pair.after.tables[name].indexes]
        if not found:
            return False
        name, index = self.choose(found)
        del pair.after.tables[name].indexes[index]
        return True

    def change_index(self, pair: Pair) -> bool:
        """The same name for another index."""
        found = [(name, index) for name in self._old_tables(pair) for index in pair.after.tables[name].indexes]
        if not found:
            return False
        name, index = self.choose(found)
        if changed := self._index(pair.after.tables[name]):
            pair.after.tables[name].indexes[index] = changed
        return bool(changed)

    def _constraint(self, pair: Pair, name: str, constraint: str, text: str, columns: tuple[str, ...]) -> bool:
        """Add it, and hold it while the rows are made where they are made already."""
        pair.after.tables[name].constraints[constraint] = (text, columns)
        before = pair.before.tables.get(name)
        if pair.before is not pair.after and before and all(column in before.columns for column in columns):
            hold = self.fresh("hold")
            pair.holds.append(
                (f"ALTER TABLE {name} ADD CONSTRAINT {hold} {text}", f"ALTER TABLE {name} DROP CONSTRAINT {hold}")
            )
        return True

    def add_unique(self, pair: Pair) -> bool:
        name = self.choose(pair.after.tables)
        plain = [
            column for column, text in pair.after.tables[name].columns.items() if is_ordered(text) and column != "id"
        ]
        if not plain:
            return False
        columns = self.choose(((self.choose(plain), "id"), (self.choose(plain),)))
        before = pair.before.tables.get(name)
        if len(set(columns)) < len(columns) or (before and any(column not in before.columns for column in columns)):
            return False
        if any("UNIQUE" in text for text, _ in pair.after.tables[name].constraints.values()):
            return False
        return self._constraint(pair, name, self.fresh(f"uq_{name}"), f"UNIQUE ({', '.join(columns)})", columns)

    def _check(self, name: str, table: Table) -> tuple[str, tuple[str, ...]]:
        forms: list[tuple[str, tuple[str, ...]]] = []
        for column, text in table.columns.items():
            kind = base_type(text)
            if kind in {"integer", "bigint", "smallint"} and column != "id" and not column.endswith("_id"):
                forms += [(f"CHECK ({column} >= 0)", (column,)), (f"CHECK ({column} BETWEEN 0 AND 30000)", (column,))]
            if kind.startswith("numeric"):
                forms.append((f"CHECK (({column} > -1) AND ({column} < 100000))", (column,)))
            if kind.startswith("varchar(") or kind == "text":
                forms += [
                    (f"CHECK (char_length({column}) <= 30)", (column,)),
                    (f"CHECK ({column} IN ('x', 'some text', '', 'high', 'low'))", (column,)),
                ]
            if kind == "boolean":
                forms.append((f"CHECK ({column} IS NOT NULL OR id IS NOT NULL)", (column, "id")))
        return self.choose(forms) if forms else ("CHECK (id IS NOT NULL)", ("id",))

    def _checkable(self, pair: Pair) -> list[str]:
        """Tables whose columns have no more than one check each, so that rows for all of them are easy to find."""
        return list(pair.after.tables)

    def add_check(self, pair: Pair) -> bool:
        name = self.choose(pair.after.tables)
        text, columns = self._check(name, pair.after.tables[name])
        before = pair.before.tables.get(name)
        held = {column for _, used in pair.after.tables[name].constraints.values() for column in used if "CHECK" in _}
        if (before and any(column not in before.columns for column in columns)) or held & set(columns):
            return False
        return self._constraint(pair, name, self.fresh(f"chk_{name}"), text, columns)

    def _of_kind(self, pair: Pair, word: str) -> list[tuple[str, str]]:
        """Constraints that both schemas have alike."""
        return [
            (name, constraint)
            for name in self._old_tables(pair)
            for constraint, found in pair.after.tables[name].constraints.items()
            if found[0].startswith(word) and pair.before.tables[name].constraints.get(constraint) == found
        ]

    def change_check(self, pair: Pair) -> bool:
        found = self._of_kind(pair, "CHECK (char_length") + self._of_kind(pair, "CHECK (")
        if not found:
            return False
        name, constraint = self.choose(found)
        text, columns = pair.after.tables[name].constraints[constraint]
        column = columns[0]
        pair.after.tables[name].constraints[constraint] = (f"CHECK ({column} IS NULL OR {text[6:]})", columns)
        return True

    def drop_constraint(self, pair: Pair) -> bool:
        found = [
            *self._of_kind(pair, "CHECK"),
            *([] if self.plain else self._of_kind(pair, "FOREIGN")),
            *self._of_kind(pair, "UNIQUE"),
            *self._of_kind(pair, "EXCLUDE"),
        ]
        if not found:
            return False
        name, constraint = self.choose(found)
        del pair.after.tables[name].constraints[constraint]
        return True

    def add_foreign_key(self, pair: Pair) -> bool:
        """A new column that refers to another table, or to its own."""
        name = self.choose(pair.after.tables)
        keyed = [other for other, item in pair.after.tables.items() if self._has_id_key(other, item)]
        if not keyed:
            return False
        other = self.choose(keyed)
        column = self.fresh(f"{other}_ref")
        table = pair.after.tables[name]
        table.columns[column] = self._key_type(pair.after.tables[other])
        actions = self.choose(("", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON UPDATE CASCADE", " DEFERRABLE"))
        text = f"FOREIGN KEY ({column}) REFERENCES {other} (id){actions}"
        table.constraints[self.fresh(f"fk_{name}")] = (text, (column,))
        return True

    def add_key_of_old_column(self, pair: Pair) -> bool:
        """A foreign key on a column that had none."""
        found = self._of_kind(pair, "FOREIGN")
        if not found:
            return False
        name, constraint = self.choose(found)
        text, _ = pair.before.tables[name].constraints.pop(constraint)
        pair.holds.append(
            (
                f"ALTER TABLE {name} ADD CONSTRAINT {constraint} {text}",
                f"ALTER TABLE {name} DROP CONSTRAINT {constraint}",
            )
        )
        return True

    def change_foreign_key(self, pair: Pair) -> bool:
        found = self._of_kind(pair, "FOREIGN")
        if not found:
            return False
        name, constraint = self.choose(found)
        text, columns = pair.after.tables[name].constraints[constraint]
        head = text[: text.index(")", text.index("REFERENCES")) + 1]
        action = " ON DELETE RESTRICT" if "CASCADE" in text else " ON DELETE CASCADE"
        pair.after.tables[name].constraints[constraint] = (head + action, columns)
        return True

    def add_exclusion(self, pair: Pair) -> bool:
        name = self.choose(pair.after.tables)
        table = pair.after.tables[name]
        if any("EXCLUDE" in text for text, _ in table.constraints.values()):
            return False
        column = self.fresh("during")
        table.columns[column] = "tstzrange"
        if self.chance(40):
            if "btree_gist" not in pair.after.extensions:
                pair.after.extensions.append("btree_gist")
            # the key in front keeps rows apart
            plain = [one for one, text in table.columns.items() if base_type(text) in {"integer", "bigint"}]
            if plain:
                text = f"EXCLUDE USING gist ({plain[0]} WITH =, {column} WITH &&)"
                table.constraints[self.fresh(f"ex_{name}")] = (text, (plain[0], column))
                return True
        table.constraints[self.fresh(f"ex_{name}")] = (f"EXCLUDE USING gist ({column} WITH &&)", (column,))
        return True

    def add_exclusion_of_old_column(self, pair: Pair) -> bool:
        name = self.choose(self._old_tables(pair))
        column = self.fresh("span")
        for world in (pair.before, pair.after):
            world.tables[name].columns[column] = "int4range"
        return self._constraint(
            pair, name, self.fresh(f"ex_{name}"), f"EXCLUDE USING gist ({column} WITH &&)", (column,)
        )

    def drop_primary_key(self, pair: Pair) -> bool:
        found = [
            (name, key)
            for name, key in self._of_kind(pair, "PRIMARY")
            if not any(
                f"REFERENCES {name} (" in text
                for table in pair.after.tables.values()
                for text, _ in table.constraints.values()
            )
            and not self._viewed(pair.after, name)
        ]
        if not found:
            return False
        name, key = self.choose(found)
        del pair.after.tables[name].constraints[key]
        # the key leaves NOT NULL behind
        kind = pair.after.tables[name].columns["id"]
        if kind not in {"serial", "bigserial"} and "NOT NULL" not in kind and "IDENTITY" not in kind:
            pair.after.tables[name].columns["id"] = f"{kind} NOT NULL"
        return True

    def add_primary_key(self, pair: Pair) -> bool:
        """A table that had no key gets one."""
        name = self.choose(self._old_tables(pair))
        key = f"{name}_pkey"
        table = pair.before.tables[name]
        if key not in table.constraints or key not in pair.after.tables[name].constraints:
            return False
        if any(
            f"REFERENCES {name} (" in text
            for world in (pair.before, pair.after)
            for one in world.tables.values()
            for text, _ in one.constraints.values()
        ):
            return False
        text, _ = table.constraints.pop(key)
        pair.holds.append(
            (f"ALTER TABLE {name} ADD CONSTRAINT hold_{key} {text}", f"ALTER TABLE {name} DROP CONSTRAINT hold_{key}")
        )
        if (
            base_type(table.columns["id"]) not in {"serial", "bigserial"}
            and "IDENTITY" not in table.columns["id"]
            and "NOT NULL" not in table.columns["id"]
        ):
            # from PostgreSQL 18 on the key's NOT NULL goes with it, before it stays
            pair.holds.append(("SELECT", f"ALTER TABLE {name} ALTER COLUMN id DROP NOT NULL"))
        return True

    def change_primary_key(self, pair: Pair) -> bool:
        found = [
            name
            for name, _ in self._of_kind(pair, "PRIMARY")
            if not any(
                f"REFERENCES {name} (" in text
                for world in (pair.before, pair.after)
                for table in world.tables.values()
                for text, _ in table.constraints.values()
            )
        ]
        if not found:
            return False
        name = self.choose(found)
        plain = [
            column
            for column, text in pair.before.tables[name].columns.items()
            if is_ordered(text)
            and "NOT NULL" in text
            and column != "id"
            and pair.after.tables[name].columns.get(column) == text
        ]
        if not plain:
            return False
        pair.after.tables[name].constraints[f"{name}_pkey"] = (f"PRIMARY KEY (id, {plain[0]})", ("id", plain[0]))
        return True

    def add_enum(self, pair: Pair) -> bool:
        name = self.fresh("level")
        pair.after.enums[name] = ["low", "mid", "high"]
        table = pair.after.tables[self.choose(pair.after.tables)]
        table.columns[self.fresh("level_of")] = f"{name} DEFAULT 'mid' NOT NULL" if self.chance(60) else name
        return True

    def drop_enum(self, pair: Pair) -> bool:
        """A type goes with the column that has it."""
        name = self.fresh("stage")
        table = self.choose(self._old_tables(pair))
        pair.before.enums[name] = ["one", "two"]
        pair.before.tables[table].columns[self.fresh("stage_of")] = f"{name} DEFAULT 'one' NOT NULL"
        return True

    def add_enum_value(self, pair: Pair) -> bool:
        if "mood" not in pair.after.enums:
            return False
        labels = pair.after.enums["mood"]
        labels.insert(self.rng.randrange(len(labels) + 1), self.fresh("mood"))
        return True

    def add_sequence(self, pair: Pair) -> bool:
        pair.after.sequences[self.fresh("ticket")] = self.choose(
            ("", "START WITH 1000 INCREMENT BY 10", "AS integer MAXVALUE 5000 CYCLE")
        )
        return True

    def drop_sequence(self, pair: Pair) -> bool:
        pair.before.sequences[self.fresh("gone")] = self.choose(("", "START WITH 10"))
        return True

    def change_sequence(self, pair: Pair) -> bool:
        if "counter" not in pair.after.sequences or "counter" not in pair.before.sequences:
            return False
        pair.after.sequences["counter"] = "START WITH 100 INCREMENT BY 50 MAXVALUE 9000000"
        return True

    def add_view(self, pair: Pair) -> bool:
        found = [name for name in pair.after.tables if (name, None) not in pair.after.renamed]
        if not found:
            return False
        name = self.choose(found)
        columns = ", ".join(pair.after.tables[name].columns)
        kind = "MATERIALIZED VIEW" if self.chance(25) else "VIEW"
        view = self.fresh(f"{name}_seen")
        pair.after.views[view] = (kind, f"SELECT {columns} FROM {name} WHERE id IS NOT NULL", (name,))
        if kind == "VIEW" and self.chance(30):
            pair.after.views[self.fresh("outer")] = ("VIEW", f"SELECT id FROM {view}", (view, name))
        return True

    def drop_view(self, pair: Pair) -> bool:
        found = [
            view
            for view in pair.after.views
            if view in pair.before.views and not any(view in reads for _, _, reads in pair.after.views.values())
        ]
        if not found:
            return False
        del pair.after.views[self.choose(found)]
        return True

    def change_view(self, pair: Pair) -> bool:
        found = [
            view
            for view in pair.after.views
            if view in pair.before.views
            and not any(view in reads for _, _, reads in pair.after.views.values())
            and not any((name, None) in pair.after.renamed for name in pair.after.views[view][2])
        ]
        if not found:
            return False
        view = self.choose(found)
        kind, query, reads = pair.after.views[view]
        if self.chance(50) and " AS one" not in query:
            query = query.replace("SELECT ", "SELECT 1 AS one, ", 1)
        pair.after.views[view] = (kind, f"{query} AND 1 = 1" if "WHERE" in query else query, reads)
        return pair.after.views[view] != pair.before.views[view]

    def add_comment(self, pair: Pair) -> bool:
        name = self.choose(pair.after.tables)
        what = self.choose(("", *pair.after.tables[name].columns))
        pair.after.tables[name].comments[what] = self.choose(("a remark", "it''s said", "two words; more"))
        return True

    def drop_comment(self, pair: Pair) -> bool:
        found = [(name, what) for name in self._old_tables(pair) for what in pair.after.tables[name].comments]
        if not found:
            return False
        name, what = self.choose(found)
        del pair.after.tables[name].comments[what]
        return True

    def set_not_null(self, pair: Pair) -> bool:
        found = self._old_columns(
            pair, lambda text: "NOT NULL" not in text and "GENERATED" not in text and "serial" not in text
        )
        # SQLModel refuses SET NULL on what takes no nulls
        found = [item for item in found if not (self.plain and "_ref_" in item[1])]
        if not found:
            return False
        name, column = self.choose(found)
        pair.after.tables[name].columns[column] += " NOT NULL"
        pair.holds.append(
            (
                f"ALTER TABLE {name} ALTER COLUMN {column} SET NOT NULL",
                f"ALTER TABLE {name} ALTER COLUMN {column} DROP NOT NULL",
            )
        )
        return True

    def drop_not_null(self, pair: Pair) -> bool:
        def free(name: str, column: str) -> bool:
            keys = (
                text
                for table in (pair.before.tables[name], pair.after.tables[name])
                for text, used in table.constraints.values()
                if column in used
            )
            return not any(text.startswith("PRIMARY") for text in keys)

        found = [item for item in self._old_columns(pair, lambda text: text.endswith("NOT NULL")) if free(*item)]
        if not found:
            return False
        name, column = self.choose(found)
        table = pair.after.tables[name]
        table.columns[column] = table.columns[column].replace(" NOT NULL", "")
        return True

    def set_default(self, pair: Pair) -> bool:
        found = self._old_columns(pair, lambda text: bool(TYPES.get(base_type(text))) and "GENERATED" not in text)
        if not found:
            return False
        name, column = self.choose(found)
        table = pair.after.tables[name]
        kind, null = base_type(table.columns[column]), " NOT NULL" if "NOT NULL" in table.columns[column] else ""
        default = self.choose(
            (TYPES[kind], {"integer": "42", "text": "'other'", "boolean": "true"}.get(kind, TYPES[kind]))
        )
        table.columns[column] = f"{kind} DEFAULT {default}{null}"
        return True

    def drop_default(self, pair: Pair) -> bool:
        found = self._old_columns(pair, lambda text: " DEFAULT" in text)
        if not found:
            return False
        name, column = self.choose(found)
        table = pair.after.tables[name]
        null = " NOT NULL" if "NOT NULL" in table.columns[column] else ""
        table.columns[column] = base_type(table.columns[column]) + null
        return True

    def add_identity(self, pair: Pair) -> bool:
        found = [
            name
            for name in self._old_tables(pair)
            if pair.before.tables[name].columns["id"] in {"integer", "bigint"}
            and (name, None) not in pair.after.renamed
            and pair.after.tables[name].columns["id"] == pair.before.tables[name].columns["id"]
            and f"{name}_pkey" in pair.before.tables[name].constraints
            and f"{name}_pkey" in pair.after.tables[name].constraints
            and not any("IDENTITY" in text for text in pair.after.tables[name].columns.values())
        ]
        if not found:
            return False
        name = self.choose(found)
        kind = self.choose(("ALWAYS", "BY DEFAULT"))
        pair.after.tables[name].columns["id"] += f" GENERATED {kind} AS IDENTITY"
        return True

    def change_identity(self, pair: Pair) -> bool:
        found = [
            name
            for name in self._old_tables(pair)
            if "BY DEFAULT AS IDENTITY" in pair.after.tables[name].columns["id"]
            and pair.before.tables[name].columns["id"] == pair.after.tables[name].columns["id"]
        ]
        if not found:
            return False
        columns = pair.after.tables[self.choose(found)].columns
        columns["id"] = "bigint GENERATED ALWAYS AS IDENTITY" if self.chance(60) else "bigint NOT NULL"
        return True

    def change_generated(self, pair: Pair) -> bool:
        """Another expression, or a plain column from then on."""
        name = self.choose(self._old_tables(pair))
        both = (pair.before.tables[name].columns, pair.after.tables[name].columns)
        source = [
            column
            for column, text in both[0].items()
            if base_type(text) in {"text", "varchar(40)", "varchar(200)"}
            and both[1].get(column) == text
            and "GENERATED" not in text
        ]
        if not source:
            return False
        column = self.fresh("made")
        both[0][column] = f"text GENERATED ALWAYS AS (lower(({source[0]})::text)) STORED"
        after = (f"text GENERATED ALWAYS AS (upper(({source[0]})::text)) STORED", "text")
        both[1][column] = self.choose(after)
        return True

    def change_type(self, pair: Pair) -> bool:
        for name in self.rng.sample(self._old_tables(pair), len(self._old_tables(pair))):
            kinds = [
                kind
                for kind in ("cidr", "timestamp(3) without time zone", "time(0) without time zone")
                if self.chance(20)
            ]
            for kind in kinds:
                column = self.fresh("narrow")
                pair.before.tables[name].columns[column] = kind
                pair.after.tables[name].columns[column] = kind
        found = self._old_columns(pair, lambda text: base_type(text) in WIDER)
        found = [
            (name, column)
            for name, column in found
            if not any("AS (" in text and column in text for text in pair.after.tables[name].columns.values())
        ]
        if not found:
            return False
        name, column = self.choose(found)
        table = pair.after.tables[name]
        kind = base_type(table.columns[column])
        table.columns[column] = self.choose(WIDER[kind]) + table.columns[column][len(kind) :]
        return True

    def _free_columns(self, pair: Pair) -> list[tuple[str, str]]:
        """Old columns that neither views nor generated columns nor keys of other tables use."""
        return [
            (name, column)
            for name, column in self._old_columns(pair)
            if not self._viewed(pair.after, name)
            and not self._viewed(pair.before, name)
            and not any("AS (" in text and column in text for text in pair.after.tables[name].columns.values())
            and not any(
                f"REFERENCES {name} ({column})" in text or ("EXCLUDE" in text and column in used)
                for world in (pair.before, pair.after)
                for table in world.tables.values()
                for text, used in table.constraints.values()
            )
            and "AS IDENTITY" not in pair.after.tables[name].columns[column]
            and "serial" not in pair.after.tables[name].columns[column]
        ]

    def change_name_of_column(self, pair: Pair) -> bool:
        found = [
            (name, column)
            for name, column in self._free_columns(pair)
            if not any(
                column in used and "PRIMARY" in text for text, used in pair.after.tables[name].constraints.values()
            )
            and not any(
                column in used and "PRIMARY" in text for text, used in pair.before.tables[name].constraints.values()
            )
        ]
        if not found:
            return False
        pair.after.renamed[self.choose(found)] = self.fresh("called")
        return True

    def change_name_of_table(self, pair: Pair) -> bool:
        # the sequence of a new identity is called after its table, whose name depends on which change comes first
        # and a view that is new in the same breath would read the table under its old name
        news = (item for view, item in pair.after.views.items() if pair.before.views.get(view) != item)
        viewed = {name for _, _, reads in news for name in reads}
        found = [name for name in self._old_tables(pair) if name not in viewed and not _gets_identity(pair, name)]
        if not found:
            return False
        pair.after.renamed[self.choose(found), None] = self.fresh("renamed")
        return True

    def change_slow_type(self, pair: Pair) -> bool:
        found = [
            (name, column, base_type(pair.after.tables[name].columns[column]))
            for name, column in self._free_columns(pair)
            if base_type(pair.after.tables[name].columns[column]) in SLOWER
        ]
        found = [
            (name, column, kind)
            for name, column, kind in found
            if kind in {"integer", "smallint", "numeric(10,2)"}
            or (
                "DEFAULT" not in pair.after.tables[name].columns[column]
                and not pair.after.tables[name].used(column)
                and not pair.before.tables[name].used(column)
            )
        ]
        found = [
            item
            for item in found
            if not any(
                item[1] in used and ("PRIMARY" in text or "FOREIGN" in text)
                for world in (pair.before, pair.after)
                for text, used in world.tables[item[0]].constraints.values()
            )
        ]
        if not found:
            return False
        name, column, kind = self.choose(found)
        table = pair.after.tables[name]
        table.columns[column] = self.choose(SLOWER[kind]) + table.columns[column][len(kind) :]
        return True

    def add_citext(self, pair: Pair) -> bool:
        if "citext" not in pair.after.extensions:
            pair.after.extensions.append("citext")
        table = pair.after.tables[self.choose(pair.after.tables)]
        table.columns[self.fresh("mail")] = "citext"
        return True


KINDS = [
    name
    for name, value in vars(Maker).items()
    if name.partition("_")[0] in {"add", "drop", "change", "set"} and callable(value)
]
BEYOND_MODELS = {
    name
    for name in KINDS
    if name.endswith(("view", "sequence", "exclusion", "citext", "of_old_column", "primary_key", "drop_table"))
    or name in {"change_name_of_column", "change_name_of_table", "change_slow_type"}
    or name in {"drop_enum", "change_foreign_key", "add_comment", "drop_comment", "add_identity", "change_identity"}
}
