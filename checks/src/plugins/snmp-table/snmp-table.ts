import { plural } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { crossedThreshold, judge, perfdataThresholds, type Thresholds } from "../../plugin/thresholds.ts";
import { UsageError } from "../../plugin/usage-error.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";
import { parseOid } from "../../snmp/oid.ts";
import { SNMP_NOTES, SNMP_OPTIONS } from "../../snmp/snmp-options.ts";
import { numberOf, type SnmpValue, textOf } from "../../snmp/snmp-value.ts";
import { nameOfOid } from "../../snmp/standard-names.ts";
import { walkTable } from "../../snmp/walk.ts";
import { withSession } from "../../snmp/with-session.ts";

/** Rows of any table of a device, with thresholds by column. */
export const snmpTable = {
  name: "snmp-table",
  summary: "rows of any table of a device, with thresholds by column, by SNMP",
  notes:
    "Each -o is a column; -w, -c and -r give, in the same order, what is expected of its values in every row. Rows are called by the column of -n, else by their " +
    `index. Rows without a value in a column are left out of that column. No row at all is UNKNOWN, or what -z says.\n${SNMP_NOTES}`,
  options: [
    ...SNMP_OPTIONS,
    {
      letter: "o",
      name: "column",
      value: "OID[=LABEL]",
      isRepeatable: true,
      description: "a column to judge, and what to call it",
    },
    { letter: "n", name: "name-column", value: "OID", description: "the column that rows are called by" },
    { letter: "s", name: "select", value: "REGEX", description: "only rows whose name matches" },
    { letter: "S", name: "exclude", value: "REGEX", description: "no rows whose name matches" },
    { letter: "w", name: "warning", value: "RANGE[,RANGE...]", description: "a range for each column" },
    { letter: "c", name: "critical", value: "RANGE[,RANGE...]", description: "the same, CRITICAL" },
    {
      letter: "r",
      name: "ereg",
      value: "REGEX",
      isRepeatable: true,
      description: "for each column, an expression its values must match, else CRITICAL; empty: none",
    },
    { name: "rows", value: "RANGE", description: "how many rows there must be, else CRITICAL" },
    { letter: "z", name: "no-rows", value: "0-3", description: "state when there is no row; UNKNOWN unless given" },
    { name: "maximum-rows", value: "N", default: "1000", description: "give up on a table with more rows" },
  ],
  examples: [
    {
      arguments: "-H nas1.example.org -n 1.3.6.1.4.1.6574.2.1.1.2 -o 1.3.6.1.4.1.6574.2.1.1.6=temperature -w 50 -c 60",
      description: "the temperature of every disk",
    },
    {
      arguments: "-H gw.example.org -n 1.3.6.1.2.1.15.3.1.7 -o 1.3.6.1.2.1.15.3.1.2=peer -r '^6$' --rows 2:",
      description: "BGP peers, all of them established, and at least two",
    },
  ],
  async run(options, context) {
    const columns = readColumns(options);
    const nameColumn = options.text("name-column");
    const nameOid = nameColumn === undefined ? undefined : parseOid(nameColumn);
    const select = options.text("select");
    const exclude = options.text("exclude");
    const isSelected = select === undefined ? undefined : options.pattern("select", select);
    const isExcluded = exclude === undefined ? undefined : options.pattern("exclude", exclude);
    const rowsRange = options.range("rows");
    const rowLimit = options.number("maximum-rows", { min: 1, max: 100_000, isInteger: true }) ?? 1_000;
    const nullCode = options.number("no-rows", { min: 0, max: 3, isInteger: true });
    return await withSession("snmp-table", options, context, async (session) => {
      const oids = [...columns.map(({ oid }) => oid), ...(nameOid === undefined ? [] : [nameOid])];
      const table = await walkTable(session, oids, context.signal, { rows: rowLimit, seconds: 60 });
      const rows = [...table]
        .map(([index, values]) => ({
          values,
          name: (nameOid === undefined ? null : textOf(values.get(nameOid))) || index,
        }))
        .filter(({ name }) => (isSelected?.test(name) ?? true) && !(isExcluded?.test(name) ?? false));
      const count = rowsRange === undefined ? 0 : judge(rows.length, { critical: rowsRange });
      if (rows.length === 0) {
        const code: ReturnCode = nullCode === 0 || nullCode === 1 || nullCode === 2 ? nullCode : 3;
        return report("snmp-table", worstOf([code, count]), "no such row");
      }
      const cells = rows.flatMap(({ name, values }) =>
        columns.flatMap((column) => judgeCell(name, column, values.get(column.oid))),
      );
      const bad = cells.filter(({ returnCode }) => returnCode > 0).sort((a, b) => b.returnCode - a.returnCode);
      const words =
        bad.length > 0
          ? bad.map(({ text }) => text).join("; ")
          : rows.length <= 4
            ? cells.map(({ text }) => text).join("; ")
            : "all as expected";
      return report(
        "snmp-table",
        worstOf([...cells.map(({ returnCode }) => returnCode), count]),
        `${plural(rows.length, "row")}${count > 0 ? " (critical)" : ""}: ${words}`,
        {
          perfdata: cells.flatMap(({ perfdata }) => perfdata),
          longOutput: rows.length > 4 ? cells.map(({ text }) => text) : [],
        },
      );
    });
  },
} satisfies Plugin;

