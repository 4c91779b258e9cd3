import { type Disposable, type Event, extensions, type Uri } from "vscode";

const PYTHON_EXTENSION = "ms-python.python";

/** The part of the Python extension's public interface that is used here. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
    resolveEnvironment(path: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri?: Uri } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: Event<unknown>;
  };
}

/** Whether the Python extension is installed and enabled. */
export function hasPythonExtension(): boolean {
  return extensions.getExtension(PYTHON_EXTENSION) !== undefined;
}

/** The interpreter that the Python extension has active for `resource`; undefined without the extension or one. */
export async function activeInterpreter(resource: Uri | undefined): Promise<string | undefined> {
  const api = await pythonApi();
  if (api === undefined) {
    return undefined;
  }
  const environment = await api.environments.resolveEnvironment(api.environments.getActiveEnvironmentPath(resource));
  return environment?.executable.uri?.fsPath;
}

/** Calls `listener` whenever another interpreter becomes active. Undefined without the Python extension. */
export async function onInterpreterChanged(listener: () => void): Promise<Disposable | undefined> {
  return (await pythonApi())?.environments.onDidChangeActiveEnvironmentPath(listener);
}

async function pythonApi(): Promise<PythonApi | undefined> {
  const extension = extensions.getExtension<Partial<PythonApi>>(PYTHON_EXTENSION);
  const api = await extension?.activate();
  // Versions before 2023 have no `environments`
  return api?.environments === undefined ? undefined : { environments: api.environments };
}
