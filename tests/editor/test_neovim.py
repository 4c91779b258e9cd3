"""The page's configuration drives a headless Neovim: diagnostics, the action, `:wall`, files on disk."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "editors" / "neovim.md"
README = ROOT / "README.md"
SPEC = "specs/features/task-organization.md"

pytestmark = pytest.mark.editor

DRIVE = """
local function finish(result)
  local file = io.open(RESULT, 'w')
  file:write(vim.fn.json_encode(result))
  file:close()
  vim.cmd('qall!')
end

local function wait(what, condition)
  if not vim.wait(30000, condition, 50) then finish({ failed = what }) end
end

vim.cmd('edit ' .. SPEC)
local buffer = vim.api.nvim_get_current_buf()
wait('diagnostics', function() return #vim.diagnostic.get(buffer) >= 4 end)
local seen = {}
for _, item in ipairs(vim.diagnostic.get(buffer)) do
  table.insert(seen, { line = item.lnum, column = item.col, message = item.message })
end

local client = vim.lsp.get_active_clients()[1]
local parameters = vim.lsp.util.make_range_params()
parameters.context = { diagnostics = {} }
local answers = vim.lsp.buf_request_sync(buffer, 'textDocument/codeAction', parameters, 30000)
local action
for _, answer in pairs(answers or {}) do
  for _, item in ipairs(answer.result or {}) do
    if vim.startswith(item.title, 'Generate migration') then action = item end
  end
end
if not action then finish({ failed = 'action' }) end
if not action.edit then
  local resolved = vim.lsp.buf_request_sync(buffer, 'codeAction/resolve', action, 30000)
  for _, answer in pairs(resolved or {}) do action = answer.result end
end
vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
vim.cmd('wall')
finish({ diagnostics = seen, title = action.title })
"""


def configuration(page: Path, heading: str) -> str:
    text = page.read_text("utf-8")
    section = text[text.index(heading) :]
    return re.search(r"```lua\n(.*?)```", section, re.DOTALL)[1]


@pytest.fixture
def neovim() -> str:
    program = shutil.which("nvim")
    if program is None:
        pytest.skip("Neovim is not installed")
    return program


def test_open_the_spec_apply_the_action_and_write_all(neovim, tmp_path):
    project = tmp_path / "tasks"
    shutil.copytree(ROOT / "tests" / "projects" / "tasks", project, copy_function=shutil.copyfile)
    shutil.rmtree(project / "expected")
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    result = tmp_path / "result.json"
    script = tmp_path / "drive.lua"
    script.write_text(
        f"local RESULT, SPEC = {json.dumps(str(result))}, {json.dumps(SPEC)}\n"
        + configuration(PAGE, "## Older versions")
        + DRIVE
    )
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local"),
    }
    done = subprocess.run(
        [
            neovim,
            "--headless",
            "-u",
            "NONE",
            "-i",
            "NONE",
            "-c",
            "filetype on",
            "-c",
            f"luafile {script}",
            "-c",
            "cquit",
        ],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.exists(), done.stderr
    answer = json.loads(result.read_text())
    assert "failed" not in answer, (answer, done.stderr)
    assert {item["line"] for item in answer["diagnostics"]} == {11, 12, 13}
    assert any("tasks.priority varchar(20)" in item["message"] for item in answer["diagnostics"])
    assert answer["title"].startswith("Generate migration")

    after = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    created = {path.relative_to(project).as_posix() for path in after.keys() - before.keys()}
    assert created == {
        "backend/migrations/002_task_organization.sql",
        "backend/migrations/002_task_organization_rollback.sql",
        "backend/migrations/002_task_organization_validate.sql",
        "specs/features/task-organization/migration.md",
    }
    edited = {path.relative_to(project).as_posix() for path in before if before[path] != after[path]}
    assert edited == {"backend/app/models.py", "specs/database/schema.md"}

    twin = tmp_path / "twin"
    shutil.copytree(ROOT / "tests" / "projects" / "tasks", twin, copy_function=shutil.copyfile)
    shutil.rmtree(twin / "expected")
    subprocess.run([sys.executable, "-m", "migration_ls", "generate"], cwd=twin, check=True, capture_output=True)
    for path in (*created, *edited):
        assert (project / path).read_text() == (twin / path).read_text(), path


def test_the_readme_shows_the_configuration_of_the_page():
    wanted = configuration(PAGE, "## Neovim 0.11")
    assert wanted in README.read_text("utf-8")