interface Column {
  readonly oid: string;
  readonly label: string;
  readonly thresholds: Thresholds;
  readonly pattern: RegExp | undefined;
}

function readColumns(options: OptionValues): Column[] {
  const given = options.texts("column");
  if (given.length === 0) throw new UsageError("-o/--column OID is required, e.g. -o hrStorageUsed=used");
  const warnings = options.texts("warning").flatMap((text) => text.split(","));
  const criticals = options.texts("critical").flatMap((text) => text.split(","));
  const patterns = options.texts("ereg");
  return given.map((text, at) => {
    const equals = text.indexOf("=");
    const oid = parseOid(equals === -1 ? text : text.slice(0, equals));
    const range = (name: string, part: string | undefined) =>
      part === undefined || part === "" ? undefined : options.rangeIn(name, part);
    const pattern = patterns[at] ?? "";
    return {
      oid,
      label: equals === -1 ? nameOfOid(oid) : text.slice(equals + 1),
      thresholds: { warning: range("warning", warnings[at]), critical: range("critical", criticals[at]) },
      pattern: pattern === "" ? undefined : options.pattern("ereg", pattern),
    };
  });
}

interface JudgedCell {
  readonly returnCode: ReturnCode;
  readonly text: string;
  readonly perfdata: readonly Perfdatum[];
}

/** Empty where the row has no value in the column. Pure. */
function judgeCell(name: string, column: Column, value: SnmpValue | undefined): JudgedCell[] {
  const words = textOf(value);
  if (words === null) return [];
  const { label, thresholds, pattern } = column;
  const number = numberOf(value);
  const isJudged = thresholds.warning !== undefined || thresholds.critical !== undefined;
  const shown = `${name} ${label} ${words}`;
  if (pattern !== undefined && !pattern.test(words)) {
    return [{ returnCode: 2, text: `${shown} (critical)`, perfdata: [] }];
  }
  if (number === undefined) {
    return [{ returnCode: isJudged ? 3 : 0, text: isJudged ? `${shown} is no number` : shown, perfdata: [] }];
  }
  const returnCode = judge(number, thresholds);
  const unit = value?.kind === "counter32" || value?.kind === "counter64" ? "c" : "";
  const perfdatum = { label: `${name}_${label}`, value: number, unit, ...perfdataThresholds(thresholds) };
  return [{ returnCode, text: shown + crossedThreshold(returnCode, thresholds), perfdata: [perfdatum] }];
}
