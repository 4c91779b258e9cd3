import { execFile } from "node:child_process";

/** What an interpreter said about itself. */
export type Probe =
  | { readonly kind: "ready" }
  | { readonly kind: "package-missing" }
  | { readonly kind: "too-old"; readonly version: string }
  | { readonly kind: "broken"; readonly reason: string };

/** The oldest Python that the server runs on. */
export const OLDEST_PYTHON = [3, 11] as const;

const QUESTION = `
import sys
from importlib.util import find_spec
print("%d.%d" % sys.version_info[:2], "yes" if find_spec("migration_ls") else "no")
`;

const TIMEOUT_MS = 20_000;

/**
 * Asks the interpreter at `path` whether it can run the server. Never rejects.
 *
 * `directory` must not be the user's project: Python looks for modules in the directory it is started in.
 */
export function probeInterpreter(path: string, directory: string): Promise<Probe> {
  return new Promise((resolve) => {
    const options = { cwd: directory, timeout: TIMEOUT_MS, windowsHide: true };
    try {
      execFile(path, ["-c", QUESTION], options, (error, stdout, stderr) => {
        resolve(readAnswer(stdout) ?? { kind: "broken", reason: reasonOf(error, stderr) });
      });
    } catch (error) {
      resolve({ kind: "broken", reason: String(error) });
    }
  });
}

/** The meaning of the line that the interpreter printed; undefined where it is no answer. */
export function readAnswer(stdout: string): Probe | undefined {
  const answer = /^(\d+)\.(\d+) (yes|no)\s*$/m.exec(stdout);
  if (answer === null) {
    return undefined;
  }
  const [major, minor] = [Number(answer[1]), Number(answer[2])];
  if (major < OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor < OLDEST_PYTHON[1])) {
    return { kind: "too-old", version: `${major}.${minor}` };
  }
  return { kind: answer[3] === "yes" ? "ready" : "package-missing" };
}

function reasonOf(error: Error | null, stderr: string): string {
  const lastLine = stderr.trim().split(/\r?\n/).at(-1);
  return lastLine || error?.message || "it printed nothing";
}
