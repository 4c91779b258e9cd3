/** The section of the settings, and the name of everything the server and the client register. */
export const SECTION = "migration-ls";

/** Settings that only the client knows; the server refuses keys it does not know. */
const CLIENT_KEYS: ReadonlySet<string> = new Set(["interpreter", "command", "trace"]);

/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * What the server is told of the section: neither the client's own keys, nor those that are not set.
 *
 * A key that is not set in the editor is null here, and must not reach the server: there the project's own file speaks.
 */
export function serverSettings(section: unknown): { readonly [key: string]: Json } {
  const values = section === undefined ? {} : (JSON.parse(JSON.stringify(section)) as Json);
  if (values === null || typeof values !== "object" || Array.isArray(values)) {
    return {};
  }
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => value !== null && !CLIENT_KEYS.has(key)));
}

/** The setting `interpreter`, without blanks around it; empty where it is not set or no text. */
export function interpreterSetting(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}

/** The setting `command`; empty where it is not set, or not a list of texts with a command in front. */
export function commandSetting(value: unknown): readonly string[] {
  const words = Array.isArray(value) ? value : [];
  return words.every((word) => typeof word === "string") && words[0]?.trim() ? words : [];
}
