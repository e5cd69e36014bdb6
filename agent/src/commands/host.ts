import { Host } from "@mycloud/protocol/host";
import { ShownHostState } from "@mycloud/protocol/state";
import { Command } from "commander";
import { connect, findHost } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  commandGroup,
  flagsOf,
  formatAge,
  formatInstant,
  namedValue,
  paintFor,
  paintState,
  printable,
  printFields,
  printJson,
  remark,
  someOf,
  type Terminal,
} from "../command-line/index.ts";
import { confirm } from "./confirm.ts";
import { listCommand } from "./list-command.ts";

/** `mycloud host list|show|delete`. */
export function createHostCommand(terminal: Terminal): Command {
  return commandGroup("host", "List, show and delete hosts.", [
    hostList(terminal),
    hostShow(terminal),
    hostDelete(terminal),
  ]);
}

interface HostListFlags {
  readonly state?: ShownHostState[];
  readonly group?: string;
  readonly label?: Record<string, string>;
  readonly problem?: boolean;
  readonly search?: string;
}

function hostList(terminal: Terminal): Command {
  const paint = paintFor(terminal);
  const command = listCommand<typeof Host, HostListFlags>({
    terminal,
    summary: "List hosts with their state and how their services are.",
    path: "/api/v1/hosts",
    row: Host,
    sort: { field: "name", order: "ASC" },
    whenEmpty: "no host",
    options: (list) =>
      list
        .option(
          "--state <STATE>",
          `only these states: ${ShownHostState.options.join(", ")}`,
          someOf(ShownHostState.options),
        )
        .option("--group <GROUP>", "only hosts of this group")
        .option("--label <NAME=VALUE>", "only hosts with this label; repeatable", namedValue)
        .option("--problem", "only hosts that are not UP")
        .option("--search <WORDS>", "only hosts that match these words"),
    filter: (flags) => ({
      state: flags.state,
      group: flags.group,
      label: flags.label,
      hasProblem: flags.problem,
      q: flags.search,
    }),
    columns: [
      { heading: "HOST", cell: (host) => printable(host.name) },
      { heading: "STATE", cell: (host) => paintState(paint, host.state) },
      { heading: "FOR", cell: (host) => formatAge(host.lastStateChangeAtMs, terminal.now()), align: "right" },
      { heading: "SERVICES", cell: (host) => String(host.serviceCounts.total), align: "right" },
      { heading: "NOT OK", cell: (host) => String(host.serviceCounts.total - host.serviceCounts.ok), align: "right" },
      { heading: "AGENT", cell: (host) => describeAgent(host) },
      { heading: "OUTPUT", cell: (host) => printable(host.output) },
    ],
  });
  return addExamples(command, [
    ["mycloud host list", "all hosts"],
    ["mycloud host list --problem", "those that are not UP"],
    ["mycloud host list --label env=prod --json", "as JSON, for scripts"],
  ]);
}

function describeAgent(host: Host): string {
  if (host.agent === null) return "-";
  return host.agent.isRevoked ? "revoked" : host.agent.version;
}

function hostShow(terminal: Terminal): Command {
  const command = new Command("show").description("Show one host.").argument("<HOST>", "its name");
  addInstanceOptions(command);
  return command.action(async (name: string) => {
    const flags = flagsOf(command);
    const { raw, host } = await findHost(await connect(terminal, flags), name);
    if (flags.json) return printJson(terminal, raw);
    const { serviceCounts: counts } = host;
    await printFields(terminal, [
      ["host", printable(host.name)],
      [
        "state",
        `${paintState(paintFor(terminal), host.state)} (${host.stateType}, attempt ${host.attempt} of ${host.maxCheckAttempts})`,
      ],
      ["since", formatInstant(host.lastStateChangeAtMs)],
      ["output", printable(host.output)],
      ["address", host.address],
      ["groups", host.groups.join(", ")],
      [
        "labels",
        Object.entries(host.labels)
          .map(([label, value]) => `${label}=${value}`)
          .join(", "),
      ],
      ["customer", host.customer],
      [
        "agent",
        host.agent === null
          ? "none"
          : `${describeAgent(host)}, last seen ${formatAge(host.agent.lastSeenAtMs, terminal.now())} ago`,
      ],
      [
        "services",
        `${counts.total}: ${counts.ok} OK, ${counts.warning} WARNING, ${counts.critical} CRITICAL, ${counts.unknown} UNKNOWN, ${counts.stale} STALE, ${counts.pending} PENDING`,
      ],
      ["acknowledged", host.isAcknowledged ? "yes" : null],
      ["downtime", host.isInDowntime ? "in downtime" : null],
      ["notes", host.notes],
    ]);
  });
}

function hostDelete(terminal: Terminal): Command {
  const command = new Command("delete")
    .description("Delete a host with its services and history, and revoke its agent.")
    .argument("<HOST>", "its name")
    .option("--dry-run", "say what would be deleted, and delete nothing")
    .option("--yes", "do not ask");
  addInstanceOptions(command);
  return command.action(async (name: string) => {
    const flags = flagsOf<{ dryRun?: boolean; yes?: boolean }>(command);
    const client = await connect(terminal, flags);
    const { host } = await findHost(client, name);
    const what = `host ${host.name} with ${host.serviceCounts.total} services and their history`;
    if (flags.dryRun) return remark(terminal, `would delete ${what}`);
    if (!flags.yes && !(await confirm(terminal, `Delete ${what}?`)))
      throw new CommandError("failed", "nothing was deleted");
    await client.request("DELETE", `/api/v1/hosts/${host.id}`);
    if (flags.json) return printJson(terminal, { deleted: { id: host.id, name: host.name } });
    await remark(terminal, `deleted ${what}`);
  });
}
