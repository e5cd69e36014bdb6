import { Downtime, DowntimePhase, type DowntimeRequest } from "@mycloud/protocol/downtime";
import type { ServiceSelector } from "@mycloud/protocol/selector";
import { Command } from "commander";
import { connect, parseAnswer } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  collect,
  commandGroup,
  durationMs,
  flagsOf,
  formatInstant,
  namedValue,
  parseInstantMs,
  printable,
  printJson,
  remark,
  someOf,
  type Terminal,
  wholeNumber,
} from "../command-line/index.ts";
import { listCommand } from "./list-command.ts";

/** `mycloud downtime add|list|cancel`. */
export function createDowntimeCommand(terminal: Terminal): Command {
  return commandGroup("downtime", "Plan, list and cancel downtimes.", [
    downtimeAdd(terminal),
    downtimeList(terminal),
    downtimeCancel(terminal),
  ]);
}

interface AddFlags {
  readonly host?: string[];
  readonly group?: string[];
  readonly label?: Record<string, string>;
  readonly service?: string[];
  readonly start: string;
  readonly end?: string;
  readonly for?: number;
  readonly flexible?: number;
  readonly remind?: number;
  readonly comment: string;
}

function downtimeAdd(terminal: Terminal): Command {
  const command = new Command("add")
    .description("Plan a downtime: whatever it covers tells nobody meanwhile, services added later included.")
    .option("--host <PATTERN>", "hosts, * and ? allowed; repeatable", collect)
    .option("--group <PATTERN>", "hosts of this group; repeatable", collect)
    .option("--label <NAME=VALUE>", "hosts with this label; repeatable", namedValue)
    .option("--service <PATTERN>", "only these services; repeatable. Without it hosts and all their services", collect)
    .option("--start <WHEN>", "now, +30m, or 2026-11-22T20:15 (local time unless it names a zone)", "now")
    .option("--end <WHEN>", "the same forms")
    .option("--for <DURATION>", "instead of --end: 90m, 2h, 1d", durationMs)
    .option(
      "--flexible <DURATION>",
      "each object is quiet this long from its first bad state between start and end, not before",
      durationMs,
    )
    .option("--remind <DURATION>", "say so this long before the end when something is still bad", durationMs)
    .requiredOption("-m, --comment <TEXT>", "why");
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud downtime add --host web1 --for 2h -m 'kernel update'", ""],
    ["mycloud downtime add --group db --service mariadb --start +1h --for 30m -m 'failover test'", ""],
  ]);
  return command.action(async () => {
    const flags = flagsOf<AddFlags>(command);
    const input = downtimeInput(flags, terminal.now());
    const client = await connect(terminal, flags);
    const answer = await client.request("POST", "/api/v1/downtimes", { body: input });
    if (flags.json) return printJson(terminal, answer);
    const downtime = parseAnswer(Downtime, answer);
    await remark(
      terminal,
      `downtime ${downtime.id} from ${formatInstant(downtime.startAtMs)} to ${formatInstant(downtime.endAtMs)}`,
    );
  });
}

/** Turns flags into what the API takes; throws CommandError when they leave something open. Pure. */
export function downtimeInput(flags: AddFlags, nowMs: number): DowntimeRequest {
  const selector: ServiceSelector = {
    ...(flags.host ? { hosts: flags.host } : {}),
    ...(flags.group ? { groups: flags.group } : {}),
    ...(flags.label ? { labels: flags.label } : {}),
    ...(flags.service ? { services: flags.service } : {}),
  };
  if (!flags.host && !flags.group && !flags.label) {
    throw new CommandError("usage", "which hosts? give --host, --group or --label (--host '*' means all)");
  }
  const startAtMs = instant("--start", flags.start, nowMs);
  if (flags.for !== undefined && flags.end !== undefined)
    throw new CommandError("usage", "give --end or --for, not both");
  if (flags.for === undefined && flags.end === undefined)
    throw new CommandError("usage", "until when? give --for or --end");
  const endAtMs = flags.end === undefined ? startAtMs + (flags.for ?? 0) : instant("--end", flags.end, nowMs);
  return {
    selector,
    startAtMs,
    endAtMs,
    comment: flags.comment,
    ...(flags.flexible === undefined ? {} : { isFixed: false, durationSeconds: Math.ceil(flags.flexible / 1000) }),
    ...(flags.remind === undefined ? {} : { reminderSeconds: Math.ceil(flags.remind / 1000) }),
  };
}

function instant(option: string, text: string, nowMs: number): number {
  const atMs = parseInstantMs(text, nowMs);
  if (atMs !== undefined) return atMs;
  throw new CommandError("usage", `${option} is "${text}"; write now, +30m or 2026-11-22T20:15`);
}

function downtimeList(terminal: Terminal): Command {
  return listCommand<typeof Downtime, { phase?: DowntimePhase[] }>({
    terminal,
    summary: "List downtimes, by default those that are active or to come.",
    path: "/api/v1/downtimes",
    row: Downtime,
    sort: { field: "startAtMs", order: "DESC" },
    whenEmpty: "no downtime",
    options: (command) =>
      command.option(
        "--phase <PHASE>",
        `these phases: ${DowntimePhase.options.join(", ")}`,
        someOf(DowntimePhase.options),
      ),
    filter: (flags) => ({ phase: flags.phase ?? ["pending", "active"] }),
    columns: [
      { heading: "ID", cell: (downtime) => String(downtime.id), align: "right" },
      { heading: "PHASE", cell: (downtime) => downtime.phase },
      { heading: "START", cell: (downtime) => formatInstant(downtime.startAtMs) },
      { heading: "END", cell: (downtime) => formatInstant(downtime.endAtMs) },
      { heading: "BY", cell: (downtime) => printable(downtime.authorName) },
      { heading: "COVERS", cell: (downtime) => printable(describeSelector(downtime.selector)) },
      { heading: "COMMENT", cell: (downtime) => printable(downtime.comment) },
    ],
  });
}

function describeSelector(selector: ServiceSelector): string {
  const parts = [
    ...(selector.hosts ?? []),
    ...(selector.groups ?? []).map((group) => `group ${group}`),
    ...Object.entries(selector.labels ?? {}).map(([name, value]) => `${name}=${[value].flat().join("|")}`),
  ];
  const services = selector.services ? ` / ${selector.services.join(" ")}` : "";
  const any = selector.anyOf ? ` (${selector.anyOf.map(describeSelector).join(" or ")})` : "";
  return `${parts.length === 0 ? "all" : parts.join(" ")}${services}${any}`;
}

function downtimeCancel(terminal: Terminal): Command {
  const command = new Command("cancel")
    .description("End a downtime now.")
    .argument("<ID>", "its number, as mycloud downtime list shows it", wholeNumber(1, Number.MAX_SAFE_INTEGER));
  addInstanceOptions(command);
  return command.action(async (id: number) => {
    const flags = flagsOf(command);
    const client = await connect(terminal, flags);
    const answer = await client.request("POST", `/api/v1/downtimes/${id}/cancel`);
    if (flags.json) return printJson(terminal, answer);
    await remark(terminal, `downtime ${id} cancelled`);
  });
}
