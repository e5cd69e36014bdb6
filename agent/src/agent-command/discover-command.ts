import { readFile } from "node:fs/promises";
import type { DiscoveryAnswer, DiscoveryReport } from "@mycloud/protocol/service-proposal";
import { Command } from "commander";
import { createServerClock } from "../clock/index.ts";
import {
  addExamples,
  CommandError,
  flagsOf,
  printJson,
  printTable,
  remark,
  type Terminal,
} from "../command-line/index.ts";
import { discover, hostSources } from "../discovery/index.ts";
import { type AgentIdentity, createRequestToken, readIdentity } from "../identity/index.ts";
import { agentPaths } from "../state-directory/index.ts";
import { createControlPlane, createHttpConnection } from "../transport/index.ts";
import { addAgentOptions, agentSettings } from "./agent-settings.ts";

/** `mycloud agent discover`. */
export function createDiscoverCommand(terminal: Terminal): Command {
  const command = new Command("discover").description(
    "look at what there is to watch on this host and propose services to the control plane; somebody approves them there",
  );
  addAgentOptions(command, ["stateDirectory", "serverUrl"])
    .option("--dry-run", "only print what is found")
    .option("--json", "print JSON");
  addExamples(command, [
    ["mycloud agent discover", "print what is found, and propose it"],
    ["mycloud agent discover --dry-run --json", "tell nobody"],
  ]);
  return command.action(async () => {
    const settings = await agentSettings(command, terminal);
    const flags = flagsOf<{ readonly dryRun?: boolean; readonly json?: boolean }>(command);
    const isDryRun = flags.dryRun === true;
    const identity = isDryRun ? undefined : await readIdentity(agentPaths(settings.stateDirectory));
    if (!isDryRun && identity === undefined) {
      throw new CommandError("configuration", "this host is not enrolled; --dry-run prints what is found all the same");
    }
    const report = await discover(hostSources, terminal.signal);
    const answer =
      identity === undefined
        ? null
        : await propose(report, identity, settings.serverUrl ?? identity.serverUrl, terminal);
    if (flags.json === true) return printJson(terminal, { ...report, answer });
    await printTable(
      terminal,
      [
        { heading: "KIND", cell: ({ kind }) => kind },
        { heading: "SERVICE", cell: ({ check }) => check.serviceName },
        { heading: "WHAT", cell: ({ title }) => title },
      ],
      report.found,
      "Nothing was found.",
    );
    for (const { kind, message } of report.failed)
      await remark(terminal, `${kind}: could not be looked at: ${message}`);
    if (answer !== null) {
      const { proposed, covered, vanished } = answer;
      await remark(
        terminal,
        `${proposed} wait for approval in the console, ${covered} are watched already, ${vanished} are not there any more.`,
      );
    }
  });
}

async function propose(
  report: DiscoveryReport,
  identity: AgentIdentity,
  serverUrl: string,
  { now, signal }: Terminal,
): Promise<DiscoveryAnswer> {
  const ca = identity.caFile === null ? undefined : await readFile(identity.caFile, "utf8");
  const connection = await createHttpConnection(serverUrl, { keySha256: identity.serverKeySha256, ca });
  try {
    const clock = createServerClock(now);
    const requestToken = createRequestToken(identity, clock.now);
    const answer = await createControlPlane({ connection, clock, now, requestToken, signal }).sendDiscovery(report);
    if (answer.kind === "ok") return answer.value;
    if (answer.kind === "refused") throw new CommandError("notAllowed", answer.message);
    if (answer.kind === "busy") throw new CommandError("tryAgain", answer.message);
    throw new CommandError("unavailable", `${serverUrl}: ${answer.message}`);
  } finally {
    connection.close();
  }
}
