import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { probeInterpreter, readAnswer } from "../src/probe";

test("an answer is read from what was printed", () => {
  assert.deepEqual(readAnswer("3.11 yes\n"), { kind: "ready" });
  assert.deepEqual(readAnswer("3.14 no\r\n"), { kind: "package-missing" });
  assert.deepEqual(readAnswer("3.10 yes\n"), { kind: "too-old", version: "3.10" });
  assert.deepEqual(readAnswer("2.7 no\n"), { kind: "too-old", version: "2.7" });
  assert.deepEqual(readAnswer("a start-up file prints this\n4.0 yes\n"), { kind: "ready" });
  assert.equal(readAnswer("Python was not found"), undefined);
  assert.equal(readAnswer(""), undefined);
});

test("what is no interpreter is broken, with the reason", async () => {
  const missing = await probeInterpreter(join(tmpdir(), "no", "python"), tmpdir());
  assert.ok(missing.kind === "broken");
  assert.match(missing.reason, /ENOENT/);
  // Node takes `-c` for its own option and runs none of the question
  const other = await probeInterpreter(process.execPath, tmpdir());
  assert.ok(other.kind === "broken" && other.reason !== "");
});

test("an interpreter that fails is broken, with the last line it wrote", {
  skip: process.platform === "win32",
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "migration-ls-"));
  try {
    const script = join(folder, "python");
    writeFileSync(script, "#!/bin/sh\necho first >&2\necho 'no module named encodings' >&2\nexit 1\n", { mode: 0o755 });
    assert.deepEqual(await probeInterpreter(script, folder), { kind: "broken", reason: "no module named encodings" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
