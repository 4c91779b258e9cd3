import { ConfigurationTarget, commands, type LogOutputChannel, Uri, window, workspace } from "vscode";
import type { FailureMessage, WayOut } from "./failure";
import { hasPythonExtension } from "./pythonExtension";
import { interpreterSetting, SECTION } from "./settings";

/** Shows a failure with its buttons, and does what the pressed one says. */
export async function showFailure(failure: FailureMessage, extensionUri: Uri, output: LogOutputChannel): Promise<void> {
  const chosen = await window.showErrorMessage(failure.text, ...failure.waysOut);
  if (chosen !== undefined) {
    await takeWayOut(chosen, extensionUri, output);
  }
}

async function takeWayOut(way: WayOut, extensionUri: Uri, output: LogOutputChannel): Promise<void> {
  switch (way) {
    case "Select interpreter":
      return selectInterpreter();
    case "Open settings":
      await commands.executeCommand("workbench.action.openSettings", `${SECTION}.command`);
      return;
    case "How to install":
      await commands.executeCommand("markdown.showPreview", Uri.joinPath(extensionUri, "INSTALL.md"));
      return;
    case "Open output":
      output.show();
      return;
  }
}

/** Lets the Python extension ask, or, where it is absent or the setting overrules it, asks for a file. */
async function selectInterpreter(): Promise<void> {
  const configuration = workspace.getConfiguration(SECTION);
  if (hasPythonExtension() && interpreterSetting(configuration.get("interpreter")) === "") {
    await commands.executeCommand("python.setInterpreter");
    return;
  }
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const files = await window.showOpenDialog({
    title: "Python that has migration-ls",
    openLabel: "Select",
    ...(folder === undefined ? {} : { defaultUri: folder }),
  });
  const file = files?.[0];
  if (file !== undefined) {
    const target = folder === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
    await configuration.update("interpreter", file.fsPath, target);
  }
}
