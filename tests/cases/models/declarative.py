"""Plain SQLAlchemy: old and new style, mixins, inheritance."""
import enum
from datetime import datetime
from decimal import Decimal
from typing import Annotated, List, Literal, Optional
from uuid import UUID, uuid4

from sqlalchemy import Column, DateTime, Enum, ForeignKey, Index, Integer, MetaData, String, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declarative_base, declared_attr, deferred, mapped_column, relationship

intpk = Annotated[int, mapped_column(primary_key=True)]
str_30 = Annotated[str, 30]
required_name = Annotated[str, mapped_column(String(44), nullable=False, index=True)]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s_%(referred_column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: DateTime(timezone=True), str_30: String(30), dict: JSONB}


class State(enum.Enum):
    ON = "on"
    OFF = "off"


class StampMixin:
    created: Mapped[datetime] = mapped_column(server_default=func.now())
    changed: Mapped[Optional[datetime]] = mapped_column(onupdate=func.now())

    @declared_attr
    def maker_id(cls) -> Mapped[Optional[int]]:
        return mapped_column(ForeignKey("dec_users.id", ondelete="SET NULL"))


class NameMixin:
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return f"dec_{cls.__name__.lower()}s"


class User(NameMixin, Base):
    id: Mapped[intpk]
    name: Mapped[required_name]
    nick: Mapped[Optional[str_30]]
    email: Mapped[str] = mapped_column(String(100), unique=True)
    state: Mapped[State] = mapped_column(default=State.ON)
    mode: Mapped[Literal["a", "bbb"]]
    amount: Mapped[Decimal | None]
    settings: Mapped[dict] = mapped_column(server_default=text("'{}'"))
    old = Column(Integer)
    body = deferred(Column(Text, nullable=False))
    posts: Mapped[List["Post"]] = relationship(back_populates="user", foreign_keys="Post.user_id")


class Post(StampMixin, NameMixin, Base):
    __table_args__ = (UniqueConstraint("title", "user_id"), Index(None, "title", "user_id"), {"schema": "dec"})
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    title: Mapped["str"]
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    last: Mapped[int] = mapped_column("lastOne", sort_order=-5)
    user: Mapped[User] = relationship(back_populates="posts", foreign_keys=[user_id])


class Animal(Base):
    __tablename__ = "dec_animals"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "animal"}


class Dog(Animal):
    bark: Mapped[str] = mapped_column(nullable=True)
    __mapper_args__ = {"polymorphic_identity": "dog"}


class Cat(Animal):
    __tablename__ = "dec_cats"
    id: Mapped[int] = mapped_column(ForeignKey("dec_animals.id"), primary_key=True)
    purr: Mapped[int]
    __mapper_args__ = {"polymorphic_identity": "cat"}


Old = declarative_base()


class Abstract(Old):
    __abstract__ = True
    id = Column(Integer, primary_key=True)


class OldStyle(Abstract):
    __tablename__ = "dec_old"
    name = Column("theName", String(20), nullable=False)
    kind = Column(Enum("p", "q", name="dec_kind"), server_default="p")
    parent_id = Column(ForeignKey("dec_old.id"))
    __table_args__ = (Index("ix_dec_old_name", name.desc()),)
