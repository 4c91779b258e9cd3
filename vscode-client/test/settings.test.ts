import assert from "node:assert/strict";
import { test } from "node:test";
import { configurationOf } from "../scripts/configuration.mjs";
import { commandSetting, interpreterSetting, serverSettings } from "../src/settings";

test("the server is told what is set, and nothing of the client's own", () => {
  const section = {
    postgres: 16,
    current: null,
    "wraps-in-transaction": false,
    "external-tables": [],
    interpreter: "/usr/bin/python3",
    command: [],
    trace: { server: "verbose" },
    get: () => undefined,
  };
  assert.deepEqual(serverSettings(section), { postgres: 16, "wraps-in-transaction": false, "external-tables": [] });
});

test("settings that are no object are none", () => {
  for (const section of [undefined, null, 3, "text", ["list"]]) {
    assert.deepEqual(serverSettings(section), {});
  }
});

test("client settings of a wrong kind count as not set", () => {
  assert.equal(interpreterSetting(" python3 "), "python3");
  assert.equal(interpreterSetting(null), "");
  assert.deepEqual(commandSetting(["uv", "run", "migration-ls"]), ["uv", "run", "migration-ls"]);
  for (const value of [undefined, [], "uv run", ["", "serve"], ["uv", 3]]) {
    assert.deepEqual(commandSetting(value), []);
  }
});

test("the settings page has what the schema says, not set unless the user sets it", () => {
  const schema = {
    $defs: { Table: { type: "object", title: "Table", properties: { title: { type: "string", title: "Title" } } } },
    properties: {
      postgres: { type: "integer", minimum: 13, default: 15, title: "Postgres", description: "The major version." },
      "base-ref": { anyOf: [{ type: "string" }, { type: "null" }], default: null, description: "A reference." },
      style: { const: "psql", type: "string", default: "psql", description: "The runner." },
      tables: { type: "object", additionalProperties: { $ref: "#/$defs/Table" }, description: "Tables." },
    },
  };
  const client = { command: { type: "array", default: [] } };
  assert.deepEqual(configurationOf(schema, client), {
    title: "migration-ls",
    properties: {
      "migration-ls.postgres": {
        order: 0,
        type: ["integer", "null"],
        minimum: 13,
        default: null,
        scope: "resource",
        markdownDescription: "The major version. Unless set here or in the project's file: `15`.",
      },
      "migration-ls.base-ref": {
        order: 1,
        type: ["string", "null"],
        default: null,
        scope: "resource",
        markdownDescription: "A reference.",
      },
      "migration-ls.style": {
        order: 2,
        type: ["string", "null"],
        enum: ["psql", null],
        default: null,
        scope: "resource",
        markdownDescription: 'The runner. Unless set here or in the project\'s file: `"psql"`.',
      },
      "migration-ls.tables": {
        order: 3,
        type: ["object", "null"],
        additionalProperties: { type: "object", properties: { title: { type: "string" } } },
        default: null,
        scope: "resource",
        markdownDescription: "Tables.",
      },
      "migration-ls.command": { order: 4, type: "array", default: [] },
    },
  });
});
