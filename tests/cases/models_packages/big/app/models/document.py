from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Relationship, SQLModel

from app.core.constants import Limits
from app.core.enums import Visibility
from app.db.base_class import Base, OwnedMixin
from app.models.user import User


class DocumentBase(SQLModel):
    title: str = Field(max_length=Limits.TITLE)
    body: str = Field(default="", max_length=Limits.BODY)


class Document(DocumentBase, OwnedMixin, Base, table=True):
    __tablename__ = "documents"
    visibility: Visibility = Field(default=Visibility.PRIVATE, sa_column=sa.Column(sa.Integer, nullable=False, server_default="0"))
    owner: User = Relationship(back_populates="documents")


class DocumentVersion(DocumentBase, table=True):
    __tablename__ = "document_versions"
    document_id: UUID = Field(foreign_key="documents.id", primary_key=True, ondelete="CASCADE")
    number: int = Field(primary_key=True)
    body: str = Field(sa_type=sa.Text)


class DocumentPublic(DocumentBase):
    id: UUID
