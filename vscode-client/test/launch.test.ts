import assert from "node:assert/strict";
import { test } from "node:test";
import { describeFailure } from "../src/failure";
import type { Host } from "../src/host";
import { chooseLaunch, type LaunchSources } from "../src/launch";
import type { Probe } from "../src/probe";
import { machineWith } from "./machine";

const NOTHING: LaunchSources = { setting: "", command: [], active: undefined, folders: ["/srv/shop"] };
const SHOP = "/srv/shop/.venv/bin/python";
const SYSTEM = "/usr/bin/python3";

function choose(sources: Partial<LaunchSources>, host: Host, answers: Readonly<Record<string, Probe>> = {}) {
  const missing: Probe = { kind: "broken", reason: "no such file" };
  return chooseLaunch({ ...NOTHING, ...sources }, host, (path) => Promise.resolve(answers[path] ?? missing));
}

test("the first interpreter that has the package runs it, without the project on its module path", async () => {
  const answers = { [SHOP]: { kind: "package-missing" }, [SYSTEM]: { kind: "ready" } } as const;
  assert.deepEqual(await choose({}, machineWith(SHOP, SYSTEM), answers), {
    kind: "found",
    launch: { command: SYSTEM, args: ["-P", "-m", "migration_ls", "serve", "--stdio"], cwd: "/srv/shop" },
  });
});

test("the setting command is taken as it is, and no interpreter is asked", async () => {
  const command = ["uvx", "migration-ls", "serve", "--stdio"];
  assert.deepEqual(await choose({ command, setting: "python3" }, machineWith("/usr/bin/uvx")), {
    kind: "found",
    launch: { command: "/usr/bin/uvx", args: ["migration-ls", "serve", "--stdio"], cwd: "/srv/shop" },
  });
});

test("a command that is not there is a failure, not a reason to take something else", async () => {
  const choice = await choose({ command: ["nowhere/serve"] }, machineWith(SYSTEM), { [SYSTEM]: { kind: "ready" } });
  assert.deepEqual(choice, { kind: "failed", failure: { kind: "command-missing", command: "nowhere/serve" } });
});

test("where no interpreter has the package, a migration-ls on the search path serves", async () => {
  const answers = { [SYSTEM]: { kind: "package-missing" } } as const;
  assert.deepEqual(await choose({ folders: [] }, machineWith(SYSTEM, "/usr/local/bin/migration-ls"), answers), {
    kind: "found",
    launch: { command: "/usr/local/bin/migration-ls", args: ["serve", "--stdio"], cwd: "/home/ada" },
  });
});

test("a named interpreter without the package is a failure, whatever else there is", async () => {
  const host = machineWith(SHOP, SYSTEM, "/usr/bin/migration-ls");
  const answers = { [SHOP]: { kind: "package-missing" }, [SYSTEM]: { kind: "ready" } } as const;
  assert.deepEqual(await choose({ setting: SHOP }, host, answers), {
    kind: "failed",
    failure: { kind: "package-missing", path: SHOP },
  });
});

test("of several failures the one nearest to working is told", async () => {
  const host = machineWith("/old/python", SHOP, SYSTEM);
  const answers = {
    "/old/python": { kind: "too-old", version: "3.9" },
    [SYSTEM]: { kind: "package-missing" },
  } as const;
  assert.deepEqual(await choose({ active: "/old/python" }, host, answers), {
    kind: "failed",
    failure: { kind: "package-missing", path: SYSTEM },
  });
  assert.deepEqual(await choose({ active: "/old/python" }, machineWith("/old/python", SHOP), answers), {
    kind: "failed",
    failure: { kind: "python-too-old", path: "/old/python", version: "3.9" },
  });
});

test("without any interpreter the failure says so, and how to go on", async () => {
  const choice = await choose({}, machineWith());
  assert.ok(choice.kind === "failed");
  assert.deepEqual(choice.failure, { kind: "python-missing" });
  assert.deepEqual(describeFailure(choice.failure), {
    text: "migration-ls cannot start: no Python was found, and it needs 3.11 or newer",
    waysOut: ["Select interpreter", "How to install", "Open output"],
  });
});

test("every failure names what failed and leaves a way out", () => {
  const named = [
    describeFailure({ kind: "command-missing", command: "the-name" }),
    describeFailure({ kind: "python-too-old", path: "the-name", version: "3.9" }),
    describeFailure({ kind: "python-broken", path: "the-name", reason: "spawn EACCES" }),
    describeFailure({ kind: "package-missing", path: "the-name" }),
  ];
  for (const { text, waysOut } of named) {
    assert.match(text, /^migration-ls cannot start: .*the-name.*[^.]$/);
    assert.ok(waysOut.length > 1 && waysOut.at(-1) === "Open output");
  }
});
