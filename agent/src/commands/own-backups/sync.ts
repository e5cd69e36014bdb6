import { AgentCommand } from "@mycloud/protocol/agent";
import { BackupRun, BackupRunDetail, isEndPhase } from "@mycloud/protocol/backup-run";
import { Command } from "commander";
import { z } from "zod";
import { listAll, parseAnswer } from "../../client/index.ts";
import {
  addExamples,
  CommandError,
  flagsOf,
  formatAge,
  printJson,
  remark,
  type Terminal,
  write,
} from "../../command-line/index.ts";
import { addMachineOptions, type MachineFlags, openPlace, type Place } from "../../machine-choice/index.ts";
import { sleep } from "../../retry-loop/sleep.ts";
import { counted } from "../repo/size-text.ts";
import { createRunDisplay, follow, progressOfBackup } from "../run-following/index.ts";
import { describeRun } from "./describe-run.ts";

interface SyncFlags extends MachineFlags {
  readonly watch: boolean;
  readonly cancel?: boolean;
}

/** An agent that is there begins within a second or two. */
const beginWithinMs = 30_000;
const lookEveryMs = 300;

/** `mycloud sync`. */
export function createSyncCommand(terminal: Terminal): Command {
  const command = new Command("sync")
    .description("Back a machine up now and show how far it is. Ctrl-C ends the showing; the run goes on.")
    .option("--watch", "follow the run to its end; this is what happens anyway", true)
    .option("--no-watch", "return when it has been asked for")
    .option("--cancel", "end the run that is under way");
  addMachineOptions(command);
  addExamples(command, [
    ["mycloud sync", "this machine, or the only one you have"],
    ["mycloud sync --machine web1 --no-watch", "another one, without waiting"],
    ["mycloud sync --cancel", "end what is under way"],
  ]);
  return command.action(async () => {
    const flags = flagsOf<SyncFlags>(command);
    const place = await openPlace(terminal, flags);
    if (flags.cancel) return cancel(terminal, place, flags);
    const [earlier] = await runsOf(place, 1);
    if (earlier !== undefined && !isEndPhase(earlier.phase)) {
      const since = formatAge(earlier.startedAtMs, terminal.now());
      await remark(terminal, `a run is under way since ${since}${flags.watch ? "; showing it" : ""}`);
      return flags.watch ? watch(terminal, place, flags, earlier.id) : printRun(terminal, flags, earlier);
    }
    if (!place.machine.isOnline) {
      const seen = formatAge(place.machine.lastSeenAtMs, terminal.now());
      await remark(terminal, `${place.machine.hostName} is offline, last seen ${seen} ago; it is asked all the same`);
    }
    const path = `/api/v1/backup-repositories/${place.repository.id}/run`;
    const asked = parseAnswer(AgentCommand, await place.client.request("POST", path));
    if (!flags.watch) {
      if (flags.json) return printJson(terminal, asked);
      return remark(terminal, `${place.machine.hostName} was asked to back up; mycloud sync --watch follows it`);
    }
    const begun = await awaitRun(terminal, place, asked, earlier?.id ?? 0);
    if (begun === undefined) return stopped(place);
    await watch(terminal, place, flags, begun.id);
  });
}

/** The newest runs of a place, newest first. */
async function runsOf({ client, repository }: Place, limit: number, filter: object = {}): Promise<BackupRun[]> {
  const { rows } = await listAll(client, "/api/v1/backup-runs", {
    filter: { repositoryId: repository.id, ...filter },
    sort: "id",
    order: "DESC",
    limit,
  });
  return parseAnswer(z.array(BackupRun), rows);
}

/** The run that an agent began because it was asked; undefined when the person stopped waiting. Throws CommandError when none begins. */
async function awaitRun(
  terminal: Terminal,
  place: Place,
  asked: AgentCommand,
  earlierId: number,
): Promise<BackupRun | undefined> {
  const { client, machine } = place;
  const startedAtMs = terminal.now();
  while (!terminal.signal.aborted) {
    const [newest] = await runsOf(place, 1);
    if (newest !== undefined && newest.id > earlierId) return newest;
    const { phase, message } = parseAnswer(
      AgentCommand,
      await client.request("GET", `/api/v1/agent-commands/${asked.id}`),
    );
    if (phase === "failed" || phase === "refused" || phase === "expired") {
      throw new CommandError("failed", `${machine.hostName} did not begin: ${message ?? phase}`);
    }
    if (terminal.now() - startedAtMs > beginWithinMs) {
      if (phase === "queued") {
        throw new CommandError(
          "tryAgain",
          `${machine.hostName} does not answer: is it switched on and on the network? It begins when it is back within the hour`,
        );
      }
      throw new CommandError("tryAgain", `${machine.hostName} has not begun yet; mycloud sync --watch looks again`);
    }
    await sleep(lookEveryMs, terminal.signal);
  }
  return undefined;
}

async function watch(terminal: Terminal, place: Place, flags: SyncFlags, runId: number): Promise<void> {
  const { client } = place;
  const ended = await follow<BackupRunDetail>({
    terminal,
    display: createRunDisplay(terminal, flags.json),
    look: async () => parseAnswer(BackupRunDetail, await client.request("GET", `/api/v1/backup-runs/${runId}`)),
    isOver: ({ phase }) => isEndPhase(phase),
    progressOf: progressOfBackup,
  });
  if (ended === undefined) return stopped(place);
  await printRun(terminal, flags, ended);
  if (ended.phase === "failed")
    throw new CommandError("failed", `the run failed: ${ended.message ?? "no reason told"}`);
  if (ended.phase === "cancelled") throw new CommandError("failed", "the run was cancelled; no snapshot was made");
  if (ended.unreadableCount > 0) {
    throw new CommandError(
      "incomplete",
      `${counted(ended.unreadableCount, "entry", "entries")} could not be read or carried whole; the snapshot has the rest`,
    );
  }
}

async function printRun(terminal: Terminal, flags: SyncFlags, run: BackupRun | BackupRunDetail): Promise<void> {
  if (flags.json) return printJson(terminal, run);
  if (isEndPhase(run.phase)) await write(terminal.stdout, describeRun(run));
}

function stopped({ machine }: Place): never {
  throw new CommandError(
    "interrupted",
    `stopped looking; the run goes on on ${machine.hostName}. mycloud sync shows it again, mycloud sync --cancel ends it`,
  );
}

async function cancel(terminal: Terminal, place: Place, flags: SyncFlags): Promise<void> {
  const [run] = await runsOf(place, 1);
  if (run === undefined || isEndPhase(run.phase)) {
    throw new CommandError("notFound", `no run is under way on ${place.machine.hostName}`);
  }
  const answer = await place.client.request("POST", `/api/v1/backup-runs/${run.id}/cancel`);
  if (flags.json) return printJson(terminal, answer);
  await remark(terminal, `${place.machine.hostName} was asked to end it; what was uploaded is kept for the next run`);
}
