import { type ExtensionContext, type LogOutputChannel, window, workspace } from "vscode";
import { registerCommands } from "./commands";
import { onInterpreterChanged } from "./pythonExtension";
import { Server } from "./server";
import { SECTION } from "./settings";
import { StatusItem } from "./statusItem";

let server: Server | undefined;

/** Called by the editor when something that may concern a schema is opened. */
export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel(SECTION, { log: true });
  const statusItem = new StatusItem();
  const started = new Server(context, output, statusItem);
  server = started;
  context.subscriptions.push(
    output,
    statusItem,
    ...registerCommands(started, output),
    workspace.onDidChangeConfiguration((event) => {
      if (["interpreter", "command"].some((key) => event.affectsConfiguration(`${SECTION}.${key}`))) {
        void started.restart();
      }
    }),
  );
  await started.restart();
  await followInterpreter(context, started, output);
}

/** Called by the editor before it ends; the server is given the time to end by itself. */
export async function deactivate(): Promise<void> {
  await server?.stop();
}

async function followInterpreter(context: ExtensionContext, started: Server, output: LogOutputChannel): Promise<void> {
  try {
    const subscription = await onInterpreterChanged(() => void started.restart());
    if (subscription !== undefined) {
      context.subscriptions.push(subscription);
    }
  } catch (error) {
    output.warn(`The Python extension does not tell when its interpreter changes: ${String(error)}`);
  }
}
