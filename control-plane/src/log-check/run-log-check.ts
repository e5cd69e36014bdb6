import { report } from "@mycloud/checks/plugin";
import { formatPerfdata, formatPluginOutput, formatRange } from "@mycloud/checks/plugin-api";
import type { ComputedResult } from "../computed-check/index.ts";
import { type LogStore, recordsOfHost } from "../log-store/index.ts";
import { everything } from "../scope/index.ts";
import { judgeCount, type LogCheck } from "./command.ts";
import type { CompiledLogCheck } from "./compile-log-checks.ts";

/** More are not counted. */
const mostRecords = 1_000_000;
const patienceMs = 10_000;
/** Shown behind the first line. */
const shownRecords = 5;

/** Counts, judges, and says it as a plugin does; what cannot be counted is UNKNOWN. */
export async function runLogCheck(
  store: LogStore,
  compiled: CompiledLogCheck,
  nowMs: number,
  signal: AbortSignal,
): Promise<ComputedResult> {
  const { check } = compiled;
  if (typeof check === "string") return { state: 3, output: report("log", 3, check).output };
  const question = {
    ...askedOf(check, compiled),
    fromUs: Math.floor(nowMs - check.windowMs) * 1000,
    toUs: Math.floor(nowMs) * 1000,
    signal,
    deadlineMs: patienceMs,
  };
  try {
    const { count, isComplete } = await store.count({ ...question, atMost: mostRecords });
    if (!isComplete && count < mostRecords) {
      return {
        state: 3,
        output: report("log", 3, `not all was counted within ${patienceMs / 1000} s: ${check.query}`).output,
      };
    }
    const newest =
      count === 0
        ? []
        : (await store.search({ ...question, order: "newest", limit: shownRecords, cursor: null })).records;
    return { state: judgeCount(check, count), output: outputOf(check, count, newest) };
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    return { state: 3, output: report("log", 3, `the logs cannot be read: ${why}`).output };
  }
}

/** A host's service looks at the host's own records, unless it is said otherwise. Pure. */
function askedOf({ condition, isOfAllHosts }: LogCheck, { hostName, customer }: CompiledLogCheck) {
  if (isOfAllHosts)
    return { condition, scope: customer === null ? everything : ({ kind: "customer", customer } as const) };
  const { condition: own, scope } = recordsOfHost({ hostName, customer });
  return { condition: { kind: "and", of: [own, condition] } as const, scope };
}

function outputOf(
  check: LogCheck,
  count: number,
  newest: readonly { readonly host: string; readonly service: string; readonly message: string }[],
): string {
  const { query, windowMs, warning, critical } = check;
  const state = judgeCount(check, count);
  const range = state === 2 ? critical : state === 1 ? warning : undefined;
  const crossed = range === undefined ? "" : ` (${state === 2 ? "critical" : "warning"} range ${formatRange(range)})`;
  const records = count === 1 ? "1 record" : `${count >= mostRecords ? "at least " : ""}${count} records`;
  const lines = newest.map(({ host, service, message }) => `${host} ${service}: ${message}`);
  const { output, longOutput } = report("log", state, `${records} in ${windowMs / 1000} s${crossed}: ${query}`, {
    longOutput: lines,
  });
  const perfdata = formatPerfdata([
    {
      label: "records",
      value: count,
      unit: "",
      ...(warning === undefined ? {} : { warn: formatRange(warning) }),
      ...(critical === undefined ? {} : { crit: formatRange(critical) }),
      min: 0,
    },
  ]);
  return formatPluginOutput({ output, longOutput, perfdata });
}
