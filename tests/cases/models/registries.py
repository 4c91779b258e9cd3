import enum
from datetime import datetime
from typing import List

from sqlalchemy import Enum as SQLEnum
from sqlalchemy import ForeignKey, Index, MetaData, String, Table, Column, Integer, func
from sqlalchemy.orm import Mapped, mapped_column, registry, relationship

table_registry = registry()
other = registry(metadata=MetaData(schema="plant"), type_annotation_map={str: String(99)})


class Stage(str, enum.Enum):
    draft = "draft"
    todo = "todo"
    done = "done"


@table_registry.mapped_as_dataclass
class Person:
    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(init=False, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(init=False, server_default=func.now(), onupdate=func.now())
    todos: Mapped[List["Todo"]] = relationship(init=False, cascade="all, delete-orphan", lazy="selectin")

    __table_args__ = (Index("person_name_idx", "username", "password"),)


@table_registry.mapped_as_dataclass()
class Todo:
    __tablename__ = "todos"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    title: Mapped[str]
    stage: Mapped[Stage]
    other_stage: Mapped[Stage] = mapped_column(SQLEnum(Stage, name="other_stage", native_enum=True), default=Stage.todo)
    _from: Mapped[datetime] = mapped_column(name="from_date", default=None)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), default=None)


@other.mapped
class Leaf:
    __tablename__ = "leaf"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Imperative:
    def __init__(self, name):
        self.name = name


imperative_table = Table(
    "imperative",
    other.metadata,
    Column("id", Integer, primary_key=True),
    Column("leaf_id", ForeignKey("plant.leaf.id", name="fk_leaf"), nullable=False),
    Column("name", String(12)),
)
other.map_imperatively(Imperative, imperative_table, properties={"leaf": relationship(Leaf)})
