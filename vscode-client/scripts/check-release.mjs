// What must hold before a release: one version in the server, here and in the changelog; exact dependencies; a lock
// file that works with any registry.

import { readFileSync } from "node:fs";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const manifest = JSON.parse(read("../package.json"));
const lock = read("../package-lock.json");
const serverVersion = /^__version__ = "(.+)"$/m.exec(read("../../migration_ls/__init__.py"))?.[1];

const problems = [
  [manifest.version !== serverVersion, `version ${manifest.version} is not the server's, ${serverVersion}`],
  [
    !read("../CHANGELOG.md").split("\n").includes(`## ${manifest.version}`),
    `CHANGELOG.md has no section for ${manifest.version}`,
  ],
  [JSON.parse(lock).version !== manifest.version, "package-lock.json has another version: run `npm install`"],
  [/"resolved":/.test(lock), "package-lock.json names a registry: see .npmrc"],
  ...Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).map(([name, version]) => [
    !/^\d+\.\d+\.\d+$/.test(version),
    `${name} is not pinned exactly: ${version}`,
  ]),
]
  .filter(([isBroken]) => isBroken)
  .map(([, problem]) => problem);

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
