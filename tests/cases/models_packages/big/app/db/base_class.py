from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, func
from sqlmodel import Field, SQLModel


class UUIDMixin(SQLModel):
    id: UUID = Field(default_factory=uuid4, primary_key=True, index=True, nullable=False)


class TimestampMixin(SQLModel):
    created_at: datetime = Field(
        default_factory=datetime.now,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()},
        nullable=False,
    )
    updated_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True), sa_column_kwargs={"onupdate": func.now()}
    )


class OwnedMixin(SQLModel):
    owner_id: UUID = Field(foreign_key="users.id", index=True, ondelete="CASCADE")


class Base(UUIDMixin, TimestampMixin):
    pass
