import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { test } from "node:test";
import { findOnPath, resolveExecutable, thisHost } from "../src/host";
import { machineWith } from "./machine";

test("a name is found in the first directory of the search path that has it", () => {
  const host = machineWith("/usr/bin/python3", "/usr/local/bin/python3");
  assert.equal(findOnPath("python3", host), "/usr/local/bin/python3");
  assert.equal(findOnPath("python", host), undefined);
});

test("on Windows a name means the executable of that name", () => {
  const host = { ...machineWith(join("/usr/bin", "python.exe")), platform: "win32" as const };
  assert.equal(findOnPath("python", host), join("/usr/bin", "python.exe"));
});

test("a written path may use the home and the workspace folder", () => {
  const host = machineWith("/usr/bin/uv");
  const folders = ["/work/$& shop", "/work/other"];
  assert.equal(resolveExecutable("~/envs/bin/python", folders, host), "/home/ada/envs/bin/python");
  assert.equal(
    resolveExecutable("${workspaceFolder}/.venv/bin/python", folders, host),
    "/work/$& shop/.venv/bin/python",
  );
  assert.equal(resolveExecutable("env/bin/python", folders, host), "/work/$& shop/env/bin/python");
  assert.equal(resolveExecutable("/opt/python", folders, host), "/opt/python");
  assert.equal(resolveExecutable("uv", folders, host), "/usr/bin/uv");
  assert.equal(resolveExecutable("uvx", folders, host), undefined);
  assert.equal(resolveExecutable("~ada/python", [], host), "/home/ada/~ada/python");
});

test("this machine tells files from folders, and has no relative search path", () => {
  const folder = mkdtempSync(join(tmpdir(), "migration-ls-"));
  try {
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "folder"));
    const host = thisHost();
    assert.equal(host.isFile(join(folder, "file")), true);
    assert.equal(host.isFile(join(folder, "folder")), false);
    assert.equal(host.isFile(join(folder, "nothing")), false);
    assert.ok(host.searchPath.length > 0 && host.searchPath.every((directory) => isAbsolute(directory)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
