import { AvailabilityAnswer, type AvailabilityFigures } from "@mycloud/protocol/availability";
import { Command } from "commander";
import { connect, parseAnswer } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  type Column,
  CommandError,
  flagsOf,
  formatDuration,
  formatInstant,
  parseDurationMs,
  parseInstantMs,
  printable,
  printJson,
  printTable,
  remark,
  type Terminal,
  wholeNumber,
  write,
} from "../command-line/index.ts";

interface AvailabilityFlags {
  readonly host?: string;
  readonly service?: string;
  readonly group?: string;
  readonly serviceGroup?: string;
  readonly selector?: string;
  readonly only?: string;
  readonly last?: string;
  readonly from?: string;
  readonly until?: string;
  readonly period?: string;
  readonly soft?: boolean;
  readonly csv?: boolean;
  readonly limit: number;
}

/** `mycloud availability`. */
export function createAvailabilityCommand(terminal: Terminal): Command {
  const command = new Command("availability")
    .description("Say for what share of a time hosts and services were in which state, with downtime both ways.")
    .option("--host <HOST>", "only this host (wildcards * and ?) and its services")
    .option("--service <SERVICE>", "only services of this name (wildcards * and ?)")
    .option("--group <GROUP>", "only hosts of this group and their services")
    .option("--service-group <NAME>", "only services of this service group")
    .option("--selector <JSON>", "only what this selector covers")
    .option("--only <KIND>", "hosts or services")
    .option("--last <DURATION>", "the last 24h, 30d, ... (default: 24h)")
    .option("--from <TIME>", "from this time on: 2026-11-01T00:00Z")
    .option("--until <TIME>", "until this time (default: now)")
    .option("--period <NAME>", "count only times in this time period, such as office hours")
    .option("--soft", "count SOFT states as well")
    .option("--csv", "as CSV; every object, unless --limit is given")
    .option("--limit <N>", "at most N objects", wholeNumber(1, 1000), 200);
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud availability --group web --last 30d", "the last 30 days of a group"],
    [
      "mycloud availability --host db1 --service disk --from 2026-11-01T00:00Z --period office-hours",
      "in office hours",
    ],
    ["mycloud availability --last 7d --csv > week.csv", "for a spreadsheet"],
  ]);
  return command.action(async () => {
    const flags = flagsOf<AvailabilityFlags>(command);
    const query = queryOf(flags, terminal.now());
    const client = await connect(terminal, flags);
    if (flags.csv) {
      const isLimited = command.getOptionValueSource("limit") === "cli";
      const response = await client.open("/api/v1/availability.csv", {
        query: isLimited ? query : { ...query, all: "true" },
      });
      // A fleet's report has no bound: it goes out as it comes in.
      for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? [])
        await write(terminal.stdout, piece);
      return isLimited ? remarkOnRest(terminal, Number(response.headers.get("x-total-count")), flags.limit) : undefined;
    }
    const answer = await client.request("GET", "/api/v1/availability", { query });
    if (flags.json) return printJson(terminal, answer);
    const report = parseAnswer(AvailabilityAnswer, answer);
    await remark(terminal, `${formatInstant(report.fromMs)} to ${formatInstant(report.untilMs)}`);
    const rows: Row[] = [
      ...report.data.map((object) => ({ ...object, host: object.hostName, service: object.serviceName ?? "-" })),
      ...report.summaries.map((summary) => ({ ...summary, host: `all ${summary.count}`, service: summary.kind })),
    ];
    await printTable(terminal, columns, rows, "nothing matches");
    await remarkOnRest(terminal, report.total, flags.limit);
  });
}

type Row = AvailabilityFigures & { readonly host: string; readonly service: string };

const percent = (ratio: number | null) => (ratio === null ? "-" : `${(Math.floor(ratio * 1e5) / 1e3).toFixed(3)}%`);
const share = (row: Row, states: readonly (keyof Row["states"])[]) => {
  const lengthMs = states.reduce((sum, state) => sum + (row.states[state]?.durationMs ?? 0), 0);
  return lengthMs === 0 ? "-" : formatDuration(lengthMs);
};

const columns: readonly Column<Row>[] = [
  { heading: "HOST", cell: (row) => printable(row.host) },
  { heading: "SERVICE", cell: (row) => printable(row.service) },
  { heading: "OK", cell: (row) => percent(row.ratios.plain), align: "right" },
  { heading: "DOWNTIME AS OK", cell: (row) => percent(row.ratios.downtimeAsOk), align: "right" },
  { heading: "WITHOUT DOWNTIME", cell: (row) => percent(row.ratios.downtimeExcluded), align: "right" },
  { heading: "WARNING", cell: (row) => share(row, ["WARNING"]), align: "right" },
  { heading: "CRITICAL/DOWN", cell: (row) => share(row, ["CRITICAL", "DOWN"]), align: "right" },
  { heading: "UNKNOWN/UNREACHABLE", cell: (row) => share(row, ["UNKNOWN", "UNREACHABLE"]), align: "right" },
  { heading: "BLIND", cell: (row) => (row.blindMs === 0 ? "-" : formatDuration(row.blindMs)), align: "right" },
];

function queryOf(flags: AvailabilityFlags, nowMs: number): Record<string, string | undefined> {
  const { from, until, last } = flags;
  if (from !== undefined && last !== undefined) throw new CommandError("usage", "give --from or --last, not both");
  if (flags.only !== undefined && !["hosts", "services"].includes(flags.only)) {
    throw new CommandError("usage", `--only is "${flags.only}"; write hosts or services`);
  }
  const untilMs = until === undefined ? nowMs : instantOf("--until", until, nowMs);
  const lengthMs = parseDurationMs(last ?? "24h");
  if (lengthMs === undefined || lengthMs === 0) {
    throw new CommandError("usage", `--last is "${last}"; write a length of time such as 24h or 30d`);
  }
  const fromMs = from === undefined ? untilMs - lengthMs : instantOf("--from", from, nowMs);
  return {
    fromMs: String(fromMs),
    untilMs: String(untilMs),
    host: flags.host,
    service: flags.service,
    group: flags.group,
    serviceGroup: flags.serviceGroup,
    selector: flags.selector,
    only: flags.only,
    period: flags.period,
    soft: flags.soft === true ? "true" : undefined,
    perPage: String(flags.limit),
  };
}

function instantOf(flag: string, text: string, nowMs: number): number {
  const atMs = parseInstantMs(text, nowMs);
  if (atMs === undefined)
    throw new CommandError("usage", `${flag} is "${text}"; write a time such as 2026-11-01T00:00Z`);
  return atMs;
}

async function remarkOnRest(terminal: Terminal, total: number, limit: number): Promise<void> {
  if (total > limit) await remark(terminal, `showing ${limit} of ${total}; --limit shows more`);
}
