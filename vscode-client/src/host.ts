import { statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, extname, isAbsolute, join } from "node:path";

/** What the choice of a server needs to know of the machine. */
export interface Host {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** Directories of `PATH`, in order; relative ones are left out. */
  readonly searchPath: readonly string[];
  isFile(path: string): boolean;
}

/** The machine this runs on. */
export function thisHost(): Host {
  return {
    platform: process.platform,
    home: homedir(),
    searchPath: (process.env["PATH"] ?? process.env["Path"] ?? "").split(delimiter).filter(isAbsolute),
    isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
  };
}

/** Whether commands end in `.exe` and environments keep them in `Scripts`. */
export function isWindows(host: Host): boolean {
  return host.platform === "win32";
}

/**
 * The file that `name` means on the search path.
 *
 * Looked up here, because on Windows starting a bare name would first try the server's working directory, which is
 * the user's project.
 */
export function findOnPath(name: string, host: Host): string | undefined {
  const file = isWindows(host) && extname(name) === "" ? `${name}.exe` : name;
  return host.searchPath.map((directory) => join(directory, file)).find((path) => host.isFile(path));
}

/**
 * A path or command as the user wrote it in the settings, made absolute.
 *
 * `~` and `${workspaceFolder}` are replaced, a path with a separator is relative to the first workspace folder, and a
 * bare name is looked up on the search path. Undefined where a bare name is not found.
 */
export function resolveExecutable(written: string, folders: readonly string[], host: Host): string | undefined {
  const folder = folders[0] ?? host.home;
  const path = written.replaceAll("${workspaceFolder}", () => folder).replace(/^~(?=[/\\]|$)/, () => host.home);
  if (isAbsolute(path)) {
    return path;
  }
  return /[/\\]/.test(path) ? join(folder, path) : findOnPath(path, host);
}
