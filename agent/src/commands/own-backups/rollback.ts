import type { RestoreRequest } from "@mycloud/protocol/restore-run";
import { Command } from "commander";
import {
  addExamples,
  CommandError,
  flagsOf,
  paintFor,
  remark,
  type Terminal,
  write,
} from "../../command-line/index.ts";
import { addMachineOptions } from "../../machine-choice/index.ts";
import { formatLocalTime } from "../../snapshot-choice/index.ts";
import { confirm } from "../confirm.ts";
import { shortId } from "../repo/snapshot-table.ts";
import { changesOf, formatPlan } from "./format-plan.ts";
import {
  addRestoreOptions,
  openWanted,
  printRestore,
  type RestoreFlags,
  runRestore,
  type Wanted,
} from "./restore-flow.ts";

interface RollbackFlags extends RestoreFlags {
  readonly yes?: boolean;
}

/** `mycloud rollback SNAPSHOT [PATH...]`. */
export function createRollbackCommand(terminal: Terminal): Command {
  const command = new Command("rollback")
    .description(
      "Make folders of the machine equal to a snapshot; what it does not have is removed. A snapshot of the present is taken first, so that this can be rolled back too.",
    )
    .argument("[SNAPSHOT]", "the beginning of an id, latest, latest~1, or a time: yesterday, 2026-11-22T20:15")
    .argument("[PATH...]", "files and folders; without any, all that was backed up")
    .option("-y, --yes", "do it without asking; needed where there is nobody to ask");
  addRestoreOptions(command);
  addMachineOptions(command);
  addExamples(command, [
    ["mycloud rollback yesterday . --dry-run", "what would be done with this folder"],
    ["mycloud rollback yesterday .", "the plan is shown, then you are asked"],
  ]);
  return command.action(async (word: string | undefined, typed: string[]) => {
    const flags = flagsOf<RollbackFlags>(command);
    const isAsking = !flags.yes && !flags.dryRun && !flags.cancel;
    if (isAsking && terminal.stdin.isTTY !== true) {
      throw new CommandError(
        "usage",
        "a rollback removes files and there is nobody to ask: look with --dry-run, then give --yes",
      );
    }
    const wanted = await openWanted(terminal, flags, word, typed);
    if (wanted === null) return;
    const request: RestoreRequest = {
      kind: "rollback",
      snapshotId: wanted.snapshot.id,
      paths: wanted.paths,
      targetDirectory: null,
      isForced: false,
      isDryRun: flags.dryRun === true,
    };
    if (isAsking && !(await isAgreed(terminal, wanted, flags, request))) return;
    const run = await runRestore(terminal, wanted.opened, flags, request);
    // Also of a rollback that failed half-way: above all then.
    const tellWayBack = async () => {
      if (flags.json || run.safetySnapshotId === null) return;
      await remark(terminal, `to roll this back: ${wayBack(wanted, run.safetySnapshotId, flags)}`);
    };
    await printRestore(terminal, flags, run).catch(async (error: unknown) => {
      await tellWayBack();
      throw error;
    });
    await tellWayBack();
  });
}

/** Shows the plan and asks; false when there is nothing to do or the person does not want it. */
async function isAgreed(
  terminal: Terminal,
  { opened, snapshot }: Wanted,
  flags: RollbackFlags,
  request: RestoreRequest,
): Promise<boolean> {
  const look = await runRestore(terminal, opened, flags, { ...request, isDryRun: true });
  if (look.phase !== "planned" || look.plan === null) {
    await printRestore(terminal, flags, look);
    return false;
  }
  // A plan shown for a question is no data: with --json stdout has the run alone.
  await write(flags.json ? terminal.stderr : terminal.stdout, formatPlan(look.plan, paintFor(terminal)));
  if (changesOf(look.plan) === 0) return false;
  const { hostName } = opened.machine;
  const name = `${shortId(snapshot.id)} of ${formatLocalTime(snapshot.takenAtMs)}`;
  if (await confirm(terminal, `Roll back on ${hostName} to ${name}? A snapshot of the present is taken first.`))
    return true;
  await remark(terminal, "nothing was changed");
  return false;
}

/** What to type to undo it, in the same folder or elsewhere. Pure. */
function wayBack({ opened, paths }: Wanted, safetySnapshotId: string, { policy }: RollbackFlags): string {
  const words = [
    "mycloud rollback",
    shortId(safetySnapshotId),
    ...paths.map(quoted),
    `--machine ${quoted(opened.machine.hostName)}`,
    ...(policy === undefined ? [] : [`--policy ${quoted(policy)}`]),
  ];
  return words.join(" ");
}

/** For a POSIX shell. Pure. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
