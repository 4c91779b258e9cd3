import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  ConfigurationRequest,
  createProtocolConnection,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type ProtocolConnection,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { developmentPython } from "../scripts/python.mjs";
import { thisHost } from "../src/host";
import { chooseLaunch, type Launch } from "../src/launch";
import { probeInterpreter } from "../src/probe";

const root = fileURLToPath(new URL("../..", import.meta.url));
const python = developmentPython(root);
const project = mkdtempSync(join(tmpdir(), "migration-ls-"));
after(() => rmSync(project, { recursive: true }));

// A server that looks for modules in the project would run this one in place of the library's
writeFileSync(join(project, "json.py"), "raise SystemExit('code of the project was run')\n");

test("the settings are those that the server declares", {
  skip: skipWithout("migration_ls.workspace.settings"),
}, () => {
  const program =
    "import json; from migration_ls.workspace.settings import Settings; " +
    "print(json.dumps(Settings.model_json_schema(by_alias=True)))";
  const declared = JSON.parse(execFileSync(python ?? "", ["-P", "-c", program], { encoding: "utf8" }));
  const kept = JSON.parse(readFileSync(join(root, "settings.schema.json"), "utf8"));
  assert.deepEqual(kept, declared, "the server's settings changed: run `npm run settings`");
});

test("the server starts, answers and ends", {
  skip: skipWithout("migration_ls.server.main"),
  timeout: 60_000,
}, async () => {
  const server = startServer(await chosenLaunch());
  const connection = createProtocolConnection(
    new StreamMessageReader(server.process.stdout),
    new StreamMessageWriter(server.process.stdin),
  );
  connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => ({})));
  connection.onRequest(RegistrationRequest.type, () => undefined);
  connection.listen();
  try {
    const { serverInfo, capabilities } = await initialize(connection);
    assert.equal(serverInfo?.name, "migration-ls");
    assert.equal(serverInfo?.version, JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
    const commands = capabilities.executeCommandProvider?.commands ?? [];
    assert.ok(commands.includes("migration-ls.generate"), commands.join());
    assert.ok(commands.includes("migration-ls.verify"), commands.join());
    await connection.sendNotification(InitializedNotification.type, {});
    await connection.sendRequest(ShutdownRequest.type);
    const ended = once(server.process, "exit");
    await connection.sendNotification(ExitNotification.type);
    assert.deepEqual(await ended, [0, null], server.errors());
  } finally {
    connection.dispose();
    server.process.kill();
  }
});

/** Why a test that needs this module is skipped; false where it is not. */
function skipWithout(module: string): string | false {
  if (python === undefined) {
    return "no Python: neither PYTHON nor ../.venv";
  }
  // Looked for, not imported: one that is there and broken must fail
  const program = `from importlib.util import find_spec; raise SystemExit(find_spec("${module}") is None)`;
  const answer = spawnSync(python, ["-P", "-c", program], { cwd: project });
  return answer.status === 0 ? false : `${python} does not have ${module}`;
}

async function chosenLaunch(): Promise<Launch> {
  const sources = { setting: python ?? "", command: [], active: undefined, folders: [project] };
  const choice = await chooseLaunch(sources, thisHost(), (path) => probeInterpreter(path, root));
  assert.ok(choice.kind === "found", JSON.stringify(choice));
  return choice.launch;
}

function startServer({ command, args, cwd }: Launch) {
  const child = spawn(command, args, { cwd, stdio: "pipe" });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  failEarly(child, () => errors);
  return { process: child, errors: () => errors };
}

/** A server that ends by itself with an error leaves requests open for ever: say what it wrote instead. */
function failEarly(child: ChildProcess, errors: () => string): void {
  child.on("exit", (code) => {
    if (code !== 0 && code !== null) {
      throw new Error(`the server ended with ${code}: ${errors()}`);
    }
  });
}

function initialize(connection: ProtocolConnection) {
  return connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: { workspace: { configuration: true } },
    workspaceFolders: [{ uri: `file://${project}`, name: "project" }],
  });
}
