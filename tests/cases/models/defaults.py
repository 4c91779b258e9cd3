import datetime as dt
import uuid
from enum import Enum

import sqlalchemy as sa
from sqlalchemy import FetchedValue, Integer, Sequence, cast, func, literal, literal_column, text
from sqlalchemy.dialects.postgresql import ARRAY, INTERVAL, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql import expression
from sqlalchemy.sql.expression import false, true
from sqlalchemy.sql.functions import current_timestamp, now

VERSION = 3
ORDER_SEQ = Sequence("order_no_seq", start=100)


class State(str, Enum):
    ON = "on"
    OFF = "off"


class Base(DeclarativeBase):
    pass


class D(Base):
    __tablename__ = "defaults"
    id: Mapped[int] = mapped_column(primary_key=True)
    a1: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    a2: Mapped[dt.datetime] = mapped_column(server_default=text("now()"))
    a3: Mapped[int] = mapped_column(server_default="0")
    a4: Mapped[dict] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    a5: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())
    a6: Mapped[bool] = mapped_column(server_default=true())
    a7: Mapped[bool] = mapped_column(server_default=expression.false())
    a8: Mapped[dt.datetime] = mapped_column(server_default=func.timezone("utc", func.now()))
    a9: Mapped[dt.datetime] = mapped_column(server_default=func.current_timestamp())
    b1: Mapped[dt.datetime] = mapped_column(server_default=text("(now() AT TIME ZONE 'utc')"))
    b2: Mapped[str] = mapped_column(server_default="it's")
    b3: Mapped[str] = mapped_column(server_default=text("'x'"))
    b4: Mapped[str] = mapped_column(server_default=State.ON)
    b5: Mapped[str] = mapped_column(server_default=State.ON.value)
    b6: Mapped[str] = mapped_column(server_default=f"v{VERSION}")
    b7: Mapped[int] = mapped_column(server_default=str(VERSION))
    b8: Mapped[int] = mapped_column(server_default=literal(5))
    b9: Mapped[int] = mapped_column(server_default=literal_column("7"))
    c1: Mapped[int] = mapped_column(server_default=ORDER_SEQ.next_value())
    c2: Mapped[dt.datetime] = mapped_column(server_default=now())
    c3: Mapped[dt.datetime] = mapped_column(server_default=current_timestamp())
    c4: Mapped[int] = mapped_column(server_default=cast("5", Integer))
    c5: Mapped[list[str]] = mapped_column(ARRAY(sa.String), server_default="{}")
    c6: Mapped[list[str]] = mapped_column(ARRAY(sa.String), server_default=text("ARRAY[]::varchar[]"))
    c7: Mapped[bool] = mapped_column(server_default="f")
    c8: Mapped[bool] = mapped_column(server_default=sa.text("false"), default=False)
    c9: Mapped[int] = mapped_column(server_default=FetchedValue())
    d1: Mapped[str | None] = mapped_column(server_default=None)
    d2: Mapped[str] = mapped_column(server_default="")
    d3: Mapped[str] = mapped_column(server_default=func.coalesce(None, "a", 1))
    d4: Mapped[dt.date] = mapped_column(server_default=func.current_date())
    d5: Mapped[dt.datetime] = mapped_column(server_default=text("CURRENT_TIMESTAMP"), server_onupdate=FetchedValue())
    d6: Mapped[dt.timedelta] = mapped_column(INTERVAL, server_default=text("'1 day'::interval"))
    d7: Mapped[int] = mapped_column(default=1)
    d8: Mapped[int] = mapped_column(default=lambda: 1)
    d9: Mapped[int] = mapped_column(default=func.random())
    e1: Mapped[dt.datetime] = mapped_column(default=dt.datetime.utcnow, onupdate=dt.datetime.utcnow)
    e2: Mapped[dt.datetime] = mapped_column(server_default=func.now() + text("interval '1 day'"))
    e3: Mapped[str] = mapped_column(server_default=func.lower(func.concat("A", "b")))
    e4: Mapped[str] = mapped_column(server_default=sa.null(), nullable=True)
    e5: Mapped[int] = mapped_column(Integer, Sequence("e5_seq"))
    e6: Mapped[int] = mapped_column(Integer, ORDER_SEQ, server_default=ORDER_SEQ.next_value())
    e7: Mapped[str] = mapped_column(server_default=sa.schema.DefaultClause("zz"))
    e8: Mapped[int] = mapped_column(sa.Computed("a3 * 2"))
    e9: Mapped[int] = mapped_column(sa.Computed(sa.text("a3 + 1"), persisted=True), nullable=True)
    f1: Mapped[int] = mapped_column(sa.Identity())
    f2: Mapped[str] = mapped_column(sa.String(5), server_default="a\\b%c:d")
    f3: Mapped[str] = mapped_column(server_default=text("'a:b'"))
    f4: Mapped[str] = mapped_column(server_default=text(r"'a\:b'"))
    f5: Mapped[str] = mapped_column(server_default=text("upper(" "'x'" ")"))
    f6: Mapped[float] = mapped_column(server_default=text(f"{VERSION}.5"))
    f7: Mapped[str] = mapped_column(server_default="a" + "b")
    f8: Mapped[str] = mapped_column(server_default="{}-{}".format("a", VERSION))
    f9: Mapped[str] = mapped_column(server_default="%s!" % "hey")
