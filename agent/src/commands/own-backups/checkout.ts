import { Command } from "commander";
import { addExamples, flagsOf, type Terminal } from "../../command-line/index.ts";
import { addMachineOptions } from "../../machine-choice/index.ts";
import { addRestoreOptions, openWanted, printRestore, type RestoreFlags, runRestore } from "./restore-flow.ts";

/** `mycloud checkout SNAPSHOT [PATH...]`. */
export function createCheckoutCommand(terminal: Terminal): Command {
  const command = new Command("checkout")
    .description(
      "Write files of a snapshot to where they came from on the machine. Nothing that changed since the last backup is overwritten, unless forced.",
    )
    .argument("[SNAPSHOT]", "the beginning of an id, latest, latest~1, or a time: yesterday, 2026-11-22T20:15")
    .argument("[PATH...]", "files and folders; without any, all that was backed up")
    .option("-f, --force", "overwrite what changed since, too");
  addRestoreOptions(command);
  addMachineOptions(command);
  addExamples(command, [
    ["mycloud checkout latest notes.txt", "a file that was deleted or spoiled, in this folder"],
    ["mycloud checkout yesterday /srv/www --dry-run", "what would be written"],
  ]);
  return command.action(async (word: string | undefined, typed: string[]) => {
    const flags = flagsOf<RestoreFlags & { force?: boolean }>(command);
    const wanted = await openWanted(terminal, flags, word, typed);
    if (wanted === null) return;
    const run = await runRestore(terminal, wanted.opened, flags, {
      kind: "checkout",
      snapshotId: wanted.snapshot.id,
      paths: wanted.paths,
      targetDirectory: null,
      isForced: flags.force === true,
      isDryRun: flags.dryRun === true,
    });
    await printRestore(terminal, flags, run);
  });
}
