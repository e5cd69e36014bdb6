import type { GrafanaSeries } from "@mycloud/protocol/grafana-data";
import type { Problem } from "@mycloud/protocol/problem";
import { consoleLink } from "../notification/mail/console-link.ts";
import type { Columns, Table } from "./table.ts";

const columns = {
  since: "time",
  host: "string",
  service: "string",
  state: "string",
  stateType: "string",
  output: "string",
  isHandled: "boolean",
  isAcknowledged: "boolean",
  isInDowntime: "boolean",
  businessImpact: "number",
  url: "string",
} satisfies Columns;

/** Open problems as rows, each with its page in the console. Pure. */
export function tabulateProblems(problems: readonly Problem[], publicUrl: string): Table {
  const rows = problems.map((problem) => ({
    since: problem.startedAtMs,
    host: problem.hostName,
    service: problem.serviceName ?? "",
    state: problem.state,
    stateType: problem.stateType,
    output: problem.output,
    isHandled: problem.isAcknowledged || problem.isInDowntime || problem.isHostDown,
    isAcknowledged: problem.isAcknowledged,
    isInDowntime: problem.isInDowntime,
    businessImpact: problem.businessImpact,
    url: consoleLink(publicUrl, problem.hostId, problem.serviceId),
  }));
  return { columns, rows };
}

/** How many problems there are at present, as lines of one point. Pure. */
export function countSeries(counts: { readonly unhandled: number; readonly handled: number }, atMs: number) {
  return Object.entries(counts).map(([target, count]): GrafanaSeries => ({ target, datapoints: [[count, atMs]] }));
}
