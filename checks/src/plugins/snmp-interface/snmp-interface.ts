import { setTimeout as sleep } from "node:timers/promises";
import type { Plugin, PluginContext } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { worstOf } from "../../plugin-api/return-code.ts";
import { SNMP_NOTES, SNMP_OPTIONS } from "../../snmp/snmp-options.ts";
import type { SnmpSession } from "../../snmp/snmp-session.ts";
import { withSession } from "../../snmp/with-session.ts";
import { ratesBetween, type TimedReading } from "./interface-rates.ts";
import type { InterfaceRow } from "./interface-row.ts";
import { judgeInterface, readInterfaceLimits } from "./judge-interface.ts";
import { readInterfaces, readInterfacesAt } from "./read-interfaces.ts";

/** Link state, traffic, errors and discards of a device's interfaces. */
export const snmpInterface = {
  name: "snmp-interface",
  summary: "link state, traffic, errors and discards of a device's interfaces, by SNMP",
  notes:
    "In the agent rates are over the time since the last run, by hand over one second. An interface named with -i must be up, else CRITICAL. Without -i every " +
    "port that is switched on is looked at, and one that is down is only mentioned. Counters of 64 bits where the device has them; when it or a counter began " +
    "anew, rates are left out once.\n" +
    `Errors alert above 1 per second (WARNING) and 10 (CRITICAL), discards above 100 and 1000, unless changed. Traffic alerts only when asked.\n${SNMP_NOTES}`,
  options: [
    ...SNMP_OPTIONS,
    {
      letter: "i",
      name: "interface",
      value: "NAME",
      isRepeatable: true,
      description: "look at this interface, by ifName, ifDescr, ifAlias or index; it must be up",
    },
    {
      letter: "w",
      name: "warning",
      value: "RANGE[%]",
      description: "traffic of the busier direction: Mbit/s, or % of the link's speed",
    },
    { letter: "c", name: "critical", value: "RANGE[%]", description: "the same, CRITICAL" },
    { name: "errors-warning", value: "RANGE", default: "1", description: "errors per second" },
    { name: "errors-critical", value: "RANGE", default: "10", description: "errors per second" },
    { name: "discards-warning", value: "RANGE", default: "100", description: "discarded packets per second" },
    { name: "discards-critical", value: "RANGE", default: "1000", description: "discarded packets per second" },
    { name: "down-ok", description: "a named interface may be down" },
  ],
  examples: [
    { arguments: "-H switch1.example.org -i Gi0/1 -w 80% -c 95%", description: "one port, by share of its speed" },
    { arguments: "-H switch1.example.org", description: "every port that is switched on" },
  ],
  async run(options, context) {
    const limits = readInterfaceLimits(options);
    const named = options.texts("interface");
    return await withSession("snmp-interface", options, context, async (session) => {
      const { before, after } = await readTwice(session, named, context);
      const missing = named.filter((name) => !after.rows.some((row) => row.names.includes(name)));
      if (missing.length > 0) return report("snmp-interface", 2, `no such interface: ${missing.join(", ")}`);
      const rows = after.rows.filter((row) =>
        named.length > 0 ? isNamed(row, named) : isWorthLooking(row, after.rows),
      );
      if (rows.length === 0) return report("snmp-interface", 3, "the device shows no interface that is switched on");
      const judged = rows
        .map((row) => judgeInterface(row, ratesBetween(before, after, row.index), limits, named.length > 0))
        .sort((a, b) => b.returnCode - a.returnCode);
      return report(
        "snmp-interface",
        worstOf(judged.map((one) => one.returnCode)),
        judged.map((one) => one.text).join("; "),
        { perfdata: judged.flatMap((one) => one.perfdata) },
      );
    });
  },
} satisfies Plugin;

const memoryKey = "snmp-interfaces";
const minimumAgeMs = 900;
const maximumAgeMs = 3_600_000;
const pauseMs = 1_000;

/** A reading and one before it, of the last run or a second ago. */
async function readTwice(
  session: SnmpSession,
  named: readonly string[],
  context: PluginContext,
): Promise<{ readonly before: TimedReading; readonly after: TimedReading }> {
  const kept = context.memory.get(memoryKey);
  const last = isReading(kept) ? kept : undefined;
  const take = async (known: TimedReading | undefined): Promise<TimedReading> => {
    const reading = await read(session, named, known, context.signal);
    const timed = { ...reading, atMs: context.now() };
    context.memory.set(memoryKey, timed);
    return timed;
  };
  const first = await take(last);
  const ageMs = last === undefined ? 0 : first.atMs - last.atMs;
  if (last !== undefined && ageMs >= minimumAgeMs && ageMs <= maximumAgeMs) return { before: last, after: first };
  await sleep(pauseMs, undefined, { signal: context.signal });
  return { before: first, after: await take(first) };
}

/** Named interfaces are asked for by the indexes they had, as long as they are still called so; else the table is walked. */
async function read(
  session: SnmpSession,
  named: readonly string[],
  known: TimedReading | undefined,
  signal: AbortSignal,
) {
  const indexes = (known?.rows ?? []).filter((row) => isNamed(row, named)).map(({ index }) => index);
  if (named.length > 0 && indexes.length >= named.length) {
    const reading = await readInterfacesAt(session, indexes, signal);
    if (reading !== null && named.every((name) => reading.rows.some((row) => row.names.includes(name)))) return reading;
  }
  return await readInterfaces(session, signal);
}

function isNamed(row: InterfaceRow, named: readonly string[]): boolean {
  return row.names.some((name) => named.includes(name));
}

/** Ports that are switched on; where the device tells of none, all but loopback. */
function isWorthLooking(row: InterfaceRow, rows: readonly InterfaceRow[]): boolean {
  if (!row.isAdminUp) return false;
  return rows.some((one) => one.isPhysical && one.isAdminUp) ? row.isPhysical : !row.isLoopback;
}

function isReading(value: unknown): value is TimedReading {
  return typeof value === "object" && value !== null && "atMs" in value && "rows" in value;
}
