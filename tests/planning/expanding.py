"""Changes that the running release would not survive in one step: what is asked, and what both releases say meanwhile."""

from dataclasses import dataclass, field
from typing import Any

from migration_ls.postgres.types import ColumnType, parse_type
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change
from migration_ls.schema.tables import Column
from migration_ls.sources.sql.expressions import expression
from tests.planning.judge import Case
from tests.planning.kinds import BASE


@dataclass
class Expanding:
    """`old` and `new` are statements of the two releases, which both work from `both` on until the contract."""

    name: str
    case: Case
    roles: list[str]
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    until_switch: bool = False
    """What the previous release writes means something else once the columns have changed places."""


def expanding(
    name: str,
    *changes: Change,
    before: str = "",
    after: str = "",
    base: str = BASE,
    roles: tuple[str, ...],
    old: tuple[str, ...] = (),
    new: tuple[str, ...] = (),
    says: tuple[str, ...] = (),
    until_switch: bool = False,
    meanwhile: str = "",
    **situation: Any,
) -> Expanding:
    case = Case(
        before=base + before,
        after=base + after,
        situation=situation,
        asked=list(changes),
        kills=4,
        meanwhile=meanwhile,
    )
    return Expanding(
        name=name,
        case=case,
        roles=list(roles),
        old=list(old),
        new=list(new),
        says=list(says),
        until_switch=until_switch,
    )


TASKS, USERS = Name("tasks"), Name("users")

