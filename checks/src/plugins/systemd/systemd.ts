import { readFileSync } from "node:fs";
import { plural } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin, PluginContext, PluginResult } from "../../plugin/plugin.ts";
import { printable } from "../../plugin/printable.ts";
import { report } from "../../plugin/report.ts";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";
import { crossedThreshold, judge, perfdataThresholds, thresholdsFrom } from "../../plugin/thresholds.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";
import { programEnvironment } from "../../program/program-environment.ts";
import { runProgram } from "../../program/run-program.ts";
import { parseShow, parseUnitNames, type UnitProperties } from "./parse-units.ts";

/** State of systemd units. */
export const systemd = {
  name: "systemd",
  summary: "failed systemd units, or the state of named ones",
  notes:
    "Without -u every failed unit counts, CRITICAL from the first. A unit named with -u must be active; one that is starting, stopping or " +
    "reloading is WARNING, any other state CRITICAL.\n" +
    "On a host where PID 1 is not systemd, such as most containers, the result is UNKNOWN and says what PID 1 is; --absent-ok makes it OK.",
  options: [
    {
      letter: "u",
      name: "unit",
      value: "UNIT",
      isRepeatable: true,
      description: "this unit must be active; `.service` may be left out",
    },
    { letter: "x", name: "exclude", value: "REGEX", isRepeatable: true, description: "failed units that do not count" },
    { letter: "w", name: "warning", value: "RANGE", description: "number of failed units" },
    { letter: "c", name: "critical", value: "RANGE", default: "0", description: "number of failed units" },
    { name: "absent-ok", description: "OK on a host without systemd" },
    { name: "systemctl", value: "PROGRAM", default: "systemctl", description: "the program to ask" },
  ],
  examples: [
    { arguments: "-u nginx -u mariadb", description: "two services" },
    { arguments: "-x '^session-' -w 0 -c 5", description: "failed units, most of them a warning only" },
  ],
  async run(options, context) {
    const pid1 = readFileSync(`${context.procRoot}/1/comm`, "utf8").trim();
    if (pid1 !== "systemd") {
      const units = options.texts("unit");
      const asked = units.length === 0 ? "" : `, so nothing is known of ${units.join(", ")}`;
      const returnCode: ReturnCode = options.isGiven("absent-ok") ? 0 : 3;
      return report("systemd", returnCode, `systemd is not running on this host (PID 1 is ${pid1})${asked}`);
    }
    const named = options.texts("unit").map((unit) => (/\.\w+$/.test(unit) ? unit : `${unit}.service`));
    return named.length === 0 ? judgeFailed(options, context) : judgeNamed(named, options, context);
  },
} satisfies Plugin;

async function judgeFailed(options: OptionValues, context: PluginContext): Promise<PluginResult> {
  const excluded = options.texts("exclude").map((text) => options.pattern("exclude", text));
  const thresholds = thresholdsFrom(options);
  const listed = await ask(options, context, [
    "list-units",
    "--state=failed",
    "--all",
    "--plain",
    "--no-legend",
    "--full",
  ]);
  if (!listed.ok) return report("systemd", 3, listed.reason);
  const failed = parseUnitNames(listed.text).filter((name) => !excluded.some((pattern) => pattern.test(name)));
  const returnCode = judge(failed.length, thresholds);
  const names = failed.length === 0 ? "" : `: ${failed.slice(0, 10).join(", ")}${failed.length > 10 ? ", ..." : ""}`;
  const text = failed.length === 0 ? "no unit has failed" : `${plural(failed.length, "unit")} failed`;
  return report("systemd", returnCode, text + crossedThreshold(returnCode, thresholds) + names, {
    perfdata: [{ label: "failed", value: failed.length, unit: "", ...perfdataThresholds(thresholds), min: 0 }],
  });
}

const PROPERTIES = "Id,LoadState,ActiveState,SubState,Result,ExecMainStatus,NRestarts,ActiveEnterTimestamp";

async function judgeNamed(
  names: readonly string[],
  options: OptionValues,
  context: PluginContext,
): Promise<PluginResult> {
  const shown = await ask(options, context, ["show", "-p", PROPERTIES, "--", ...names]);
  if (!shown.ok) return report("systemd", 3, shown.reason);
  const judged = parseShow(shown.text).map(judgeUnit);
  if (judged.length === 0) return report("systemd", 3, `systemctl knows nothing of ${names.join(", ")}`);
  judged.sort((a, b) => b.returnCode - a.returnCode);
  return report("systemd", worstOf(judged.map((one) => one.returnCode)), judged.map((one) => one.text).join("; "), {
    perfdata: judged.map((one) => ({ label: `${one.id}_restarts`, value: one.restarts, unit: "c", min: 0 })),
  });
}

function judgeUnit(unit: UnitProperties): { id: string; returnCode: ReturnCode; text: string; restarts: number } {
  const of = (name: string): string => unit.get(name) ?? "";
  const id = of("Id");
  const restarts = Number(of("NRestarts")) || 0;
  if (of("LoadState") === "not-found") return { id, returnCode: 2, text: `${id} is not installed`, restarts };
  const state = of("ActiveState");
  const isMoving = ["activating", "deactivating", "reloading"].includes(state);
  const returnCode: ReturnCode = state === "active" ? 0 : isMoving ? 1 : 2;
  const since = state === "active" && of("ActiveEnterTimestamp") !== "" ? ` since ${of("ActiveEnterTimestamp")}` : "";
  const result = of("Result");
  const why = state === "failed" && result !== "" ? `: ${result}, exit status ${of("ExecMainStatus")}` : "";
  const again = restarts > 0 ? `, restarted ${restarts} times` : "";
  return { id, returnCode, text: `${id} is ${state} (${of("SubState")})${since}${why}${again}`, restarts };
}

async function ask(
  options: OptionValues,
  context: PluginContext,
  args: readonly string[],
): Promise<{ ok: true; text: string } | { ok: false; reason: string }> {
  const outcome = await runProgram({
    file: options.requiredText("systemctl"),
    args: ["--no-pager", ...args],
    env: programEnvironment(process.env),
    signal: context.signal,
    maxStdoutBytes: 1024 * 1024,
  });
  if (outcome.isStopped) throw new StoppedWaiting("systemctl");
  if (outcome.startError !== undefined) return { ok: false, reason: "systemd runs, but there is no systemctl to ask" };
  if (outcome.exitCode !== 0) return { ok: false, reason: `systemctl failed: ${printable(outcome.stderr)}` };
  return { ok: true, text: outcome.stdout };
}
