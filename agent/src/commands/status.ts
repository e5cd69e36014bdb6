import { Overview } from "@mycloud/protocol/overview";
import { Session } from "@mycloud/protocol/session";
import { Command } from "commander";
import { z } from "zod";
import { connect, parseAnswer } from "../client/index.ts";
import { addInstanceOptions, flagsOf, printFields, printJson, type Terminal } from "../command-line/index.ts";

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
    const { data: machines } = parseAnswer(
      Machines,
      await client.request("GET", "/api/v1/hosts", { query: { perPage: "10" } }),
    );
    if (flags.json) return printJson(terminal, { ...parseAnswer(z.looseObject({}), answer), you: user });
    const { hosts, services, agents, ingest, notifications, ...overview } = parseAnswer(Overview, answer);
    const mail = notifications.isMailConfigured ? "configured" : "not configured: nobody is told by mail";
    await printFields(terminal, [
      ["control plane", client.instance.url],
      ["you", describe(user)],
      // Somebody's own machines are few; an installation's are the business of `host list`.
      ...(user.customer === null ? [] : [machinesField(hosts.total, machines)]),
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
  });
}

function counted(total: number, states: Readonly<Record<string, number>>): string {
  const parts = Object.entries(states).filter(([, count]) => count > 0);
  return `${total}${parts.length > 0 ? `: ${parts.map(([state, count]) => `${count} ${state}`).join(", ")}` : ""}`;
}

const Machines = z.object({ data: z.array(z.object({ name: z.string(), state: z.string() })) });

function describe({ name, email, role, customer }: Session["user"]): string {
  // A login's name is the token's, which says less than whose it is.
  return `${email ?? name}, ${role}${customer === null ? "" : ` of ${customer}`}`;
}

function machinesField(total: number, machines: z.infer<typeof Machines>["data"]): readonly ["machines", string] {
  if (total === 0) return ["machines", "none yet; mycloud enrolment create makes the command that enrols one"];
  const shown = machines.map(({ name, state }) => `${name} ${state}`).join(", ");
  return ["machines", total > machines.length ? `${shown} and ${total - machines.length} more` : shown];
}
