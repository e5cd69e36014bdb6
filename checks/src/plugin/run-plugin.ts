import { plugins } from "../plugins/registry.ts";
import { type ExecutionContext, executePlugin } from "./execute-plugin.ts";
import { nearestName } from "./nearest-name.ts";
import type { PluginResult } from "./plugin.ts";
import { report } from "./report.ts";

/**
 * Runs a built-in check by name, in this process. Never throws: an unknown name, a bad option and an exception are
 * UNKNOWN with a sentence; a timeout is CRITICAL unless `-t SECONDS:STATE` says otherwise.
 */
export async function runPlugin(
  command: string,
  argv: readonly string[],
  context: ExecutionContext,
): Promise<PluginResult> {
  const load = plugins.get(command);
  if (load === undefined) {
    const near = nearestName(command, plugins.keys());
    const hint = near === undefined ? "see mycloud check --list" : `did you mean ${near}?`;
    return report("check", 3, `there is no check "${command}"; ${hint}`);
  }
  return executePlugin(await load(), argv, context);
}
