"""SQLModel and SQLAlchemy models, read with `ast`, never imported."""

from migration_ls.sources.pymodels.modules import ModelFile
from migration_ls.sources.pymodels.pins import pinned_sqlmodel
from migration_ls.sources.pymodels.reader import read_models

__all__ = ["ModelFile", "pinned_sqlmodel", "read_models"]
