import { type Disposable, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from "vscode";
import { type ServerState, statusView } from "./status";

/** The item in the status bar: what the server is doing, and a click away its output. */
export class StatusItem implements Disposable {
  private readonly item: StatusBarItem;

  constructor() {
    this.item = window.createStatusBarItem("migration-ls.status", StatusBarAlignment.Left);
    this.item.name = "migration-ls";
    this.item.command = "migration-ls.client.output";
  }

  show(state: ServerState): void {
    const view = statusView(state);
    this.item.text = view.text;
    this.item.tooltip = view.tooltip;
    this.item.backgroundColor =
      view.severity === "ok" ? undefined : new ThemeColor(`statusBarItem.${view.severity}Background`);
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
