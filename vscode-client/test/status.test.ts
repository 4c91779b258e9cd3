import assert from "node:assert/strict";
import { test } from "node:test";
import { readReport, statusView } from "../src/status";

const RUNNING = { kind: "running", server: "migration-ls 0.1.0", command: "python -m migration_ls" } as const;

test("a report of the server's is read, and one without text is not", () => {
  assert.deepEqual(readReport({ text: "PostgreSQL 16", tooltip: "12 tables", severity: "warning" }), {
    text: "PostgreSQL 16",
    tooltip: "12 tables",
    severity: "warning",
  });
  assert.deepEqual(readReport({ text: "ready", severity: "fine" }), { text: "ready", tooltip: "", severity: "ok" });
  for (const params of [null, undefined, "text", [], {}, { text: 3 }]) {
    assert.equal(readReport(params), undefined);
  }
});

test("a running server is shown in its own words, and what runs below them", () => {
  assert.deepEqual(statusView(RUNNING), {
    text: "$(database) migration-ls",
    tooltip: "migration-ls 0.1.0\npython -m migration_ls",
    severity: "ok",
  });
  const report = { text: "PostgreSQL 16", tooltip: "2 pending changes", severity: "warning" } as const;
  assert.deepEqual(statusView({ ...RUNNING, report }), {
    text: "$(database) PostgreSQL 16",
    tooltip: "2 pending changes\n\nmigration-ls 0.1.0\npython -m migration_ls",
    severity: "warning",
  });
});

test("a server that does not run is shown as such, with the reason", () => {
  assert.equal(statusView({ kind: "starting" }).severity, "ok");
  assert.equal(statusView({ kind: "stopped" }).severity, "warning");
  const failed = statusView({ kind: "failed", reason: "no Python was found" });
  assert.equal(failed.severity, "error");
  assert.match(failed.tooltip, /no Python was found/);
});
