import { join } from "node:path";
import { findOnPath, type Host, isWindows, resolveExecutable } from "./host";

/** A Python that may run the server, and who named it. */
export interface Candidate {
  readonly path: string;
  readonly origin: "setting" | "python-extension" | "workspace" | "path";
}

/** Where interpreters are looked for. */
export interface InterpreterSources {
  /** The setting `migration-ls.interpreter`; empty where it is not set. */
  readonly setting: string;
  /** What the Python extension has active, where it is installed. */
  readonly active: string | undefined;
  /** Paths of the workspace's folders. */
  readonly folders: readonly string[];
}

const ENVIRONMENTS = [".venv", "venv", join("backend", ".venv")];

/**
 * The interpreters to try, best first.
 *
 * The setting stands alone: who names an interpreter does not want another one. Without it: the Python extension's,
 * the virtual environments of the workspace folders, what the search path has. Only files that exist are given,
 * except for the setting, which is given back as written where it names nothing.
 */
export function interpreterCandidates(sources: InterpreterSources, host: Host): readonly Candidate[] {
  if (sources.setting !== "") {
    const path = resolveExecutable(sources.setting, sources.folders, host) ?? sources.setting;
    return [{ path, origin: "setting" }];
  }
  const python = isWindows(host) ? join("Scripts", "python.exe") : join("bin", "python");
  const found: readonly (Candidate | undefined)[] = [
    named(sources.active, "python-extension"),
    ...sources.folders.flatMap((folder) =>
      ENVIRONMENTS.map((environment) => named(join(folder, environment, python), "workspace")),
    ),
    ...(isWindows(host) ? ["python", "python3"] : ["python3", "python"]).map((name) =>
      named(findOnPath(name, host), "path"),
    ),
  ];
  const candidates = found.filter((candidate) => candidate !== undefined && host.isFile(candidate.path));
  return distinct(candidates as readonly Candidate[]);
}

function named(path: string | undefined, origin: Candidate["origin"]): Candidate | undefined {
  return path === undefined ? undefined : { path, origin };
}

function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter((one, index) => candidates.findIndex((other) => other.path === one.path) === index);
}
