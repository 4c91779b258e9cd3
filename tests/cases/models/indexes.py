import sqlalchemy as sa
from sqlalchemy import Column, DateTime, Index, Integer, MetaData, String, Table, UniqueConstraint, desc, func, text
from sqlalchemy.dialects.postgresql import JSONB, TSRANGE, ExcludeConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Field, SQLModel


class Base(DeclarativeBase):
    pass


class A(Base):
    __tablename__ = "ix_a"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(50), index=True, unique=True)
    name: Mapped[str] = mapped_column()
    body: Mapped[dict] = mapped_column("Body", JSONB)
    deleted_at: Mapped[str | None] = mapped_column(DateTime)
    tenant: Mapped[int] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(unique=True)
    period = mapped_column(TSRANGE)
    __table_args__ = (
        Index("a1", func.lower("email")),
        Index("a2", func.lower(email), unique=True),
        Index("a3", text("lower(email)")),
        Index("a4", "tenant", desc("name")),
        Index("a5", "tenant", name.desc().nulls_last()),
        Index("a6", body, postgresql_using="gin", postgresql_ops={"Body": "jsonb_path_ops"}),
        Index("a7", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}),
        Index("a8", "tenant", postgresql_include=["name", "email"]),
        Index("a9", "tenant", "code", unique=True, postgresql_where=text("deleted_at IS NULL")),
        Index("b1", tenant, code, unique=True, postgresql_where=deleted_at.is_(None)),
        Index("b2", "tenant", postgresql_with={"fillfactor": 50}),
        Index("b3", "tenant", "name", unique=True, postgresql_nulls_not_distinct=True),
        Index("b4", func.coalesce(name, "x"), func.date_trunc("day", deleted_at)),
        Index("b5", body["a"].astext, postgresql_where=(tenant > 3) & (name != "x")),
        Index("b6", (name + "x").label("nx")),
        Index("b7", tenant, postgresql_where=deleted_at.isnot(None) | (tenant == 5)),
        Index("b8", tenant, postgresql_where=name.in_(["a", "b"])),
        Index("b9", tenant, postgresql_where=~(tenant > 3)),
        Index("c1", tenant, postgresql_where=sa.and_(tenant.between(1, 2), name.like("a%"))),
        Index("c2", sa.cast(name, sa.Integer)),
        Index("c5", text("tenant DESC"), text("name ASC NULLS FIRST")),
        Index(None, "tenant", "name"),
        UniqueConstraint("tenant", "code", name="uq_a"),
        UniqueConstraint("tenant", "name", postgresql_nulls_not_distinct=True),
        UniqueConstraint(tenant, email, deferrable=True, initially="DEFERRED", name="uq_def"),
        sa.CheckConstraint("tenant > 0"),
        sa.CheckConstraint(tenant < 100, name="ck_tenant"),
        sa.CheckConstraint(func.length(name) > 3, name="ck_len"),
        sa.CheckConstraint("char_length(name) <= 10 AND name ~ '^[a-z]+$'", name="ck_rx"),
    )


Index("late1", A.tenant, A.name.desc())
Index("late2", func.lower(A.name), postgresql_where=A.deleted_at == None)  # noqa: E711
Index("late3", A.__table__.c.code)
metadata = MetaData()
things = Table(
    "ix_things",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, index=True),
    Column("pos", Integer, sa.CheckConstraint("pos > 0"), unique=True),
    Index("ix_things_lower", func.lower(text("name"))),
    UniqueConstraint("name", "pos"),
)
Index("ix_things_late", things.c.name, things.c["pos"].desc())
Index("ix_things_part", things.c.pos, postgresql_where=things.c.name.is_not(None), unique=True)


class S(SQLModel, table=True):
    __tablename__ = "ix_s"
    id: int = Field(primary_key=True)
    name: str = Field(index=True, unique=True)
    room: int
    at: str
    during: str = Field(sa_type=TSRANGE)
    __table_args__ = (
        ExcludeConstraint(("room", "="), ("during", "&&"), name="no_overlap"),
        Index("ix_s_name_room", "name", "room"),
        Index("ix_s_lower", text("lower(name)"), unique=True),
        sa.CheckConstraint("room IN (1, 2)", name="room_ck"),
    )


Index("ix_s_late", S.room, postgresql_where=S.at == "x")
