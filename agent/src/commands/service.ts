import { Explanation, Service } from "@mycloud/protocol/service";
import { ShownServiceState } from "@mycloud/protocol/state";
import { Command } from "commander";
import { connect, findService, parseAnswer } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  commandGroup,
  flagsOf,
  formatAge,
  formatInstant,
  paintFor,
  paintState,
  printable,
  printFields,
  printJson,
  someOf,
  type Terminal,
} from "../command-line/index.ts";
import { listCommand } from "./list-command.ts";

/** `mycloud service list|show`. */
export function createServiceCommand(terminal: Terminal): Command {
  return commandGroup("service", "List and show services.", [serviceList(terminal), serviceShow(terminal)]);
}

interface ServiceListFlags {
  readonly host?: string;
  readonly state?: ShownServiceState[];
  readonly group?: string;
  readonly problem?: boolean;
  readonly search?: string;
}

function serviceList(terminal: Terminal): Command {
  const paint = paintFor(terminal);
  const command = listCommand<typeof Service, ServiceListFlags>({
    terminal,
    summary: "List services with their state and last output.",
    path: "/api/v1/services",
    row: Service,
    sort: { field: "hostName", order: "ASC" },
    whenEmpty: "no service",
    options: (list) =>
      list
        .option("--host <HOST>", "only services of this host")
        .option(
          "--state <STATE>",
          `only these states: ${ShownServiceState.options.join(", ")}`,
          someOf(ShownServiceState.options),
        )
        .option("--group <GROUP>", "only services of hosts of this group")
        .option("--problem", "only services that are not OK, or stale")
        .option("--search <WORDS>", "only services that match these words"),
    filter: (flags) => ({
      hostName: flags.host,
      state: flags.state,
      group: flags.group,
      hasProblem: flags.problem,
      q: flags.search,
    }),
    columns: [
      { heading: "HOST", cell: (service) => printable(service.hostName) },
      { heading: "SERVICE", cell: (service) => printable(service.name) },
      { heading: "STATE", cell: (service) => paintState(paint, service.state) },
      { heading: "TYPE", cell: (service) => `${service.stateType} ${service.attempt}/${service.maxCheckAttempts}` },
      { heading: "FOR", cell: (service) => formatAge(service.lastStateChangeAtMs, terminal.now()), align: "right" },
      { heading: "CHECKED", cell: (service) => formatAge(service.lastCheckAtMs, terminal.now()), align: "right" },
      { heading: "OUTPUT", cell: (service) => printable(service.output) },
    ],
  });
  return addExamples(command, [
    ["mycloud service list --host web1", "all services of a host"],
    ["mycloud service list --state CRITICAL,UNKNOWN", "by state"],
  ]);
}

function serviceShow(terminal: Terminal): Command {
  const command = new Command("show")
    .description("Show one service and why it is as it is.")
    .argument("<HOST>", "the host's name, or HOST/SERVICE")
    .argument("[SERVICE]", "the service's name");
  addInstanceOptions(command);
  return command.action(async (first: string, second: string | undefined) => {
    const { hostName, serviceName } = splitServiceName(first, second);
    const flags = flagsOf(command);
    const client = await connect(terminal, flags);
    const { raw, service } = await findService(client, hostName, serviceName);
    const answer = await client.request("GET", `/api/v1/services/${service.id}/explanation`);
    if (flags.json) return printJson(terminal, { service: raw, explanation: answer });
    await printService(terminal, service, parseAnswer(Explanation, answer));
  });
}

/** Reads `HOST SERVICE` or `HOST/SERVICE`. */
export function splitServiceName(first: string, second: string | undefined): { hostName: string; serviceName: string } {
  if (second !== undefined) return { hostName: first, serviceName: second };
  const at = first.indexOf("/");
  if (at < 1 || at === first.length - 1) {
    throw new CommandError("usage", `"${first}" names no service; write HOST SERVICE or HOST/SERVICE`);
  }
  return { hostName: first.slice(0, at), serviceName: first.slice(at + 1) };
}

async function printService(terminal: Terminal, service: Service, why: Explanation): Promise<void> {
  const now = terminal.now();
  const command =
    service.command === null ? "none: results come from outside" : [service.command, ...service.arguments].join(" ");
  await printFields(terminal, [
    ["service", printable(`${service.hostName} / ${service.name}`)],
    ["state", `${paintState(paintFor(terminal), service.state)} (${service.stateType})`],
    ["attempts", why.attempts],
    ["since", formatInstant(service.lastStateChangeAtMs)],
    ["output", printable(service.output)],
    ["perfdata", printable(service.perfdata)],
    ["why", why.thresholds.map(printable).join("; ")],
    ["check", printable(command)],
    ["checked", `${formatAge(service.lastCheckAtMs, now)}${service.lastCheckAtMs === null ? "" : " ago"}`],
    ["next check", why.nextCheckAtMs === null ? null : formatAge(why.nextCheckAtMs, now)],
    ["last OK", why.lastOk === null ? "never" : `${formatInstant(why.lastOk.atMs)}  ${printable(why.lastOk.output)}`],
    [
      "told",
      why.notified.map((entry) => `${entry.contactName} ${formatInstant(entry.atMs)} (${entry.phase})`).join(", "),
    ],
    ["nobody told", why.notNotified === null ? null : why.notNotified.message],
    ["acknowledged", service.isAcknowledged ? "yes" : null],
    ["downtime", service.isInDowntime ? "in downtime" : null],
    ["notes", service.notes],
  ]);
}
