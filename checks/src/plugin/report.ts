import type { Perfdatum } from "../plugin-api/perfdata.ts";
import { type ReturnCode, serviceStateOf } from "../plugin-api/return-code.ts";
import { type PluginResult, titleOf } from "./plugin.ts";
import { printable } from "./printable.ts";

/**
 * Makes a result whose output is `TITLE STATE - text`.
 *
 *     report("load", 0, "0.06, 0.22, 0.15 on 2 CPUs").output  // "LOAD OK - 0.06, 0.22, 0.15 on 2 CPUs"
 */
export function report(
  name: string,
  returnCode: ReturnCode,
  text: string,
  more: { perfdata?: readonly Perfdatum[]; longOutput?: readonly string[] } = {},
): PluginResult {
  return {
    returnCode,
    output: printable(`${titleOf(name)} ${serviceStateOf(returnCode)} - ${text}`, 2_000),
    longOutput: (more.longOutput ?? []).map((line) => printable(line, 2_000)).join("\n"),
    perfdata: [...(more.perfdata ?? [])],
  };
}
