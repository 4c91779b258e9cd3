import { commands, type Disposable, type LogOutputChannel, Uri, window } from "vscode";
import type { Server } from "./server";
import { SECTION } from "./settings";
import { statusView } from "./status";

/**
 * Registers the client's own commands.
 *
 * The server's commands have other names and are registered by the language client, which forwards them.
 */
export function registerCommands(server: Server, output: LogOutputChannel): readonly Disposable[] {
  const handlers: Readonly<Record<string, (resource?: unknown) => unknown>> = {
    generate: (resource) => executeForFile(server, "generate", resource),
    verify: (resource) => executeForFile(server, "verify", resource),
    restart: () => server.restart(),
    output: () => output.show(),
    status: () => showStatus(server),
  };
  return Object.entries(handlers).map(([name, handler]) =>
    commands.registerCommand(`${SECTION}.client.${name}`, handler),
  );
}

/** Runs a server command for the file that a menu names, or the one in the active editor. */
async function executeForFile(server: Server, name: string, resource: unknown): Promise<void> {
  const uri = resource instanceof Uri ? resource : window.activeTextEditor?.document.uri;
  if (uri === undefined) {
    void window.showWarningMessage(`Open a file first: migration-ls can only ${name} for a file`);
    return;
  }
  try {
    await server.execute(`${SECTION}.${name}`, { uri: uri.toString() });
  } catch (error) {
    void window.showErrorMessage(`migration-ls could not ${name}: ${error instanceof Error ? error.message : error}`);
  }
}

async function showStatus(server: Server): Promise<void> {
  const { text, tooltip } = statusView(server.current);
  const actions = [
    { label: "$(output) Show output", command: `${SECTION}.client.output` },
    { label: "$(debug-restart) Restart server", command: `${SECTION}.client.restart` },
    { label: "$(gear) Open settings", command: "workbench.action.openSettings", argument: SECTION },
  ];
  const chosen = await window.showQuickPick(actions, {
    title: text.replace(/^\$\([^)]*\) /, ""),
    placeHolder: tooltip.replace(/\n+/g, " · "),
  });
  if (chosen !== undefined) {
    await commands.executeCommand(chosen.command, chosen.argument);
  }
}
