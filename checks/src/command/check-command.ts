import { describePlugins, type PluginDescription } from "../plugin/describe-plugins.ts";
import type { ExecutionContext } from "../plugin/execute-plugin.ts";
import { formatHelp } from "../plugin/help.ts";
import { parseOptions } from "../plugin/parse-options.ts";
import type { Plugin, PluginResult } from "../plugin/plugin.ts";
import { runPlugin } from "../plugin/run-plugin.ts";
import { readVersion } from "../plugin/version.ts";
import { formatPerfdata } from "../plugin-api/perfdata.ts";
import { formatPluginOutput } from "../plugin-api/plugin-output.ts";
import { serviceStateOf } from "../plugin-api/return-code.ts";
import { plugins } from "../plugins/registry.ts";

/** What a command prints and ends with. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
}

const USAGE = `mycloud check: run one built-in check, as a Nagios plugin.

Usage: mycloud check NAME [OPTION...]
       mycloud check --list [--json]

  mycloud check NAME --help   options, examples and defaults of one check
  mycloud check --list        every check, with what it looks at

Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (also for an unknown check or option).
`;

/** Carries out `mycloud check ...`; `argv` is what follows `check`. */
export async function checkCommand(argv: readonly string[], context: ExecutionContext): Promise<CommandResult> {
  const [name, ...rest] = argv;
  if (name === undefined) return { exitCode: 3, stdout: USAGE };
  if (name === "--help" || name === "-h") return { exitCode: 0, stdout: USAGE };
  if (name === "--version" || name === "-V") return { exitCode: 0, stdout: `mycloud check ${readVersion()}\n` };
  if (name === "--list" || (name === "--json" && rest[0] === "--list")) {
    const descriptions = await describePlugins();
    const isJson = name === "--json" || rest.includes("--json");
    return { exitCode: 0, stdout: isJson ? `${JSON.stringify(descriptions, null, 2)}\n` : formatList(descriptions) };
  }
  const plugin = await plugins.get(name)?.();
  const wanted = plugin === undefined ? "text" : wantedForm(plugin, rest);
  // Help is no plugin output: a `|` in it stays one.
  if (plugin !== undefined && wanted === "help") return { exitCode: 0, stdout: `${formatHelp(plugin)}\n` };
  const result = await runPlugin(name, rest, context);
  return { exitCode: result.returnCode, stdout: wanted === "json" ? formatJson(name, result) : formatText(result) };
}

/** Asked of the parsed options: `--json` and `--help` may also belong to the program that `external` is to run. */
function wantedForm(plugin: Plugin, argv: readonly string[]): "help" | "json" | "text" {
  try {
    const options = parseOptions(argv, plugin.options, plugin.operands);
    return options.isGiven("help") ? "help" : options.isGiven("json") ? "json" : "text";
  } catch {
    return argv.includes("--json") ? "json" : "text";
  }
}

function formatText(result: PluginResult): string {
  const { output, longOutput } = result;
  return `${formatPluginOutput({ output, longOutput, perfdata: formatPerfdata(result.perfdata) })}\n`;
}

function formatJson(check: string, result: PluginResult): string {
  return `${JSON.stringify({ check, state: serviceStateOf(result.returnCode), ...result })}\n`;
}

function formatList(descriptions: readonly PluginDescription[]): string {
  const width = Math.max(...descriptions.map((description) => description.name.length)) + 2;
  return descriptions.map(({ name, summary }) => `${name.padEnd(width)}${summary}\n`).join("");
}
