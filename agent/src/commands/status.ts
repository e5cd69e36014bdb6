import { Overview } from "@mycloud/protocol/overview";
import { Command } from "commander";
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
    if (flags.json) return printJson(terminal, answer);
    const { hosts, services, agents, ingest, notifications, ...overview } = parseAnswer(Overview, answer);
    const mail = notifications.isMailConfigured ? "configured" : "not configured: nobody is told by mail";
    await printFields(terminal, [
      ["control plane", client.instance.url],
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
