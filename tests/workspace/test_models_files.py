"""Which Python files of a project are read as models."""

import pytest

from migration_ls.workspace.project import looks_like_models


@pytest.mark.parametrize("path", ["backend/app/constants.py", "app/base.py", "app/models/task.py", "app/enums.py"])
def test_files_that_models_take_names_from_are_read(path):
    assert looks_like_models(path, "LENGTH = 120\n")


@pytest.mark.parametrize("path", ["backend/app/main.py", "app/routes.py"])
def test_other_files_are_read_only_for_what_they_say(path):
    assert not looks_like_models(path, "LENGTH = 120\n")
    assert looks_like_models(path, "class Task(SQLModel, table=True):\n    pass\n")
