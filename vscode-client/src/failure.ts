import type { LaunchFailure } from "./launch";
import { OLDEST_PYTHON } from "./probe";

/** What a button of a failure message does. */
export type WayOut = "Select interpreter" | "Open settings" | "How to install" | "Open output";

/** A failure as the user reads it, and the ways out of it, the likeliest first. */
export interface FailureMessage {
  readonly text: string;
  readonly waysOut: readonly WayOut[];
}

/** The words for a failed choice of a server. */
export function describeFailure(failure: LaunchFailure): FailureMessage {
  switch (failure.kind) {
    case "command-missing":
      return {
        text: `migration-ls cannot start: there is no "${failure.command}", which the setting migration-ls.command names`,
        waysOut: ["Open settings", "Open output"],
      };
    case "python-missing":
      return {
        text: `migration-ls cannot start: no Python was found, and it needs ${OLDEST_PYTHON.join(".")} or newer`,
        waysOut: ["Select interpreter", "How to install", "Open output"],
      };
    case "python-too-old":
      return {
        text: `migration-ls cannot start: ${failure.path} is Python ${failure.version}, and it needs ${OLDEST_PYTHON.join(".")} or newer`,
        waysOut: ["Select interpreter", "How to install", "Open output"],
      };
    case "python-broken":
      return {
        text: `migration-ls cannot start: ${failure.path} does not work as a Python interpreter (${failure.reason})`,
        waysOut: ["Select interpreter", "How to install", "Open output"],
      };
    case "package-missing":
      return {
        text: `migration-ls cannot start: ${failure.path} does not have the package migration-ls`,
        waysOut: ["How to install", "Select interpreter", "Open output"],
      };
  }
}
