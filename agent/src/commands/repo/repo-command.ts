import type { Command } from "commander";
import { commandGroup, exitCodeTable, type Terminal } from "../../command-line/index.ts";
import { createBackupVerb } from "./backup.ts";
import { createCopyVerb } from "./copy.ts";
import { createDiffVerb } from "./diff.ts";
import { createDumpVerb } from "./dump.ts";
import { createFindVerb } from "./find.ts";
import { createForgetVerb } from "./forget.ts";
import { createHoldVerb } from "./hold.ts";
import { createInitVerb } from "./init.ts";
import { createKeyVerb } from "./key.ts";
import { createLsVerb } from "./ls.ts";
import { createPruneVerb } from "./prune.ts";
import { createRepairVerb } from "./repair.ts";
import { addRepositoryOptions } from "./repository-options.ts";
import { createRestoreVerb } from "./restore.ts";
import { createRewriteVerb } from "./rewrite.ts";
import { createSnapshotsVerb } from "./snapshots.ts";
import { createStatsVerb } from "./stats.ts";
import { createTagVerb } from "./tag.ts";
import { createUnlockVerb } from "./unlock.ts";
import { createVerifyVerb } from "./verify.ts";

/** `mycloud repo ...`. */
export function createRepoCommand(terminal: Terminal): Command {
  const group = commandGroup(
    "repo",
    "Back up to a repository in restic's format, look into it, restore and look after it.",
    [
      createInitVerb(terminal),
      createBackupVerb(terminal),
      createSnapshotsVerb(terminal),
      createLsVerb(terminal),
      createFindVerb(terminal),
      createDiffVerb(terminal),
      createRestoreVerb(terminal),
      createDumpVerb(terminal),
      createVerifyVerb(terminal),
      createForgetVerb(terminal),
      createPruneVerb(terminal),
      createHoldVerb(terminal),
      createTagVerb(terminal),
      createRewriteVerb(terminal),
      createCopyVerb(terminal),
      createStatsVerb(terminal),
      createKeyVerb(terminal),
      createUnlockVerb(terminal),
      createRepairVerb(terminal),
    ],
  );
  tellExitCodes(group);
  return addRepositoryOptions(group);
}

/** The codes that only backups have, restic's numbers, below the help of every verb. */
function tellExitCodes(command: Command): void {
  const codes = exitCodeTable
    .filter(({ code }) => code > 1 && code < 64)
    .map(({ code, meaning }) => `  ${code} ${meaning}`);
  for (const verb of command.commands) {
    if (verb.commands.length > 0) tellExitCodes(verb);
    else verb.addHelpText("after", `\nExit codes of backups:\n${codes.join("\n")}`);
  }
}
