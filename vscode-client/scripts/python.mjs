// The Python that the scripts and tests use: PYTHON, else the virtual environment of the repository.

import { existsSync } from "node:fs";
import { join } from "node:path";

/** Its path; undefined where there is none. `root` is the folder of the extension. */
export function developmentPython(root) {
  const python = process.platform === "win32" ? join("Scripts", "python.exe") : join("bin", "python");
  return [process.env.PYTHON, join(root, "..", ".venv", python)].find((path) => path && existsSync(path));
}
