/** What the server says about itself in the notification `migration-ls/status`. */
export interface StatusReport {
  readonly text: string;
  readonly tooltip: string;
  readonly severity: "ok" | "warning" | "error";
}

/** What the client knows about the server by itself. */
export type ServerState =
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly server: string; readonly command: string; readonly report?: StatusReport }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly reason: string };

/** The status item as it is shown. */
export interface StatusView {
  readonly text: string;
  readonly tooltip: string;
  readonly severity: StatusReport["severity"];
}

/** The name of the server's notification. */
export const STATUS_METHOD = "migration-ls/status";

/** The report in a notification's parameters; undefined where it has no text. An unknown severity is `ok`. */
export function readReport(params: unknown): StatusReport | undefined {
  if (params === null || typeof params !== "object" || !("text" in params) || typeof params.text !== "string") {
    return undefined;
  }
  const tooltip = "tooltip" in params && typeof params.tooltip === "string" ? params.tooltip : "";
  const severity = "severity" in params ? params.severity : undefined;
  return { text: params.text, tooltip, severity: severity === "warning" || severity === "error" ? severity : "ok" };
}

/** How a state is shown; a report of the server's takes the place of the client's own words. */
export function statusView(state: ServerState): StatusView {
  switch (state.kind) {
    case "starting":
      return { text: "$(sync~spin) migration-ls", tooltip: "migration-ls is starting", severity: "ok" };
    case "running": {
      const { report } = state;
      const about = `${state.server}\n${state.command}`;
      return {
        text: `$(database) ${report?.text || "migration-ls"}`,
        tooltip: report?.tooltip ? `${report.tooltip}\n\n${about}` : about,
        severity: report?.severity ?? "ok",
      };
    }
    case "stopped":
      return { text: "$(circle-slash) migration-ls", tooltip: "migration-ls is not running", severity: "warning" };
    case "failed":
      return { text: "$(error) migration-ls", tooltip: state.reason, severity: "error" };
  }
}
