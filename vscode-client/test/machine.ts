import type { Host } from "../src/host";

/** A Unix machine that has the given files, for the choices that depend on what is there. */
export function machineWith(...files: readonly string[]): Host {
  return {
    platform: "linux",
    home: "/home/ada",
    searchPath: ["/usr/local/bin", "/usr/bin"],
    isFile: (path) => files.includes(path),
  };
}
