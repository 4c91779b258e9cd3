import abc
import uuid
from datetime import datetime
from typing import Any, ClassVar, Generic, Optional, TypeVar

from sqlalchemy import ForeignKey, Integer, String, func
from sqlalchemy.orm import DeclarativeBase, DeclarativeBaseNoMeta, Mapped, declarative_mixin, declared_attr, mapped_column, relationship
from sqlmodel import Field, SQLModel

T = TypeVar("T")
ID = TypeVar("ID", int, uuid.UUID)


class Response(SQLModel, Generic[T]):
    data: T


class Base(DeclarativeBase):
    __abstract__ = True
    __table_args__: Any = {"schema": None}
    registry_name: ClassVar[str] = "x"

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower() + "_g"


@declarative_mixin
class IntId:
    id: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-100)


class UuidId:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, sort_order=-100)


class Audit:
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=100)
    updated_at: Mapped[datetime | None] = mapped_column(onupdate=func.now(), sort_order=101)

    @declared_attr
    def created_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user_g.id", ondelete="SET NULL", name=f"fk_{cls.__tablename__}_creator"), sort_order=102)

    @declared_attr
    def created_by(cls) -> Mapped["User"]:
        return relationship("User", foreign_keys=[cls.created_by_id])


class SoftDelete(Audit):
    deleted: Mapped[bool] = mapped_column(default=False, server_default="false")


class User(IntId, Base):
    name: Mapped[str] = mapped_column(String(20))


class Repo(Generic[T]):
    model: type[T]

    def get(self, id_: int) -> T: ...


class Post(SoftDelete, UuidId, Base):
    title: Mapped[str]


class Comment(IntId, Audit, Base):
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("post_g.id"))


class EntityBase(SQLModel, abc.ABC):
    id: Optional[int] = Field(default=None, primary_key=True)


class Named(EntityBase):
    name: str = Field(max_length=30, index=True)


class Stamped(SQLModel):
    created_at: datetime = Field(default_factory=datetime.utcnow, nullable=False)
    updated_at: Optional[datetime] = Field(default=None, sa_column_kwargs={"onupdate": func.now(), "server_default": func.now()})


class Priced(SQLModel):
    price: float = 0
    name: str


class Product(Stamped, Priced, Named, table=True):
    stock: int = 0
    price: float = Field(default=1, ge=0)


class Service(Named, Stamped, table=True):
    name: str = Field(unique=True)
    created_at: Optional[datetime] = None


class Keyed(SQLModel, Generic[ID]):
    id: ID = Field(primary_key=True)


class Page(SQLModel, Generic[T]):
    items: list[T]
