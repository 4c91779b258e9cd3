// Checks that the package holds the bundle and its papers, and nothing else.

import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { name, version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
const file = `${name}-${version}.vsix`;
const listing = execFileSync("unzip", ["-Z1", file], { cwd: root, encoding: "utf8" }).trim().split("\n").sort();
const expected = [
  "[Content_Types].xml",
  "extension.vsixmanifest",
  "extension/INSTALL.md",
  "extension/LICENSE.txt",
  "extension/changelog.md",
  "extension/dist/THIRD_PARTY_NOTICES.txt",
  "extension/dist/extension.js",
  "extension/images/icon.png",
  "extension/package.json",
  "extension/readme.md",
].sort();
if (listing.join("\n") !== expected.join("\n")) {
  console.error(`${file} does not hold what it should:\n${listing.join("\n")}`);
  process.exit(1);
}
console.log(`${file}: ${listing.length} files, ${statSync(`${root}/${file}`).size} bytes`);
