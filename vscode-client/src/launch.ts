import { findOnPath, type Host, resolveExecutable } from "./host";
import { type Candidate, type InterpreterSources, interpreterCandidates } from "./interpreter";
import type { Probe } from "./probe";

/** How to start the server. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** The server's working directory. */
  readonly cwd: string;
}

/** Why there is no server to start. */
export type LaunchFailure =
  | { readonly kind: "command-missing"; readonly command: string }
  | { readonly kind: "python-missing" }
  | { readonly kind: "python-too-old"; readonly path: string; readonly version: string }
  | { readonly kind: "python-broken"; readonly path: string; readonly reason: string }
  | { readonly kind: "package-missing"; readonly path: string };

export type LaunchChoice =
  | { readonly kind: "found"; readonly launch: Launch }
  | { readonly kind: "failed"; readonly failure: LaunchFailure };

/** What the choice rests on. */
export interface LaunchSources extends InterpreterSources {
  /** The setting `migration-ls.command`; empty where it is not set. */
  readonly command: readonly string[];
}

const SERVE = ["serve", "--stdio"];

/**
 * Chooses how the server is started.
 *
 * The setting `migration-ls.command` is taken as it is. Otherwise the first interpreter that has the package runs it,
 * and where none has, a `migration-ls` on the search path, as `pipx` and `uv tool` put it there.
 *
 * @param probe asks one interpreter whether it can run the server.
 */
export async function chooseLaunch(
  sources: LaunchSources,
  host: Host,
  probe: (path: string) => Promise<Probe>,
): Promise<LaunchChoice> {
  const cwd = sources.folders[0] ?? host.home;
  const [executable, ...args] = sources.command;
  if (executable !== undefined) {
    const command = resolveExecutable(executable, sources.folders, host);
    return command !== undefined && host.isFile(command)
      ? { kind: "found", launch: { command, args, cwd } }
      : { kind: "failed", failure: { kind: "command-missing", command: executable } };
  }
  const failures: LaunchFailure[] = [];
  for (const candidate of interpreterCandidates(sources, host)) {
    const answer = await probe(candidate.path);
    if (answer.kind === "ready") {
      return { kind: "found", launch: { command: candidate.path, args: pythonArguments(), cwd } };
    }
    failures.push(failureOf(candidate, answer));
  }
  const installed = sources.setting === "" ? findOnPath("migration-ls", host) : undefined;
  if (installed !== undefined) {
    return { kind: "found", launch: { command: installed, args: SERVE, cwd } };
  }
  return { kind: "failed", failure: mostTelling(failures) };
}

/** `-P` keeps the working directory, the user's project, off the module search path: its code must never be run. */
function pythonArguments(): readonly string[] {
  return ["-P", "-m", "migration_ls", ...SERVE];
}

function failureOf({ path }: Candidate, answer: Exclude<Probe, { kind: "ready" }>): LaunchFailure {
  switch (answer.kind) {
    case "package-missing":
      return { kind: "package-missing", path };
    case "too-old":
      return { kind: "python-too-old", path, version: answer.version };
    case "broken":
      return { kind: "python-broken", path, reason: answer.reason };
  }
}

/** A Python that only lacks the package is nearest to working, one that does not answer is farthest. */
function mostTelling(failures: readonly LaunchFailure[]): LaunchFailure {
  const kinds: readonly LaunchFailure["kind"][] = ["package-missing", "python-too-old", "python-broken"];
  for (const kind of kinds) {
    const failure = failures.find((one) => one.kind === kind);
    if (failure !== undefined) {
      return failure;
    }
  }
  return { kind: "python-missing" };
}
