import { type Machine, MachineHealth } from "@mycloud/protocol/machine";
import { Overview } from "@mycloud/protocol/overview";
import { Session } from "@mycloud/protocol/session";
import { Command } from "commander";
import { z } from "zod";
import { connect, parseAnswer } from "../client/index.ts";
import {
  addInstanceOptions,
  type Column,
  flagsOf,
  formatAge,
  type Paint,
  paintFor,
  printable,
  printFields,
  printJson,
  printTable,
  type Terminal,
  write,
} from "../command-line/index.ts";
import { listMachines } from "../machine-choice/index.ts";

/** `mycloud status`: the overview in a few lines. */
export function createStatusCommand(terminal: Terminal): Command {
  const command = new Command("status").description(
    "Show hosts and services by state, agents and mail in a few lines.",
  );
  addInstanceOptions(command);
  return command.action(async () => {
    const flags = flagsOf(command);
    const client = await connect(terminal, flags);
    const answer = await client.request("GET", "/api/v1/overview");
    const { user } = parseAnswer(Session, await client.request("GET", "/api/v1/session"));
    // Somebody's own machines are few; an installation's are the business of `host list`.
    const machines = user.customer === null ? null : await listMachines(client);
    if (flags.json) {
      const more = machines === null ? { you: user } : { you: user, machines };
      return printJson(terminal, { ...parseAnswer(z.looseObject({}), answer), ...more });
    }
    const { hosts, services, agents, ingest, notifications, ...overview } = parseAnswer(Overview, answer);
    const mail = notifications.isMailConfigured ? "configured" : "not configured: nobody is told by mail";
    await printFields(terminal, [
      ["control plane", client.instance.url],
      ["you", describe(user)],
      ...(machines === null ? [] : [machinesField(machines)]),
      [
        "hosts",
        counted(hosts.total, {
          UP: hosts.up,
          DOWN: hosts.down,
          UNREACHABLE: hosts.unreachable,
          STALE: hosts.stale,
          PENDING: hosts.pending,
        }),
      ],
      [
        "services",
        counted(services.total, {
          OK: services.ok,
          WARNING: services.warning,
          CRITICAL: services.critical,
          UNKNOWN: services.unknown,
          STALE: services.stale,
          PENDING: services.pending,
        }),
      ],
      ["problems", `${overview.unhandledProblems} unhandled, ${overview.handledProblems} handled`],
      ["agents", `${agents.connected} of ${agents.total} connected`],
      ["results", `${ingest.resultsPerSecond.toFixed(1)}/s`],
      ["mail", `${mail}; ${notifications.queued} waiting, ${notifications.dead} given up`],
    ]);
    if (machines === null || machines.length === 0) return;
    await write(terminal.stdout, "\n");
    await printTable(terminal, machineColumns(paintFor(terminal), terminal.now()), machines, "");
  });
}

function counted(total: number, states: Readonly<Record<string, number>>): string {
  const parts = Object.entries(states).filter(([, count]) => count > 0);
  return `${total}${parts.length > 0 ? `: ${parts.map(([state, count]) => `${count} ${state}`).join(", ")}` : ""}`;
}

function describe({ name, email, role, customer }: Session["user"]): string {
  // A login's name is the token's, which says less than whose it is.
  return `${email ?? name}, ${role}${customer === null ? "" : ` of ${customer}`}`;
}

function machinesField(machines: readonly Machine[]): readonly ["machines", string] {
  if (machines.length === 0)
    return ["machines", "none yet; mycloud enrolment create makes the command that enrols one"];
  const count = (health: Machine["health"]) => machines.filter((machine) => machine.health === health).length;
  const counts = Object.fromEntries(MachineHealth.options.map((health) => [health, count(health)]));
  return ["machines", counted(machines.length, counts)];
}

const healthStyles = { good: "green", attention: "yellow", bad: "red", unknown: "dim" } as const;

/** One line each, in plain words. */
function machineColumns(paint: Paint, nowMs: number): Column<Machine>[] {
  return [
    { heading: "MACHINE", cell: ({ hostName }) => printable(hostName) },
    { heading: "IS", cell: ({ health }) => paint(healthStyles[health], health) },
    {
      heading: "SEEN",
      cell: ({ isOnline, lastSeenAtMs }) => (isOnline ? "now" : formatAge(lastSeenAtMs, nowMs)),
      align: "right",
    },
    { heading: "BACKUPS", cell: ({ sentence }) => printable(sentence) },
  ];
}
