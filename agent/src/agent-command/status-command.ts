import { Command } from "commander";
import {
  CommandError,
  flagsOf,
  formatAge,
  formatDuration,
  printFields,
  printJson,
  type Terminal,
} from "../command-line/index.ts";
import { readIdentity } from "../identity/index.ts";
import { agentPaths } from "../state-directory/index.ts";
import { type AgentStatusFile, readStatus } from "../status/index.ts";
import { addAgentOptions, agentSettings } from "./agent-settings.ts";

/** The running agent writes its status every 10 s. */
const STALE_AFTER_MS = 45_000;

/** `mycloud agent status`. */
export function createStatusCommand(terminal: Terminal): Command {
  const command = new Command("status").description(
    "how this host's agent is doing: connection, configuration, spool (ends with 1 when it does not run or is not let in)",
  );
  addAgentOptions(command, ["stateDirectory"]).option("--json", "print JSON");
  return command.action(async () => {
    const settings = await agentSettings(command, terminal);
    const paths = agentPaths(settings.stateDirectory);
    const identity = await readIdentity(paths);
    if (identity === undefined)
      throw new CommandError("configuration", `this host is not enrolled (no ${paths.identity})`);
    const status = await readStatus(paths.status);
    const now = terminal.now();
    const isRunning = status !== undefined && now - status.writtenAtMs < STALE_AFTER_MS && isAlive(status.pid);
    const { agentId, hostId, hostName, serverUrl } = identity;
    if (flagsOf(command).json === true) {
      await printJson(terminal, { agentId, hostId, hostName, serverUrl, isRunning, status: status ?? null });
    } else {
      await printFields(terminal, [
        ["host", hostName],
        ["control plane", status?.controlPlaneUrl ?? serverUrl],
        ["agent", describeProcess(status, isRunning, now)],
        ...(status === undefined ? [] : statusFields(status, now)),
      ]);
    }
    if (!isRunning || status.isRefused) process.exitCode = 1;
  });
}

function describeProcess(status: AgentStatusFile | undefined, isRunning: boolean, now: number): string {
  if (status === undefined) return "has never run here";
  if (!isRunning) return `not running (last seen ${formatAge(status.writtenAtMs, now)} ago)`;
  return `running for ${formatDuration(now - status.startedAtMs)} (version ${status.version}, process ${status.pid})`;
}

function statusFields(status: AgentStatusFile, now: number): [string, string | null][] {
  const connected =
    status.connectedSinceMs === null
      ? `no: ${status.lastError ?? "not yet"}`
      : `for ${formatDuration(now - status.connectedSinceMs)}`;
  const offset = status.clockOffsetSeconds;
  const lost = status.droppedResults + status.rejectedBatches;
  return [
    ["connected", status.isRefused ? `refused: ${status.lastError}` : connected],
    ["last contact", status.lastContactAtMs === null ? "never" : `${formatAge(status.lastContactAtMs, now)} ago`],
    [
      "checks",
      `${status.checks}${status.skippedRuns > 0 ? ` (${status.skippedRuns} runs skipped: too slow or too many)` : ""}`,
    ],
    [
      "configuration",
      status.configurationConfirmedAtMs === null
        ? "none"
        : `confirmed ${formatAge(status.configurationConfirmedAtMs, now)} ago`,
    ],
    ["spool", `${status.spooledBatches} batches, ${Math.ceil(status.spooledBytes / 1024)} KiB`],
    ["lost", lost === 0 ? null : `${status.droppedResults} results dropped, ${status.rejectedBatches} batches refused`],
    ...logFields(status.logs, now),
    [
      "clock",
      offset === null
        ? null
        : `${Math.abs(offset).toFixed(1)} s ${offset < 0 ? "behind" : "ahead of"} the control plane`,
    ],
  ];
}

function logFields(logs: AgentStatusFile["logs"], now: number): [string, string | null][] {
  if (logs === undefined) return [];
  const lines = logs.sources.reduce((sum, source) => sum + source.lines, 0);
  const faults = logs.sources.flatMap(({ name, fault }) => (fault === null ? [] : `${name}: ${fault}`));
  return [
    [
      "logs",
      `${plural(logs.sources.length, "source")}, ${plural(lines, "line")} read${faultWords(logs.fault, faults)}`,
    ],
    ...logs.destinations.map((destination): [string, string] => {
      const { name, oldestAtMs, droppedRecords, refusedRecords, lastError, chunks, bytes } = destination;
      const waiting =
        oldestAtMs === null
          ? "nothing waits"
          : `${plural(chunks, "chunk")}, ${Math.ceil(bytes / 1024)} KiB wait, the oldest for ${formatAge(oldestAtMs, now)}`;
      const lost =
        droppedRecords + refusedRecords === 0 ? "" : `; ${droppedRecords} dropped, ${refusedRecords} refused`;
      return [
        `logs to ${name}`,
        `${destination.shippedRecords} shipped, ${waiting}${lost}${lastError === null ? "" : ` (${lastError})`}`,
      ];
    }),
  ];
}

function faultWords(fault: string | null, ofSources: readonly string[]): string {
  const all = [...(fault === null ? [] : [fault]), ...ofSources];
  return all.length === 0 ? "" : `; ${all.join("; ")}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
