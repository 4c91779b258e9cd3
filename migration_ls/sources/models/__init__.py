"""SQLModel and SQLAlchemy models, read with `ast`, never imported."""

from migration_ls.sources.pymodels import ModelFile, pinned_sqlmodel, read_models

__all__ = ["ModelFile", "pinned_sqlmodel", "read_models"]
