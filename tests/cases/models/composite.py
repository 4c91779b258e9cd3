from dataclasses import dataclass
from datetime import date
from typing import Optional
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, composite, mapped_column
from sqlmodel import Field, SQLModel


class Tenant(SQLModel, table=True):
    __tablename__ = "tenants"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    slug: str = Field(unique=True, max_length=40)


class Project(SQLModel, table=True):
    __tablename__ = "projects"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "number", name="pk_projects"),
        Index("ix_projects_due", "tenant_id", "due"),
    )
    tenant_id: UUID = Field(foreign_key="tenants.id", ondelete="CASCADE")
    number: int
    due: Optional[date]


class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "project_number"], ["projects.tenant_id", "projects.number"], ondelete="CASCADE", onupdate="CASCADE"
        ),
        ForeignKeyConstraint(columns=["tenant_id", "parent"], refcolumns=["tasks.tenant_id", "tasks.id"], name="parent_fk", match="SIMPLE"),
        UniqueConstraint("tenant_id", "id"),
    )
    tenant_id: UUID = Field(primary_key=True)
    id: int = Field(primary_key=True)
    project_number: int
    parent: int | None = None


class Key3(SQLModel, table=True):
    a: int = Field(primary_key=True)
    b: str = Field(primary_key=True, max_length=3)
    c: Optional[int] = Field(default=None, primary_key=True, nullable=False)


class Counting(SQLModel, table=True):
    a: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": True})
    b: int = Field(primary_key=True)


class StrKey(SQLModel, table=True):
    code: str = Field(primary_key=True, max_length=8)


class ForeignKeyKey(SQLModel, table=True):
    code: str = Field(primary_key=True, foreign_key="strkey.code")


class IntForeignKeyKey(SQLModel, table=True):
    id: int = Field(primary_key=True, foreign_key="counting.a")


class Base(DeclarativeBase):
    pass


@dataclass
class Point:
    x: int
    y: int


class Vertex(Base):
    __tablename__ = "vertices"
    id: Mapped[int] = mapped_column(primary_key=True)
    start: Mapped[Point] = composite(mapped_column("x1"), mapped_column("y1"))
    end: Mapped[Point] = composite(mapped_column("x2"), mapped_column("y2", nullable=True))
    x3: Mapped[int]
    y3: Mapped[int]
    third = composite(Point, "x3", "y3")


class NoKey(Base):
    __tablename__ = "nokey"
    a: Mapped[int]
    b: Mapped[int]
    __mapper_args__ = {"primary_key": ["a", "b"]}
