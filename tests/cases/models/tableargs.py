import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlmodel import Field, SQLModel

SCHEMA = "args"
DEFAULTS = {"schema": SCHEMA}


class Base(DeclarativeBase):
    __table_args__ = {"schema": SCHEMA, "comment": "from the base"}


class Tenanted:
    tenant_id: Mapped[int] = mapped_column(index=True)

    @declared_attr.directive
    def __table_args__(cls):
        return (Index(f"ix_{cls.__tablename__}_tenant", "tenant_id", "id"), UniqueConstraint("tenant_id", "id", name=f"uq_{cls.__tablename__}"), {"schema": SCHEMA})


class Inherits(Base):
    __tablename__ = "inherits"
    id: Mapped[int] = mapped_column(primary_key=True)


class WithTenant(Tenanted, Base):
    __tablename__ = "with_tenant"
    id: Mapped[int] = mapped_column(primary_key=True)


class Extends(Tenanted, Base):
    __tablename__ = "extends"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    @declared_attr.directive
    def __table_args__(cls):
        return (UniqueConstraint("name"),) + (Index("ix_more", "name"),)


class Spread(Base):
    __tablename__ = "spread"
    id: Mapped[int] = mapped_column(primary_key=True)
    x: Mapped[int]
    __table_args__ = (*[CheckConstraint("x > 0", name="x_pos")], UniqueConstraint("x"), dict(schema=SCHEMA, comment="c"))


class Merged(Base):
    __tablename__ = "merged"
    id: Mapped[int] = mapped_column(primary_key=True)
    inherits_id: Mapped[int]
    __table_args__ = (ForeignKeyConstraint(("inherits_id",), (Inherits.id,)), {**DEFAULTS, "info": {"a": 1}})


common = (CheckConstraint("size >= 0"),)


class Sm(SQLModel, table=True):
    __tablename__ = "args_sm"
    __table_args__ = common + (Index("ix_sm_size", "size"), {"schema": "sm", "postgresql_with": {"fillfactor": 70}})
    id: int = Field(primary_key=True)
    size: int
    same_schema: int = Field(foreign_key="sm.args_sm.id")


class SmBase(SQLModel):
    __table_args__ = {"schema": "smb"}
    id: int = Field(primary_key=True)


class SmChild(SmBase, table=True):
    name: str = Field(index=True)
    parent: int = Field(foreign_key="smb.smchild.id")


class One(SQLModel, table=True):
    id: int = Field(primary_key=True)
    a: str = Field(sa_column_args=(sa.CheckConstraint("a <> ''"),), sa_type=String(3))
    b: int = Field(sa_column_args=[sa.ForeignKey("sm.args_sm.id", ondelete="NO ACTION", name="one_b")], sa_column_kwargs={"name": "bee", "index": True})
    __table_args__ = (UniqueConstraint("a", "bee"),)


def args(*items, schema="fn"):
    return (*items, {"schema": schema})


class ByFunction(SQLModel, table=True):
    __table_args__ = args(UniqueConstraint("a"), schema="by")
    id: int = Field(primary_key=True)
    a: int


class Listed(SQLModel, table=True):
    __table_args__ = tuple([Index(f"ix_l_{name}", name) for name in ("a", "b")])
    id: int = Field(primary_key=True)
    a: int
    b: int
