// Bundles the extension into dist/, with the licences of what is in it (--production: minified), or, with --test,
// the tests into out/test/.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  logLevel: "warning",
};

if (process.argv.includes("--test")) {
  rmSync(join(root, "out"), { recursive: true, force: true });
  const tests = readdirSync(join(root, "test")).filter((name) => name.endsWith(".test.ts"));
  await build({
    ...common,
    entryPoints: tests.map((name) => join("test", name)),
    outdir: "out/test",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    sourcemap: "inline",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
} else {
  const isProduction = process.argv.includes("--production");
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const { metafile } = await build({
    ...common,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    format: "cjs",
    external: ["vscode"],
    minify: isProduction,
    sourcemap: !isProduction,
    metafile: true,
    legalComments: "none",
  });
  writeFileSync(join(root, "dist", "THIRD_PARTY_NOTICES.txt"), notices(Object.keys(metafile.inputs)));
}

/** Names, versions and licence texts of the packages whose files are `inputs`. */
function notices(inputs) {
  const folders = inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]).filter(Boolean);
  return [...new Set(folders)]
    .sort()
    .map(notice)
    .join(`\n${"-".repeat(80)}\n\n`);
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  return `${name} ${version} (${license})\n\n${licenceText(join(root, folder))}\n`;
}

function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.(md|txt))?$/i.test(name));
  if (file === undefined) {
    throw new Error(`${folder} has no licence file to pass on`);
  }
  return readFileSync(join(folder, file), "utf8").trim();
}