KINDS = [
    expanding(
        "rename a table",
        asked.RenameTable(table=TASKS, to="todos"),
        before="CREATE INDEX ix_title ON tasks (title); CREATE TABLE notes (id serial PRIMARY KEY, task_id bigint "
        "REFERENCES tasks (id)); CREATE VIEW seen AS SELECT title FROM tasks;",
        after="CREATE INDEX ix_title ON tasks (title); CREATE TABLE notes (id serial PRIMARY KEY, task_id bigint "
        "REFERENCES tasks (id)); CREATE VIEW seen AS SELECT title FROM tasks; ALTER TABLE tasks RENAME TO todos;",
        roles=("forward", "contract"),
        old=("INSERT INTO tasks (title) VALUES ('old') RETURNING id", "UPDATE tasks SET note = 'x' WHERE title = 'old'",
             "INSERT INTO tasks (id, title) VALUES (-1, 'a') ON CONFLICT (id) DO UPDATE SET title = 'b'",
             "SELECT * FROM tasks FOR UPDATE", "DELETE FROM tasks WHERE title = 'old'"),
        new=("INSERT INTO todos (title) VALUES ('new')", "DELETE FROM todos WHERE title = 'new'"),
    ),
    expanding(
        "rename a table, and change it",
        asked.RenameTable(table=TASKS, to="to do"),
        after='ALTER TABLE tasks RENAME TO "to do"; ALTER TABLE "to do" ADD extra int; '
        'CREATE INDEX ix ON "to do" (title); ALTER TABLE "to do" ALTER title TYPE varchar(200);'
        'ALTER TABLE "to do" DROP COLUMN note;',
        roles=("rename", "forward", "contract"),
        old=("INSERT INTO tasks (title, note) VALUES ('old', 'n')",),
        new=("INSERT INTO \"to do\" (title, extra) VALUES ('new', 1)",),
    ),
    expanding(
        "rename a column",
        asked.RenameColumn(table=TASKS, column="title", to="name"),
        before="CREATE INDEX ix_title ON tasks (lower(title), due_on) WHERE title <> 'none'; "
        "ALTER TABLE tasks ADD CONSTRAINT chk_title CHECK (title <> '' AND amount >= 0);"
        "COMMENT ON COLUMN tasks.title IS 'what to do'; ALTER TABLE tasks ALTER title SET DEFAULT 'none yet';",
        after="CREATE INDEX ix_title ON tasks (lower(title), due_on) WHERE title <> 'none'; "
        "ALTER TABLE tasks ADD CONSTRAINT chk_title CHECK (title <> '' AND amount >= 0);"
        "COMMENT ON COLUMN tasks.title IS 'what to do'; ALTER TABLE tasks ALTER title SET DEFAULT 'none yet';"
        "ALTER TABLE tasks RENAME title TO name;",
        roles=("forward", "finish", "switch", "contract"),
        old=("INSERT INTO tasks (title, amount) VALUES ('old', 1)", "UPDATE tasks SET title = 'older' WHERE title = 'old'",
             "INSERT INTO tasks (amount) VALUES (1)", "UPDATE tasks SET note = title WHERE id < 20"),
        new=("INSERT INTO tasks (name, amount) VALUES ('new', 1)", "UPDATE tasks SET name = 'newer' WHERE name = 'new'",
             "INSERT INTO tasks (amount) VALUES (1)", "UPDATE tasks SET note = name WHERE id < 20"),
    ),
    expanding(
        "rename a column with keys, that a view reads",
        asked.RenameColumn(table=TASKS, column="user_id", to="owner_id"),
        before="ALTER TABLE tasks ADD CONSTRAINT fk_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE; "
        "ALTER TABLE tasks ADD CONSTRAINT uq_user UNIQUE (user_id, id); CREATE INDEX ix_user ON tasks (user_id); "
        "CREATE VIEW mine AS SELECT id, user_id FROM tasks;",
        after="ALTER TABLE tasks ADD CONSTRAINT fk_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE; "
        "ALTER TABLE tasks ADD CONSTRAINT uq_user UNIQUE (user_id, id); CREATE INDEX ix_user ON tasks (user_id); "
        "ALTER TABLE tasks RENAME user_id TO owner_id; CREATE VIEW mine AS SELECT id, owner_id AS user_id FROM tasks;",
        roles=("forward", "finish", "switch", "contract"),
        old=("INSERT INTO tasks (title, user_id) SELECT 'old', min(id) FROM users", "UPDATE tasks SET user_id = NULL WHERE id = 1"),
        new=("INSERT INTO tasks (title, owner_id) SELECT 'new', min(id) FROM users", "UPDATE tasks SET owner_id = NULL WHERE id = 2"),
    ),
    expanding(
        "change a type: wider, under an index, a check and views",
        before="CREATE TABLE logs (id bigint PRIMARY KEY, size integer DEFAULT 0 NOT NULL, kind text); "
        "CREATE INDEX ix_size ON logs (size); ALTER TABLE logs ADD CONSTRAINT chk_size CHECK (size >= 0);"
        "CREATE VIEW big AS SELECT id, size FROM logs WHERE size > 10; CREATE VIEW more AS SELECT size FROM big;",
        after="CREATE TABLE logs (id bigint PRIMARY KEY, size bigint DEFAULT 0 NOT NULL, kind text); "
        "CREATE INDEX ix_size ON logs (size); ALTER TABLE logs ADD CONSTRAINT chk_size CHECK (size >= 0);"
        "CREATE VIEW big AS SELECT id, size FROM logs WHERE size > 10; CREATE VIEW more AS SELECT size FROM big;",
        roles=("forward", "finish", "switch", "contract"),
        old=("INSERT INTO logs (id, size) VALUES (-1, 5)", "UPDATE logs SET size = size / 2 WHERE id % 9 = 0", "DELETE FROM logs WHERE id = -1",
             "INSERT INTO logs (id) VALUES (-1)", "DELETE FROM logs WHERE id = -1"),
        new=("INSERT INTO logs (id, size) VALUES (-2, 5)", "UPDATE logs SET size = 7 WHERE id = -2", "DELETE FROM logs WHERE id = -2"),
    ),
    expanding(
        "a key that counts becomes wider, and what refers to it",
        before="CREATE TABLE carts (id serial PRIMARY KEY, note text); CREATE TABLE lines (id bigint PRIMARY KEY, "
        "cart_id integer NOT NULL CONSTRAINT fk_cart REFERENCES carts (id) ON DELETE CASCADE, other integer CONSTRAINT fk_other "
        "REFERENCES carts ON DELETE SET NULL); CREATE INDEX ix_cart ON lines (cart_id); "
        "CREATE VIEW noted AS SELECT id, note FROM carts WHERE note IS NOT NULL;",
        after="CREATE TABLE carts (id bigserial PRIMARY KEY, note text); CREATE TABLE lines (id bigint PRIMARY KEY, "
        "cart_id bigint NOT NULL CONSTRAINT fk_cart REFERENCES carts (id) ON DELETE CASCADE, other integer CONSTRAINT fk_other "
        "REFERENCES carts ON DELETE SET NULL); CREATE INDEX ix_cart ON lines (cart_id); "
        "CREATE VIEW noted AS SELECT id, note FROM carts WHERE note IS NOT NULL;",
        roles=("forward", "finish", "switch", "contract"),
        old=("INSERT INTO carts (note) VALUES ('old')", "INSERT INTO lines (id, cart_id) SELECT -1, max(id) FROM carts",
             "UPDATE lines SET other = cart_id WHERE id = -1", "DELETE FROM carts WHERE note = 'old'"),
        new=("INSERT INTO carts (note) VALUES ('new')", "INSERT INTO lines (id, cart_id, other) SELECT -2, max(id), min(id) FROM carts",
             "DELETE FROM carts WHERE note = 'new'"),
        says=("USING INDEX carts_pkey_new",),
    ),
    expanding(
        "an identity becomes wider, which its own table refers to",
        before="CREATE TABLE nodes (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, parent integer "
        "CONSTRAINT fk_parent REFERENCES nodes (id) ON UPDATE CASCADE, twin integer CONSTRAINT fk_twin REFERENCES nodes (id));",
        after="CREATE TABLE nodes (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, parent bigint "
        "CONSTRAINT fk_parent REFERENCES nodes (id) ON UPDATE CASCADE, twin integer CONSTRAINT fk_twin REFERENCES nodes (id));",
        roles=("forward", "finish", "switch", "contract"),
        old=("INSERT INTO nodes (parent) SELECT min(id) FROM nodes", "UPDATE nodes SET twin = id WHERE twin IS NULL"),
        new=("INSERT INTO nodes (parent) SELECT max(id) FROM nodes", "UPDATE nodes SET parent = id WHERE twin IS NULL"),
    ),
    expanding(
        "keys that are foreign keys too become wider",
        before='CREATE SCHEMA "Shop"; CREATE TABLE "Shop".people (id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL); '
        'CREATE TABLE "Shop"."Card" (person smallint PRIMARY KEY REFERENCES "Shop".people (id) DEFERRABLE INITIALLY DEFERRED, pin text); '
        'CREATE TABLE "Shop".tags (id smallserial, label text, CONSTRAINT "pk tags" PRIMARY KEY (id)); '
        'CREATE TABLE "Shop".tagged (person smallint NOT NULL REFERENCES "Shop"."Card", tag smallint NOT NULL REFERENCES "Shop".tags ON DELETE CASCADE, '
        'PRIMARY KEY (person, tag)); CREATE INDEX ix_tagged ON "Shop".tagged (tag, person);',
        after='CREATE SCHEMA "Shop"; CREATE TABLE "Shop".people (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL); '
        'CREATE TABLE "Shop"."Card" (person integer PRIMARY KEY REFERENCES "Shop".people (id) DEFERRABLE INITIALLY DEFERRED, pin text); '
        'CREATE TABLE "Shop".tags (id serial, label text, CONSTRAINT "pk tags" PRIMARY KEY (id)); '
        'CREATE TABLE "Shop".tagged (person integer NOT NULL REFERENCES "Shop"."Card", tag integer NOT NULL REFERENCES "Shop".tags ON DELETE CASCADE, '
        'PRIMARY KEY (person, tag)); CREATE INDEX ix_tagged ON "Shop".tagged (tag, person);',
        roles=("forward", "finish", "switch", "contract"),
        old=('INSERT INTO "Shop".people (name) VALUES ($$old$$)',
             'INSERT INTO "Shop"."Card" (person) SELECT id FROM "Shop".people WHERE name = $$old$$ LIMIT 1 ON CONFLICT (person) DO NOTHING',
             'INSERT INTO "Shop".tags (label) VALUES ($$old$$)',
             'INSERT INTO "Shop".tagged (person, tag) SELECT person, id FROM "Shop"."Card", "Shop".tags LIMIT 1 ON CONFLICT DO NOTHING',
             'DELETE FROM "Shop".tags WHERE label = $$old$$'),
        new=('INSERT INTO "Shop".people (name) VALUES ($$new$$)', 'INSERT INTO "Shop".tags (label) VALUES ($$new$$)',
             'DELETE FROM "Shop".tags WHERE label = $$new$$'),
    ),
    expanding(
        "a number that others refer to becomes wider",
        before="CREATE TABLE accounts (id bigint PRIMARY KEY, number integer NOT NULL CONSTRAINT uq_number UNIQUE); "
        "CREATE TABLE bookings (id bigint PRIMARY KEY, account integer CONSTRAINT fk_account REFERENCES accounts (number));",
        after="CREATE TABLE accounts (id bigint PRIMARY KEY, number bigint NOT NULL CONSTRAINT uq_number UNIQUE); "
        "CREATE TABLE bookings (id bigint PRIMARY KEY, account bigint CONSTRAINT fk_account REFERENCES accounts (number));",
        roles=("forward", "finish", "switch", "contract"),
        old=("INSERT INTO accounts (id, number) VALUES (-1, -1)", "UPDATE bookings SET account = -1 WHERE id < 9",
             "UPDATE bookings SET account = NULL WHERE account = -1", "DELETE FROM accounts WHERE id = -1"),
        new=("INSERT INTO accounts (id, number) VALUES (-2, 3000000000)", "UPDATE bookings SET account = 3000000000 WHERE id < 9",
             "UPDATE bookings SET account = NULL WHERE account = 3000000000", "DELETE FROM accounts WHERE id = -2"),
    ),
    expanding(
        "a key of two columns, one of them wider",
        before="CREATE TABLE seats (hall smallint NOT NULL, number integer NOT NULL, note text, CONSTRAINT pk_seats PRIMARY KEY (hall, number)); "
        "CREATE TABLE tickets (id bigint PRIMARY KEY, hall smallint, number integer, CONSTRAINT fk_seat FOREIGN KEY "
        "(hall, number) REFERENCES seats (hall, number));",
        after="CREATE TABLE seats (hall integer NOT NULL, number integer NOT NULL, note text, CONSTRAINT pk_seats PRIMARY KEY (hall, number)); "
        "CREATE TABLE tickets (id bigint PRIMARY KEY, hall integer, number integer, CONSTRAINT fk_seat FOREIGN KEY "
        "(hall, number) REFERENCES seats (hall, number));",
        roles=("forward", "finish", "switch", "contract"),
        old=("INSERT INTO seats (hall, number) VALUES (-1, -1)", "INSERT INTO tickets (id, hall, number) VALUES (-1, -1, -1)",
             "DELETE FROM tickets WHERE id = -1", "DELETE FROM seats WHERE hall = -1"),
        new=("INSERT INTO seats (hall, number) VALUES (-2, -2)", "INSERT INTO tickets (id, hall, number) VALUES (-2, -2, -2)",
             "UPDATE seats SET note = 'x' WHERE hall = -2", "DELETE FROM tickets WHERE id = -2", "DELETE FROM seats WHERE hall = -2"),
    ),
    expanding(
        "change a type: shorter",
        before="",
        after="ALTER TABLE tasks ALTER note TYPE varchar(2000);",
        roles=("forward", "finish", "switch", "contract"),
        old=("UPDATE tasks SET note = 'x' WHERE id < 50",),
        new=("UPDATE tasks SET note = 'y' WHERE id > 50",),
    ),
    expanding(
        "change a type by an expression",
        asked.ChangeType(table=Name("prices"), column="cents", type=parse_type("numeric(12,2)"),
                         using=expression("cents / 100.0"), back=expression("(cents * 100)::integer")),
        before="CREATE TABLE prices (id bigint PRIMARY KEY, cents integer NOT NULL CHECK (cents BETWEEN 0 AND 1000));",
        after="CREATE TABLE prices (id bigint PRIMARY KEY, cents numeric(12,2) NOT NULL CHECK (cents BETWEEN 0 AND 1000));",
        roles=("forward", "finish", "switch", "contract"),
        old=("UPDATE prices SET cents = 200 WHERE id < 50",),
        new=("UPDATE prices SET cents = 900.25 WHERE id > 50",),
        until_switch=True,
    ),
    expanding(
        "change a type that does not keep everything",
        before="CREATE TABLE visits (id bigint PRIMARY KEY, seen timestamptz NOT NULL);",
        after="CREATE TABLE visits (id bigint PRIMARY KEY, seen date NOT NULL);",
        roles=("forward", "finish", "switch", "contract"),
        old=("UPDATE visits SET seen = now() WHERE id < 20",),
    ),
    expanding(
        "labels of an enum that go",
        before="CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad'); CREATE TABLE days (id bigint PRIMARY KEY, "
        "m mood DEFAULT 'sad'::mood NOT NULL CHECK (m <> 'ok'), n mood[] DEFAULT ARRAY['glad'::mood] "
        "CHECK (NOT n && ARRAY['ok'::mood])); CREATE INDEX ix_m ON days (m) WHERE m <> 'sad'::mood; "
        "CREATE VIEW moods AS SELECT id, m FROM days WHERE m <> 'sad'::mood;",
        after="CREATE TYPE mood AS ENUM ('wild', 'sad', 'glad'); CREATE TABLE days (id bigint PRIMARY KEY, "
        "m mood DEFAULT 'sad'::mood NOT NULL, n mood[] DEFAULT ARRAY['glad'::mood]); "
        "CREATE INDEX ix_m ON days (m) WHERE m <> 'sad'::mood; "
        "CREATE VIEW moods AS SELECT id, m FROM days WHERE m <> 'sad'::mood;",
        roles=("forward", "finish", "switch", "contract"),
        old=("INSERT INTO days (id, m) VALUES (-1, 'glad'::mood)", "UPDATE days SET n = ARRAY['sad']::mood[] WHERE m = 'glad'::mood",
             "DELETE FROM days WHERE id = -1"),
        new=("INSERT INTO days (id, m) VALUES (-2, 'wild'::mood)", "DELETE FROM days WHERE m = 'wild'::mood"),
        says=("RENAME TO mood_former",),
    ),
    expanding(
        "merge columns",
        asked.ReplaceColumns(
            table=Name("people"), columns=("first", "last"), into=(Column(name="name", type=ColumnType("text"), nullable=False),),
            forward=(expression("first || ' ' || last"),),
            backward=(expression("split_part(name, ' ', 1)"), expression("split_part(name, ' ', 2)")),
        ),
        before="CREATE TABLE people (id bigint PRIMARY KEY, first text NOT NULL CHECK (first IN ('Ada', 'Bo')), "
        "last text NOT NULL CHECK (last IN ('Lee', 'Moe')));",
        after="CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL);",
        roles=("forward", "finish", "contract"),
        old=("INSERT INTO people VALUES (-1, 'Ada', 'Lee')", "UPDATE people SET first = 'Bo' WHERE id = -1",
             "DELETE FROM people WHERE id = -1"),
        new=("INSERT INTO people (id, name) VALUES (-2, 'Ada Moe')", "UPDATE people SET name = 'Bo Moe' WHERE id = -2",
             "DELETE FROM people WHERE id = -2"),
    ),
    expanding(
        "split a column, with no way back",
        asked.ReplaceColumns(
            table=Name("people"), columns=("name",),
            into=(Column(name="given", type=ColumnType("text")), Column(name="family", type=ColumnType("text"))),
            forward=(expression("split_part(name, ' ', 1)"), expression("split_part(name, ' ', 2)")), backward=(None,),
        ),
        before="CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL);",
        after="CREATE TABLE people (id bigint PRIMARY KEY, given text, family text);",
        roles=("forward", "contract"),
        old=("INSERT INTO people VALUES (-1, 'Ada Lee')", "DELETE FROM people WHERE id = -1"),
        new=("INSERT INTO people (id, given) VALUES (-2, 'Ada')", "DELETE FROM people WHERE id = -2"),
    ),
    expanding(
        "move a column to another table",
        asked.MoveColumns(
            table=Name("orders"), columns=("shipping_note",), to=Name("shipments"),
            into=(Column(name="note", type=ColumnType("text")),),
        ),
        before="CREATE TABLE orders (id bigint PRIMARY KEY, shipping_note text NOT NULL, total int); "
        "CREATE INDEX ix_shipping ON orders (shipping_note); CREATE TABLE shipments (id bigint PRIMARY KEY, "
        "order_id bigint REFERENCES orders (id) ON DELETE CASCADE, sent date); CREATE INDEX ix_order ON shipments (order_id);",
        after="CREATE TABLE orders (id bigint PRIMARY KEY, total int); CREATE TABLE shipments (id bigint PRIMARY KEY, "
        "order_id bigint REFERENCES orders (id) ON DELETE CASCADE, sent date, note text); "
        "CREATE INDEX ix_order ON shipments (order_id);",
        roles=("forward", "contract"),
        old=("INSERT INTO orders (id, shipping_note) VALUES (-1, 'ring twice')", "INSERT INTO shipments (id, order_id) VALUES (-1, -1)",
             "UPDATE orders SET shipping_note = 'ring once' WHERE id = -1 OR id % 9 = 0", "DELETE FROM orders WHERE id = -1"),
        new=("INSERT INTO orders (id) VALUES (-2)", "INSERT INTO shipments (id, order_id, note) VALUES (-2, -2, 'left')",
             "UPDATE shipments SET note = 'right' WHERE id = -2 OR id % 7 = 0", "DELETE FROM shipments WHERE id = -2",
             "DELETE FROM orders WHERE id = -2"),
        says=("FOR NO KEY UPDATE",),
    ),
    expanding(
        "move columns over a key of two columns, with names that need quotes, past a view that goes",
        asked.MoveColumns(
            table=Name("My Orders", "app"), columns=("No%te", "js'on"), to=Name("Parcel$$", "app"),
            into=(Column(name="To", type=ColumnType("text")), Column(name="from", type=ColumnType("json"))),
        ),
        before='CREATE SCHEMA app; CREATE TABLE app."My Orders" ("Year" int, no int, "No%te" text DEFAULT \'it\'\'s\', '
        '"js\'on" json, PRIMARY KEY ("Year", no)); CREATE TABLE app."Parcel$$" (id int, "Select" int, year int, "or der" int, '
        'PRIMARY KEY (id, "Select"), FOREIGN KEY (year, "or der") REFERENCES app."My Orders" ("Year", no) ON UPDATE CASCADE); '
        'CREATE VIEW app.notes AS SELECT "No%te" FROM app."My Orders";',
        after='CREATE SCHEMA app; CREATE TABLE app."My Orders" ("Year" int, no int, PRIMARY KEY ("Year", no)); '
        'CREATE TABLE app."Parcel$$" (id int, "Select" int, year int, "or der" int, "To" text, "from" json, '
        'PRIMARY KEY (id, "Select"), FOREIGN KEY (year, "or der") REFERENCES app."My Orders" ("Year", no) ON UPDATE CASCADE);',
        roles=("forward", "contract"),
        old=('INSERT INTO app."My Orders" ("Year", no, "js\'on") VALUES (-1, 1, \'{}\')',
             'UPDATE app."My Orders" SET "No%te" = \'x\' WHERE "Year" = -1', 'UPDATE app."My Orders" SET no = 2 WHERE "Year" = -1',
             'DELETE FROM app."My Orders" WHERE "Year" = -1'),
        new=('INSERT INTO app."My Orders" ("Year", no) VALUES (-2, 1)',
             'INSERT INTO app."Parcel$$" VALUES (-2, 1, -2, 1, \'t\', \'[]\')', 'DELETE FROM app."Parcel$$" WHERE id = -2',
             'DELETE FROM app."My Orders" WHERE "Year" = -2'),
    ),
    expanding(
        "split a table",
        asked.MoveColumns(
            table=Name("members"), columns=("bio", "avatar_url"), to=Name("member_profiles"),
            into=(Column(name="bio", type=ColumnType("text")), Column(name="avatar_url", type=ColumnType("text"))),
        ),
        before="CREATE TABLE members (id bigint PRIMARY KEY, email text, bio text NOT NULL, avatar_url text); "
        "CREATE INDEX ix_avatar ON members (avatar_url); COMMENT ON COLUMN members.bio IS 'who';",
        after="CREATE TABLE members (id bigint PRIMARY KEY, email text); CREATE TABLE member_profiles (member_id bigint "
        "PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE, bio text, avatar_url text);",
        roles=("forward", "contract"),
        old=("INSERT INTO members (id, bio) VALUES (-1, 'a')", "UPDATE members SET avatar_url = 'x' WHERE id = -1 OR id % 9 = 0",
             "DELETE FROM members WHERE id = -1"),
        new=("INSERT INTO members (id, email) VALUES (-2, 'b')", "INSERT INTO member_profiles (member_id, bio) VALUES (-2, 'c')",
             "UPDATE member_profiles SET bio = 'd' WHERE member_id = -2 OR member_id % 7 = 0",
             "DELETE FROM member_profiles WHERE member_id = -2", "DELETE FROM members WHERE id = -2"),
        says=("ON CONFLICT DO NOTHING",),
    ),
    expanding(
        "one to many becomes many to many",
        asked.MoveColumns(
            table=Name("books"), columns=("author_id",), to=Name("book_authors"),
            into=(Column(name="author_id", type=ColumnType("bigint")),),
        ),
        before="CREATE TABLE authors (id bigint PRIMARY KEY, name text); "
        "CREATE TABLE books (id bigint PRIMARY KEY, title text, author_id bigint NOT NULL REFERENCES authors (id)); "
        "CREATE INDEX ix_author ON books (author_id);",
        after="CREATE TABLE authors (id bigint PRIMARY KEY, name text); CREATE TABLE books (id bigint PRIMARY KEY, title text); "
        "CREATE TABLE book_authors (book_id bigint REFERENCES books (id) ON DELETE CASCADE, author_id bigint "
        "REFERENCES authors (id), PRIMARY KEY (book_id, author_id)); CREATE INDEX ix_book_author ON book_authors (author_id);",
        roles=("forward", "contract"),
        old=("INSERT INTO authors (id) VALUES (-1), (-2) ON CONFLICT (id) DO NOTHING", "INSERT INTO books (id, author_id) VALUES (-1, -1)", "UPDATE books SET author_id = -2 WHERE id = -1 OR id % 9 = 0",
             "DELETE FROM books WHERE id = -1"),
        new=("INSERT INTO authors (id) VALUES (-1), (-2) ON CONFLICT (id) DO NOTHING", "INSERT INTO books (id) VALUES (-2)", "INSERT INTO book_authors VALUES (-2, -1), (-2, -2)",
             "DELETE FROM book_authors WHERE (book_id, author_id) = (-2, -1)", "UPDATE book_authors SET author_id = -1 WHERE book_id = -2",
             "DELETE FROM books WHERE id = -2"),
        meanwhile="INSERT INTO book_authors SELECT books.id, authors.id FROM books, authors ON CONFLICT DO NOTHING;",
        says=("ON CONFLICT DO NOTHING",),
    ),
    expanding(
        "names that need quotes, in another namespace, without a key",
        asked.RenameColumn(table=Name("My Table", "app"), column="from", to="To"),
        asked.RenameTable(table=Name("My Table", "app"), to="Your Table"),
        before='CREATE SCHEMA app; CREATE TABLE app."My Table" ("Select" json, "from" text DEFAULT \'a"b\', n int); '
        'CREATE INDEX "Ix n" ON app."My Table" (n, "from");',
        after='CREATE SCHEMA app; CREATE TABLE app."My Table" ("Select" jsonb, "from" text DEFAULT \'a"b\', n int); '
        'CREATE INDEX "Ix n" ON app."My Table" (n, "from"); ALTER TABLE app."My Table" RENAME "from" TO "To"; '
        'ALTER TABLE app."My Table" RENAME TO "Your Table";',
        roles=("rename", "forward", "finish", "switch", "contract"),
        old=('INSERT INTO app."My Table" ("from", n) VALUES (\'x\', -1)', 'UPDATE app."My Table" SET n = -2 WHERE n = -1',
             'DELETE FROM app."My Table" WHERE n = -2'),
        new=('INSERT INTO app."Your Table" ("To", n) VALUES (\'x\', -3)', 'DELETE FROM app."Your Table" WHERE n = -3'),
    ),
    expanding(
        "names with apostrophes, percent and dollar signs",
        asked.RenameColumn(table=Name("o'brien %s $1"), column="it's 100%", to="they're $$ %"),
        before="""CREATE TABLE "o'brien %s $1" ("i'd %" int, "b$$d" text, "it's 100%" text, "q""uote" int, PRIMARY KEY ("i'd %", "b$$d"));""",
        after="""CREATE TABLE "o'brien %s $1" ("i'd %" int, "b$$d" text, "they're $$ %" text, "q""uote" int, PRIMARY KEY ("i'd %", "b$$d")); """
        """ALTER TABLE "o'brien %s $1" ADD CONSTRAINT "ch'k %" CHECK ("q""uote" <> 1234567 AND "b$$d" <> 'it''s 5% $$'); """
        """CREATE INDEX "i'x %" ON "o'brien %s $1" ("q""uote");""",
        roles=("forward", "contract"),
        old=("""INSERT INTO "o'brien %s $1" ("i'd %", "b$$d", "it's 100%") VALUES (-1, 'x', 'y')""",
             """DELETE FROM "o'brien %s $1" WHERE "i'd %" = -1"""),
        new=("""UPDATE "o'brien %s $1" SET "they're $$ %" = 'z' WHERE "i'd %" = -1""",),
    ),
]  # fmt: skip
