import { printJson, remark, type Terminal } from "../../command-line/index.ts";
import type { RepositorySettings } from "./repository-settings.ts";

/** Says what was done: `json` with --json, else `text` to people, and with --quiet nothing. */
export async function tellOutcome(
  terminal: Terminal,
  { isJson, isQuiet }: Pick<RepositorySettings, "isJson" | "isQuiet">,
  { json, text }: { readonly json: unknown; readonly text: string },
): Promise<void> {
  if (isJson) await printJson(terminal, json);
  else if (!isQuiet) await remark(terminal, text);
}
