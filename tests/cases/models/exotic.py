from __future__ import annotations

import datetime as dt
import enum
import functools
import typing as t
import uuid

import sqlalchemy as sa
import sqlalchemy.orm as orm
from sqlalchemy import Boolean, Column, Index, Integer, String, UniqueConstraint, and_, cast, func, or_, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, registry
from sqlmodel import Field, SQLModel

PREFIX = "ex"
shared = sa.MetaData(schema="exo", naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(column_0_label)s"})
mapper_registry = registry(metadata=shared)
ModelBase = mapper_registry.generate_base()
Legacy = orm.declarative_base(metadata=sa.MetaData())
Classic = orm.declarative_base()


class Kind(str, enum.Enum):
    A = "a"
    B = "b"


class Tenant:
    @declared_attr
    def tenant_id(cls) -> Mapped[int]:
        return mapped_column(Integer, index=True, nullable=False)

    @declared_attr.directive
    def __table_args__(cls) -> tuple:
        return (UniqueConstraint("tenant_id", "code", name=f"uq_{cls.__tablename__}_code"),)


class First(Tenant, Classic):
    __tablename__ = f"{PREFIX}_first"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(5), default="x")
    when: Mapped[dt.datetime]
    maybe: Mapped[t.Optional[dt.date]]
    kind: Mapped[Kind] = mapped_column(sa.Enum(Kind, native_enum=False), server_default=Kind.A.name)
    flag: Mapped[bool] = mapped_column(Boolean, server_default=sa.false(), default=False)
    uid: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())
    tags: Mapped[list[str]] = mapped_column(postgresql.ARRAY(String(10)), server_default="{}")
    ts = Column(sa.DateTime(timezone=True), server_default=func.current_timestamp(), onupdate=func.now())


class Second(Classic):
    __tablename__ = f"{PREFIX}_second"
    id = Column(Integer, primary_key=True)
    first_id = Column(Integer, sa.ForeignKey(First.id, ondelete="cascade"), unique=True)
    name = Column(String, nullable=False)
    active = Column(Boolean)
    size = Column(Integer, sa.CheckConstraint("size > 0"))
    __table_args__ = (
        Index("ix_second_lower", func.lower(name)),
        Index("ix_second_where", "name", postgresql_where=active.is_(True)),
        Index("ix_second_and", name, postgresql_where=and_(active == True, size > 3)),  # noqa: E712
        sa.CheckConstraint(or_(size < 10, name.is_(None)), name="ck_second"),
        sa.CheckConstraint(size.in_([1, 2, 3]), name="ck_second_in"),
    )


Index("ix_second_late", Second.size.desc(), Second.name)


class Abstract(Classic):
    __abstract__ = True
    created = Column(sa.TIMESTAMP, nullable=False)
    id = Column(sa.BigInteger, primary_key=True)


class Third(Abstract):
    __tablename__ = "ex_third"
    id = Column(Integer, primary_key=True)
    after = Column(sa.Date, default=dt.date(2020, 1, 1))


class Fourth(Classic):
    __table__ = sa.Table(
        "ex_fourth",
        Classic.metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("third", sa.ForeignKey("ex_third.id"), nullable=False),
        sa.Index("ix_ex_fourth", "third"),
    )


def column_of(name: str, size: int = 9, *, null: bool = True) -> Column:
    return Column(name, String(size), nullable=null)


class Fifth(SQLModel, table=True):
    __tablename__ = "ex_fifth"
    id: t.Optional[int] = Field(default=None, primary_key=True)
    a: str = Field(sa_column=column_of("aa"))
    b: str = Field(sa_column=column_of("bb", 3, null=False))
    kind: Kind = Field(default=Kind.B)
    opts: t.Dict[str, t.Any] = Field(default_factory=lambda: {"a": 1}, sa_type=postgresql.JSONB)
    made: dt.datetime = Field(default_factory=lambda: dt.datetime.now(dt.timezone.utc), nullable=False)
    size: t.Annotated[int, Field(ge=1)] = 3
    clock: dt.time | None = None
    neg: int = Field(default=-1, sa_column_kwargs=dict(server_default=text("-1")))
    upper: str = Field(default="x", sa_column_kwargs={"server_default": func.upper("abc"), "unique": True})


class Hidden(SQLModel):
    x: int


@mapper_registry.mapped
class Seventh:
    __tablename__ = "ex_seventh"
    id = Column(Integer, primary_key=True)
    name = Column(String(3), index=True)


class Eighth(ModelBase):
    __tablename__ = "ex_eighth"
    id = Column(Integer, primary_key=True)
    seventh = Column(Integer, sa.ForeignKey("exo.ex_seventh.id"))
    seventh_too = Column(Integer, sa.ForeignKey("ex_seventh.id"))
    own_schema = Column(Integer)
    __table_args__ = {"schema": "other"}
