import type { Command } from "commander";
import { commandGroup, exitCodeTable, type Terminal } from "../../command-line/index.ts";
import { addRepositoryOptions } from "./repository-options.ts";

type LoadVerb = (terminal: Terminal) => Promise<Command>;

/** The verbs, in the order in which help shows them. */
const verbs: Readonly<Record<string, LoadVerb>> = {
  init: async (terminal) => (await import("./init.ts")).createInitVerb(terminal),
  backup: async (terminal) => (await import("./backup.ts")).createBackupVerb(terminal),
  snapshots: async (terminal) => (await import("./snapshots.ts")).createSnapshotsVerb(terminal),
  ls: async (terminal) => (await import("./ls.ts")).createLsVerb(terminal),
  find: async (terminal) => (await import("./find.ts")).createFindVerb(terminal),
  diff: async (terminal) => (await import("./diff.ts")).createDiffVerb(terminal),
  restore: async (terminal) => (await import("./restore.ts")).createRestoreVerb(terminal),
  dump: async (terminal) => (await import("./dump.ts")).createDumpVerb(terminal),
  verify: async (terminal) => (await import("./verify.ts")).createVerifyVerb(terminal),
  forget: async (terminal) => (await import("./forget.ts")).createForgetVerb(terminal),
  prune: async (terminal) => (await import("./prune.ts")).createPruneVerb(terminal),
  hold: async (terminal) => (await import("./hold.ts")).createHoldVerb(terminal),
  tag: async (terminal) => (await import("./tag.ts")).createTagVerb(terminal),
  rewrite: async (terminal) => (await import("./rewrite.ts")).createRewriteVerb(terminal),
  copy: async (terminal) => (await import("./copy.ts")).createCopyVerb(terminal),
  stats: async (terminal) => (await import("./stats.ts")).createStatsVerb(terminal),
  key: async (terminal) => (await import("./key.ts")).createKeyVerb(terminal),
  unlock: async (terminal) => (await import("./unlock.ts")).createUnlockVerb(terminal),
  repair: async (terminal) => (await import("./repair.ts")).createRepairVerb(terminal),
};

/** `mycloud repo ...`, with one verb when it is told which is wanted: starting costs the modules of that one only then. */
export async function createRepoCommand(terminal: Terminal, wanted?: string): Promise<Command> {
  const load = wanted !== undefined && Object.hasOwn(verbs, wanted) ? verbs[wanted] : undefined;
  const loaded = load === undefined ? Object.values(verbs) : [load];
  const group = commandGroup(
    "repo",
    "Back up to a repository in restic's format, look into it, restore and look after it.",
    await Promise.all(loaded.map((loadVerb) => loadVerb(terminal))),
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
