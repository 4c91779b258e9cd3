"""Todo app."""
from datetime import datetime, timezone
from enum import Enum
from typing import TYPE_CHECKING, List, Optional
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Boolean, CheckConstraint, Column, DateTime, ForeignKey, Index, String, Text, func, text
from sqlalchemy import Enum as SAEnum
from sqlalchemy.dialects.postgresql import JSONB, UUID as PGUUID
from sqlmodel import Field, Relationship, SQLModel


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


class Priority(str, Enum):
    HIGH = "high"
    LOW = "low"


class RecurrencePattern(str, Enum):
    DAILY = "daily"
    WEEKLY = "weekly"

    @classmethod
    def choices(cls) -> list[str]:
        return [m.value for m in cls]


class Timestamped(SQLModel):
    created_at: datetime = Field(default_factory=utc_now, sa_type=DateTime(timezone=True), nullable=False)  # type: ignore
    updated_at: datetime = Field(
        default_factory=utc_now,
        sa_column_kwargs={"onupdate": utc_now, "server_default": func.now()},
    )


class User(Timestamped, table=True):
    __tablename__ = "users"
    id: UUID = Field(default_factory=uuid4, sa_column=Column(PGUUID(as_uuid=True), primary_key=True, server_default=text("gen_random_uuid()")))
    email: str = Field(unique=True, index=True, max_length=255, nullable=False)
    tasks: List["Task"] = Relationship(back_populates="user", sa_relationship_kwargs={"cascade": "all, delete-orphan"})


class TaskBase(SQLModel):
    title: str = Field(min_length=1, max_length=200)
    description: Optional[str] = Field(default=None, max_length=1000)
    priority: Priority = Field(default=Priority.LOW, sa_column=Column(SAEnum(Priority, name="priority_enum", values_callable=lambda enum: [x.value for x in enum]), nullable=False, server_default="low"))


class Task(TaskBase, Timestamped, table=True):
    __tablename__: str = "tasks"
    __table_args__ = (
        Index("idx_tasks_user_completed", "user_id", "completed"),
        Index("idx_tasks_tags", "tags", postgresql_using="gin"),
        CheckConstraint("char_length(title) > 0", name="ck_title"),
    )
    id: Optional[int] = Field(default=None, primary_key=True, index=True)
    user_id: UUID = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True))
    completed: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default="false"))
    tags: List[str] = Field(default=[], sa_column=Column(ARRAY(String(50)), nullable=False, server_default="{}"))
    recurrence: Optional[RecurrencePattern] = Field(default=None, sa_column=Column(SAEnum(RecurrencePattern, values_callable=lambda _: RecurrencePattern.choices(), name="rec")))
    meta: dict = Field(default_factory=dict, sa_column=Column("metadata", JSONB, nullable=False, server_default=text("'{}'::jsonb")))
    notes: str = Field(default="", sa_column=Column(Text))
    due: Optional[datetime] = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True, index=True))
    parent_id: Optional[int] = Field(default=None, foreign_key="tasks.id", ondelete="SET NULL")
    user: Optional[User] = Relationship(back_populates="tasks")


class Conversation(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    user_id: str = Field(index=True)
    created_at: datetime = Field(default_factory=datetime.utcnow)


class Message(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    role: str = Field(max_length=20)
    content: str = Field(sa_column=Column(Text, nullable=False))
    tool_calls: list[dict] | None = Field(default=None, sa_column=Column(JSONB))
