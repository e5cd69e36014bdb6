import { Command } from "commander";
import { addExamples, CommandError, flagsOf, type Terminal } from "../../command-line/index.ts";
import { addMachineOptions } from "../../machine-choice/index.ts";
import { viewPathOf } from "../../snapshot-choice/index.ts";
import { addRestoreOptions, openWanted, printRestore, type RestoreFlags, runRestore } from "./restore-flow.ts";

interface ElsewhereFlags extends RestoreFlags {
  readonly to?: string;
  readonly force?: boolean;
}

/** `mycloud restore SNAPSHOT [PATH...] --to DIR`. */
export function createRestoreCommand(terminal: Terminal): Command {
  const command = new Command("restore")
    .description("Write files of a snapshot below another directory of the machine; what is in place stays as it is.")
    .argument("[SNAPSHOT]", "the beginning of an id, latest, latest~1, or a time: yesterday, 2026-11-22T20:15")
    .argument("[PATH...]", "files and folders; without any, all that was backed up")
    .option("--to <DIR>", "where, on the machine; the files' whole paths are made below it")
    .option("-f, --force", "overwrite what is there already");
  addRestoreOptions(command);
  addMachineOptions(command);
  addExamples(command, [
    ["mycloud restore yesterday /srv/www --to /tmp/www-of-yesterday", "to compare by hand"],
    ["mycloud restore latest --machine web1 --to /restored", "everything"],
  ]);
  return command.action(async (word: string | undefined, typed: string[]) => {
    const flags = flagsOf<ElsewhereFlags>(command);
    if (flags.to === undefined && !flags.cancel) {
      throw new CommandError("usage", "where to? give --to DIR; mycloud checkout writes to where the files came from");
    }
    const wanted = await openWanted(terminal, flags, word, typed);
    if (wanted === null || flags.to === undefined) return;
    const run = await runRestore(terminal, wanted.opened, flags, {
      kind: "restore",
      snapshotId: wanted.snapshot.id,
      paths: wanted.paths,
      targetDirectory: viewPathOf(flags.to, wanted.opened.standpoint),
      isForced: flags.force === true,
      isDryRun: flags.dryRun === true,
    });
    await printRestore(terminal, flags, run);
  });
}
