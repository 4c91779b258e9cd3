"""Loops and late changes."""
import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlmodel import Field, SQLModel

metadata_obj = MetaData()
users = Table("dyn_users", metadata_obj, Column("id", Integer, primary_key=True), *[Column(f"c{i}", Integer) for i in range(3)])
addresses = Table(
    "dyn_addresses",
    metadata_obj,
    Column("id", sa.Integer(), sa.Identity(always=True), primary_key=True),
    Column("user_id", None, ForeignKey(users.c.id), nullable=False),
    Column("email", String(60), nullable=False, server_default=""),
)
addresses.append_column(Column("late", Integer))
sa.UniqueConstraint(addresses.c.email, addresses.c.user_id, name="late_uq")


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __table__ = Table(
        "dyn_thing",
        Base.metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(5), nullable=False, unique=True),
    )
    other: Mapped["Thing2"] = relationship(viewonly=True, primaryjoin="foreign(Thing.id) == Thing2.id")


class Thing2(Base):
    __tablename__ = "dyn_thing2"
    id: Mapped[int] = mapped_column(primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey(Thing.__table__.c.id))
    for_users: Mapped[int] = mapped_column(ForeignKey(users.c.id))


class SM(SQLModel, table=True):
    id: int = Field(primary_key=True)
    __table_args__ = {"comment": "x"}


@event.listens_for(Thing2, "before_insert")
def stamp(mapper, connection, target):
    pass


admin = sa.Table("dyn_admin", Base.metadata, sa.Column("id", sa.ForeignKey("dyn_thing.id"), primary_key=True), sa.Column("Level", sa.SmallInteger, default=1), comment="admins", schema=None)
