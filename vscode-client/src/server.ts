import { commands, type Disposable, type ExtensionContext, type LogOutputChannel, workspace } from "vscode";
import {
  CloseAction,
  DidChangeConfigurationNotification,
  type ErrorHandler,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
} from "vscode-languageclient/node";
import { describeFailure } from "./failure";
import { thisHost } from "./host";
import { chooseLaunch, type Launch, type LaunchChoice } from "./launch";
import { probeInterpreter } from "./probe";
import { activeInterpreter } from "./pythonExtension";
import { commandSetting, interpreterSetting, SECTION, serverSettings } from "./settings";
import { readReport, type ServerState, STATUS_METHOD, type StatusReport } from "./status";
import type { StatusItem } from "./statusItem";
import { showFailure } from "./waysOut";

/** The documents that may say something about a schema. */
const DOCUMENTS = [
  "**/specs/**/*.md",
  "**/models.py",
  "**/models/**/*.py",
  "**/versions/*.py",
  "**/*.sql",
  "**/migration-ls.toml",
  "**/pyproject.toml",
].map((pattern) => ({ scheme: "file", pattern }));

const START_TIMEOUT_MS = 60_000;

/** The one language server of this window: started, stopped and restarted, one at a time. */
export class Server implements Disposable {
  private client: LanguageClient | undefined;
  private state: ServerState = { kind: "stopped" };
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: ExtensionContext,
    private readonly output: LogOutputChannel,
    private readonly statusItem: StatusItem,
  ) {}

  /** What the server is doing. */
  get current(): ServerState {
    return this.state;
  }

  /** Starts the server; where one is running, it is stopped first, and everything is looked up anew. */
  restart(): Promise<void> {
    return this.afterwards(async () => {
      await this.stopClient();
      await this.startClient();
    });
  }

  stop(): Promise<void> {
    return this.afterwards(() => this.stopClient());
  }

  dispose(): void {
    void this.stop();
  }

  /** Has the server carry out one of its commands. Rejects with the server's error. */
  async execute(command: string, argument: unknown): Promise<void> {
    const client = this.client;
    const offered = client?.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
    if (client === undefined || client.state !== State.Running) {
      throw new Error("the server is not running");
    }
    if (!offered.includes(command)) {
      throw new Error(`this version of the server has no command ${command}`);
    }
    await client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument] });
  }

  private afterwards(step: () => Promise<void>): Promise<void> {
    this.work = this.work.then(step).catch((error: unknown) => this.output.error(String(error)));
    return this.work;
  }

  private show(state: ServerState): void {
    this.state = state;
    this.statusItem.show(state);
    void commands.executeCommand("setContext", `${SECTION}.running`, state.kind === "running");
  }

  private async startClient(): Promise<void> {
    this.show({ kind: "starting" });
    const choice = await this.choose();
    if (choice.kind === "failed") {
      const message = describeFailure(choice.failure);
      this.output.error(message.text);
      this.show({ kind: "failed", reason: message.text });
      // Not awaited: the message stays until the user answers it
      void showFailure(message, this.context.extensionUri, this.output);
      return;
    }
    const words = [choice.launch.command, ...choice.launch.args].join(" ");
    this.output.info(`Starting ${words} in ${choice.launch.cwd}`);
    const client = this.createClient(choice.launch, words);
    this.client = client;
    const timer = setTimeout(() => client.serverProcess?.kill(), START_TIMEOUT_MS);
    try {
      await client.start();
    } catch {
      // The language client has shown and logged the error, and the change of its state is shown
    } finally {
      clearTimeout(timer);
    }
  }

  private async stopClient(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client?.state === State.Running) {
      await client.dispose();
    }
    this.show({ kind: "stopped" });
  }

  private async choose(): Promise<LaunchChoice> {
    const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
    const configuration = workspace.getConfiguration(SECTION, folders[0]?.uri);
    const setting = interpreterSetting(configuration.get("interpreter"));
    const command = commandSetting(configuration.get("command"));
    const isAsked = setting === "" && command.length === 0;
    const sources = {
      setting,
      command,
      active: isAsked ? await this.activeInterpreter(folders[0]?.uri) : undefined,
      folders: folders.map(({ uri }) => uri.fsPath),
    };
    return chooseLaunch(sources, thisHost(), async (path) => {
      const answer = await probeInterpreter(path, this.context.extensionPath);
      this.output.info(`${path}: ${JSON.stringify(answer)}`);
      return answer;
    });
  }

  private async activeInterpreter(resource: Parameters<typeof activeInterpreter>[0]): Promise<string | undefined> {
    try {
      return await activeInterpreter(resource);
    } catch (error) {
      this.output.warn(`The Python extension does not tell its interpreter: ${String(error)}`);
      return undefined;
    }
  }

  private createClient(launch: Launch, words: string): LanguageClient {
    const { command, args, cwd } = launch;
    const executable = { command, args: [...args], options: { cwd } };
    const client: LanguageClient = new LanguageClient(
      SECTION,
      SECTION,
      executable,
      this.clientOptions(() => client),
    );
    let report: StatusReport | undefined;
    const showRunning = () => {
      const info = client.initializeResult?.serverInfo;
      const server = `${info?.name ?? SECTION} ${info?.version ?? ""}`.trim();
      this.show({ kind: "running", server, command: words, ...(report && { report }) });
    };
    client.onNotification(STATUS_METHOD, (params: unknown) => {
      report = readReport(params) ?? report;
      if (client === this.client && client.state === State.Running) {
        showRunning();
      }
    });
    client.onDidChangeState(({ newState }) => {
      if (client !== this.client) {
        return;
      }
      if (newState === State.Running) {
        showRunning();
        return;
      }
      // A report dies with the server that sent it
      report = undefined;
      if (newState === State.Starting) {
        this.show({ kind: "starting" });
      } else if (this.state.kind === "starting" || newState === State.StartFailed) {
        this.show({ kind: "failed", reason: "migration-ls could not be started: its output tells why" });
      } else if (this.state.kind === "running") {
        this.show({ kind: "stopped" });
      }
    });
    return client;
  }

  private clientOptions(client: () => LanguageClient): LanguageClientOptions {
    let handler: ErrorHandler | undefined;
    const restarting = () => (handler ??= client().createDefaultErrorHandler());
    return {
      documentSelector: DOCUMENTS,
      outputChannel: this.output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      synchronize: { configurationSection: SECTION },
      initializationFailedHandler: () => false,
      errorHandler: {
        error: (error, message, count) => restarting().error(error, message, count),
        // A server that ends before it is up would end again
        closed: () =>
          client().state === State.Running
            ? restarting().closed()
            : { action: CloseAction.DoNotRestart, handled: true },
      },
      middleware: {
        workspace: {
          configuration: async (params, token, next) => {
            const answers = await next(params, token);
            return Array.isArray(answers)
              ? answers.map((answer: unknown, index) =>
                  params.items[index]?.section === SECTION ? serverSettings(answer) : answer,
                )
              : answers;
          },
          didChangeConfiguration: () =>
            client().sendNotification(DidChangeConfigurationNotification.type, {
              settings: { [SECTION]: serverSettings(workspace.getConfiguration(SECTION)) },
            }),
        },
      },
    };
  }
}
