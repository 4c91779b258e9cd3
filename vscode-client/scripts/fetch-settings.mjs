// Writes settings.schema.json: the settings as the server declares them.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { developmentPython } from "./python.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const python = developmentPython(root);
if (python === undefined) {
  console.error("No Python that has migration-ls: set PYTHON to one");
  process.exit(1);
}
const program = `
import json
from migration_ls.workspace.settings import Settings
print(json.dumps(Settings.model_json_schema(by_alias=True), indent=2))
`;
writeFileSync(new URL("../settings.schema.json", import.meta.url), execFileSync(python, ["-c", program]));
