import assert from "node:assert/strict";
import { test } from "node:test";
import { interpreterCandidates } from "../src/interpreter";
import { machineWith } from "./machine";

const SHOP = "/srv/shop/.venv/bin/python";

test("the setting stands alone", () => {
  const host = machineWith(SHOP, "/usr/bin/python3");
  const sources = { setting: "~/python", active: SHOP, folders: ["/srv/shop"] };
  assert.deepEqual(interpreterCandidates(sources, host), [{ path: "/home/ada/python", origin: "setting" }]);
});

test("a setting that names nothing is kept as written, so that the message can name it", () => {
  const sources = { setting: "pyhton", active: undefined, folders: [] };
  assert.deepEqual(interpreterCandidates(sources, machineWith()), [{ path: "pyhton", origin: "setting" }]);
});

test("the Python extension comes before the workspace, and the workspace before the search path", () => {
  const host = machineWith("/envs/a/bin/python", SHOP, "/work/two/backend/.venv/bin/python", "/usr/bin/python");
  const sources = { setting: "", active: "/envs/a/bin/python", folders: ["/srv/shop", "/work/two"] };
  assert.deepEqual(
    interpreterCandidates(sources, host).map(({ path, origin }) => `${origin} ${path}`),
    [
      "python-extension /envs/a/bin/python",
      `workspace ${SHOP}`,
      "workspace /work/two/backend/.venv/bin/python",
      "path /usr/bin/python",
    ],
  );
});

test("an interpreter that two sources name is tried once", () => {
  const sources = { setting: "", active: SHOP, folders: ["/srv/shop"] };
  assert.deepEqual(interpreterCandidates(sources, machineWith(SHOP)), [{ path: SHOP, origin: "python-extension" }]);
});

test("nothing that does not exist is tried", () => {
  const sources = { setting: "", active: "/gone/bin/python", folders: ["/srv/shop"] };
  assert.deepEqual(interpreterCandidates(sources, machineWith()), []);
});

test("on Windows environments keep their interpreter in Scripts", () => {
  const host = {
    ...machineWith(),
    platform: "win32" as const,
    isFile: (path: string) => /Scripts.python\.exe$/.test(path),
  };
  const [first] = interpreterCandidates({ setting: "", active: undefined, folders: ["/srv/shop"] }, host);
  assert.match(first?.path ?? "", /\.venv.Scripts.python\.exe$/);
});
