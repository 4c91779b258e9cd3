// Writes `contributes.configuration` of package.json from the server's settings (settings.schema.json) and the
// client's own (client-settings.json). With --check it writes nothing, and fails where they differ.

import { readFileSync, writeFileSync } from "node:fs";
import { configurationOf } from "./configuration.mjs";

const read = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));

const manifest = read("package.json");
const configuration = configurationOf(read("settings.schema.json"), read("client-settings.json"));

if (process.argv.includes("--check")) {
  if (JSON.stringify(manifest.contributes.configuration) !== JSON.stringify(configuration)) {
    console.error("The settings in package.json are not those of settings.schema.json: run `npm run settings`");
    process.exit(1);
  }
} else {
  manifest.contributes.configuration = configuration;
  writeFileSync(new URL("../package.json", import.meta.url), `${JSON.stringify(manifest, null, 2)}\n`);
}
