import { isRestoreOver, type RestoreRequest, RestoreRun } from "@mycloud/protocol/restore-run";
import type { Command } from "commander";
import { z } from "zod";
import { listAll, parseAnswer } from "../../client/index.ts";
import {
  CommandError,
  formatAge,
  paintFor,
  printJson,
  remark,
  type Terminal,
  write,
} from "../../command-line/index.ts";
import type { MachineFlags, Place } from "../../machine-choice/index.ts";
import { chooseSnapshot, viewPathOf } from "../../snapshot-choice/index.ts";
import { counted } from "../repo/size-text.ts";
import { createRunDisplay, follow, progressOfRestore } from "../run-following/index.ts";
import { describeOutcome, formatPlan } from "./format-plan.ts";
import { type Opened, openBackups } from "./view-answers.ts";

/** Options that checkout, rollback and restore share. */
export interface RestoreFlags extends MachineFlags {
  readonly dryRun?: boolean;
  readonly cancel?: boolean;
}

/** What is brought back. */
export interface Wanted {
  readonly opened: Opened;
  readonly snapshot: Opened["snapshots"][number];
  readonly paths: string[];
}

/** Adds what checkout, rollback and restore share. */
export function addRestoreOptions(command: Command): Command {
  return command
    .option("--dry-run", "only show what would be done")
    .option("--cancel", "end the one that is under way on the machine; takes no SNAPSHOT");
}

/** Finds machine, snapshot and paths, or with --cancel ends what is under way and answers null. Throws CommandError. */
export async function openWanted(
  terminal: Terminal,
  flags: RestoreFlags,
  word: string | undefined,
  typed: readonly string[],
): Promise<Wanted | null> {
  const opened = await openBackups(terminal, flags);
  if (flags.cancel) {
    await cancelRestore(terminal, opened, flags);
    return null;
  }
  if (word === undefined)
    throw new CommandError("usage", "which SNAPSHOT? mycloud log shows them; latest is the newest");
  const { machine, standpoint } = opened;
  const paths = typed.map((path) => viewPathOf(path, standpoint));
  const snapshot = chooseSnapshot(opened.snapshots, word, paths[0] ?? null, terminal.now());
  if (!machine.isOnline) {
    const seen = formatAge(machine.lastSeenAtMs, terminal.now());
    throw new CommandError(
      "tryAgain",
      `${machine.hostName} is offline, last seen ${seen} ago: nothing can be written there now. mycloud download brings files to this machine instead`,
    );
  }
  return { opened, snapshot, paths };
}

/** Asks for a run and follows it to its end. Throws CommandError, also when the person stopped looking (Ctrl-C): the run goes on. */
export async function runRestore(
  terminal: Terminal,
  { client, repository, machine }: Place,
  flags: RestoreFlags,
  request: RestoreRequest,
): Promise<RestoreRun> {
  const path = `/api/v1/backup-repositories/${repository.id}/restores`;
  const { id } = parseAnswer(RestoreRun, await client.request("POST", path, { body: request }));
  const ended = await follow<RestoreRun>({
    terminal,
    display: createRunDisplay(terminal, flags.json),
    look: async () => parseAnswer(RestoreRun, await client.request("GET", `/api/v1/restore-runs/${id}`)),
    isOver: ({ phase }) => isRestoreOver(phase),
    progressOf: (run) => progressOfRestore(run, terminal.now()),
    everyMs: 300,
  });
  if (ended !== undefined) return ended;
  throw new CommandError(
    "interrupted",
    `stopped looking; the ${request.kind} goes on on ${machine.hostName}. mycloud ${request.kind} --cancel ends it`,
  );
}

/** Prints how a run ended: its plan for a dry run or conflicts, else what was done. Throws CommandError unless all of it was done. */
export async function printRestore(terminal: Terminal, flags: RestoreFlags, run: RestoreRun): Promise<void> {
  const { phase, plan, message, request, errorCount, hostName } = run;
  if (flags.json) await printJson(terminal, run);
  else if (plan !== null && (phase === "planned" || phase === "conflicts")) {
    await write(terminal.stdout, formatPlan(plan, paintFor(terminal)));
  } else if (phase === "done") await write(terminal.stdout, describeOutcome(run));
  if (phase === "conflicts") {
    const count = plan?.conflicts ?? 0;
    throw new CommandError(
      "conflict",
      `nothing was written: ${counted(count, "path")} changed on ${hostName} since the last backup. mycloud sync keeps the present first; --force overwrites it; mycloud restore --to DIR writes elsewhere`,
    );
  }
  if (phase === "failed")
    throw new CommandError("failed", `the ${request.kind} failed: ${message ?? "no reason told"}`);
  if (phase === "cancelled") throw new CommandError("failed", `the ${request.kind} was cancelled before its end`);
  if (errorCount > 0) {
    throw new CommandError(
      "incomplete",
      `${counted(errorCount, "entry", "entries")} could not be written whole: ${run.errors
        .slice(0, 5)
        .map(({ item, message: why }) => `${item}: ${why}`)
        .join("; ")}`,
    );
  }
  if (phase === "planned" && !flags.json) await remark(terminal, "dry run, nothing was changed");
}

async function cancelRestore(terminal: Terminal, { client, repository, machine }: Place, flags: RestoreFlags) {
  const { rows } = await listAll(client, "/api/v1/restore-runs", {
    filter: { repositoryId: repository.id, isUnderWay: true },
    sort: "id",
    order: "DESC",
    limit: 1,
  });
  const [run] = parseAnswer(z.array(RestoreRun), rows);
  if (run === undefined) throw new CommandError("notFound", `nothing is being brought back on ${machine.hostName}`);
  const answer = await client.request("POST", `/api/v1/restore-runs/${run.id}/cancel`);
  if (flags.json) return printJson(terminal, answer ?? { cancelled: run.id });
  await remark(terminal, `${machine.hostName} was asked to end the ${run.request.kind}; what is written stays`);
}
