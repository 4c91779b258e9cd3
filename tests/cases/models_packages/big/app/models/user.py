from typing import TYPE_CHECKING

from pydantic import EmailStr
from sqlalchemy import Index, func, text
from sqlmodel import AutoString, Field, Relationship

from app.core.constants import NAME_MAX
from app.core.enums import Role
from app.db.base_class import Base

if TYPE_CHECKING:
    from app.models.document import Document


class User(Base, table=True):
    __tablename__ = "users"
    __table_args__ = (Index("ix_users_lower_email", text("lower(email)"), unique=True),)

    email: EmailStr = Field(sa_type=AutoString(320), unique=True)
    name: str = Field(max_length=NAME_MAX)
    role: Role = Field(default=Role.MEMBER, sa_column_kwargs={"server_default": Role.MEMBER.name})
    documents: list["Document"] = Relationship(back_populates="owner", sa_relationship_kwargs={"lazy": "selectin"})
