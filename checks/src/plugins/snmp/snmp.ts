import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { UsageError } from "../../plugin/usage-error.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";
import { SNMP_NOTES, SNMP_OPTIONS } from "../../snmp/snmp-options.ts";
import type { SnmpVarbind } from "../../snmp/snmp-value.ts";
import { withSession } from "../../snmp/with-session.ts";
import { type Expectation, judgeValue } from "./judge-value.ts";
import { measureRates } from "./measure-rates.ts";
import { readExpectations } from "./read-expectations.ts";

/** Single objects of a device, held against ranges or texts, as check_snmp does. */
export const snmp = {
  name: "snmp",
  summary: "values of a device by SNMP, any OID",
  notes:
    "Takes check_snmp's options. MIB files are not read (-m is refused): give numeric OIDs, or the names of the standard modules, such as sysUpTime.0 or " +
    "IF-MIB::ifHCInOctets.2. An object that the device does not have is UNKNOWN, or what -z says. Text is compared as it is; an expression that expects " +
    `Net-SNMP's quotes around it holds too. The version is 1 unless -P or the credential says otherwise.\n${SNMP_NOTES}`,
  options: [
    ...SNMP_OPTIONS,
    { letter: "o", name: "oid", value: "OID[,OID...]", isRepeatable: true, description: "what to ask for" },
    { letter: "n", name: "next", description: "ask for what comes after each OID" },
    { letter: "w", name: "warning", value: "RANGE[,RANGE...]", description: "a range for each OID" },
    { letter: "c", name: "critical", value: "RANGE[,RANGE...]", description: "the same, CRITICAL" },
    { letter: "s", name: "string", value: "TEXT", description: "the value must be TEXT, else CRITICAL" },
    { letter: "r", name: "ereg", value: "REGEX", description: "REGEX must match the value, else CRITICAL" },
    { letter: "R", name: "eregi", value: "REGEX", description: "the same, upper and lower case alike" },
    { name: "invert-search", description: "with -s, -r or -R: a match is CRITICAL" },
    {
      letter: "z",
      name: "nulloid",
      value: "0-3",
      description: "state for a missing object or an empty value; UNKNOWN unless given",
    },
    { letter: "l", name: "label", value: "TEXT[,TEXT...]", description: "what to call each value" },
    { letter: "u", name: "units", value: "TEXT[,TEXT...]", description: "what to write behind each value" },
    { letter: "D", name: "output-delimiter", value: "TEXT", default: " ", description: "what to write between values" },
    { letter: "d", name: "delimiter", value: "TEXT", description: "taken for check_snmp's sake, and not needed" },
    {
      letter: "m",
      name: "miblist",
      value: "NAMES",
      description: "refused, unless it is empty or : MIB files are not read",
    },
    { letter: "M", name: "multiplier", value: "NUMBER", description: "multiply values by it" },
    { name: "offset", value: "NUMBER", description: "add it to values" },
    { letter: "f", name: "fmtstr", value: "%.Nf", description: "write values with N decimals" },
    { letter: "O", name: "perf-oids", description: "call perfdata by OID even with -l" },
    { name: "rate", description: "judge how much values grow a second" },
    { name: "rate-multiplier", value: "NUMBER", description: "with --rate: growth in so many seconds, e.g. 60" },
  ],
  examples: [
    {
      arguments: "-H switch1.example.org -o sysUpTime.0",
      description: "one value, of a device that lets everybody read",
    },
    {
      arguments: "-H ups1.example.org -P 2c -o 1.3.6.1.2.1.33.1.2.4.0 -w 50: -c 20: -l charge -u %",
      description: "held against ranges",
    },
    { arguments: "-H gw.example.org -o ifHCInOctets.2 -P 2c --rate -w 10000000", description: "bytes a second" },
    { arguments: "-H printer.example.org -o hrPrinterStatus.1 -r '^[345]$'", description: "one of several values" },
  ],
  async run(options, context) {
    const expectations = readExpectations(options);
    const mibs = options.text("miblist") ?? "";
    if (mibs !== "" && mibs !== ":" && mibs.toLowerCase() !== "none") {
      throw new UsageError(
        `-m/--miblist is "${mibs.slice(0, 100)}"; MIB files are not read: use numeric OIDs or the built-in names, without -m`,
      );
    }
    const nullState = readNullState(options.number("nulloid", { min: 0, max: 3, isInteger: true }));
    const isRate = options.isGiven("rate");
    const multiplier = options.number("rate-multiplier", { min: 0 }) ?? 1;
    return await withSession(
      "snmp",
      options,
      context,
      async (session) => {
        const oids = expectations.map(({ oid }) => oid);
        const read = (): Promise<SnmpVarbind[]> =>
          options.isGiven("next") ? session.getNext(oids, context.signal) : session.get(oids, context.signal);
        const { values, perSecond } = isRate
          ? await measureRates(context, read)
          : { values: await read(), perSecond: undefined };
        const shown = expectations.map((expected, at) => {
          // What came after an OID is called by its own.
          const isByOid = options.isGiven("next") && expected.perfdataLabel !== expected.label;
          return isByOid ? { ...expected, perfdataLabel: values[at]?.oid ?? expected.perfdataLabel } : expected;
        });
        const judged = shown.map((expected, at) =>
          judgeOne(values[at], expected, nullState, perSecond?.[at], multiplier),
        );
        return report(
          "snmp",
          worstOf(judged.map((one) => one.returnCode)),
          judged.map((one) => one.text).join(options.text("output-delimiter") ?? " "),
          { perfdata: judged.flatMap((one) => one.perfdata) },
        );
      },
      "1",
    );
  },
} satisfies Plugin;

function judgeOne(
  varbind: SnmpVarbind | undefined,
  expected: Expectation,
  nullState: ReturnCode,
  perSecond: number | null | undefined,
  multiplier: number,
) {
  const value = varbind?.value ?? { kind: "absent" as const, value: "no such object" as const };
  if (perSecond === null && value.kind !== "absent") {
    return { returnCode: 0 as const, text: `${expected.label} no rate yet: it began anew`.trim(), perfdata: [] };
  }
  return judgeValue(
    value,
    expected,
    nullState,
    perSecond === undefined || perSecond === null ? undefined : perSecond * multiplier,
  );
}

function readNullState(given: number | undefined): ReturnCode {
  return given === 0 || given === 1 || given === 2 ? given : 3;
}
