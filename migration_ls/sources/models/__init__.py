"""SQLModel and SQLAlchemy models, read with `ast`, never imported."""

from migration_ls.sources.models.analyse import ModelFile
from migration_ls.sources.models.pins import pinned_sqlmodel
from migration_ls.sources.models.reader import read_models

__all__ = ["ModelFile", "pinned_sqlmodel", "read_models"]
