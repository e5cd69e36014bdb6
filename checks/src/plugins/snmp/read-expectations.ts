import type { OptionValues } from "../../plugin/option-values.ts";
import { UsageError } from "../../plugin/usage-error.ts";
import { parseOid } from "../../snmp/oid.ts";
import { type Expectation, readTextExpectation } from "./judge-value.ts";

/** More in one check is a table: snmp-table. */
const maximumOids = 64;

/** What the options expect of each OID; lists are divided at commas, OIDs also at spaces. Throws UsageError. */
export function readExpectations(options: OptionValues): Expectation[] {
  const given = options
    .texts("oid")
    .flatMap((text) => text.split(/[,\s]+/))
    .filter((oid) => oid !== "");
  if (given.length === 0) throw new UsageError("-o/--oid OID is required, e.g. -o sysUpTime.0");
  if (given.length > maximumOids) throw new UsageError(`${given.length} OIDs are too many; at most ${maximumOids}`);
  const labels = listOf(options, "label");
  const units = listOf(options, "units");
  const warnings = listOf(options, "warning");
  const criticals = listOf(options, "critical");
  const text = readTextExpectation(options);
  const isByOid = options.isGiven("perf-oids");
  return given.map((oid, at): Expectation => {
    const label = labels[at] ?? "";
    const range = (name: string, list: readonly string[]) => {
      const part = list[at] ?? "";
      return part === "" ? undefined : options.rangeIn(name, part);
    };
    const thresholds = { warning: range("warning", warnings), critical: range("critical", criticals) };
    const isJudged = thresholds.warning !== undefined || thresholds.critical !== undefined;
    return {
      oid: parseOid(oid),
      label,
      perfdataLabel: label === "" || isByOid ? oid.replace(/^\./, "") : label,
      unit: units[at] ?? "",
      thresholds,
      text: isJudged ? undefined : text,
      multiplier: options.number("multiplier") ?? 1,
      offset: options.number("offset") ?? 0,
      decimals: readDecimals(options),
    };
  });
}

function listOf(options: OptionValues, name: string): readonly string[] {
  return options.texts(name).flatMap((text) => text.split(","));
}

function readDecimals(options: OptionValues): number | undefined {
  const format = options.text("fmtstr");
  if (format === undefined) return undefined;
  const [, decimals] = /^%\.?(\d)?f$/.exec(format) ?? [];
  if (!/^%(\.\d)?f$/.test(format)) throw options.refuse("fmtstr", format, "a format such as %.2f");
  return decimals === undefined ? 6 : Number(decimals);
}
