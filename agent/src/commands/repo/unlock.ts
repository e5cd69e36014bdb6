import { Command } from "commander";
import { flagsOf, printJson, remark, type Terminal } from "../../command-line/index.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { counted } from "./size-text.ts";
import { withRepository } from "./with-repository.ts";

interface UnlockFlags extends RepositoryFlags {
  readonly removeAll?: boolean;
}

/** `mycloud repo unlock`. */
export function createUnlockVerb(terminal: Terminal): Command {
  const command = new Command("unlock")
    .description(
      "Remove locks that a crash left behind: those nobody refreshed for 30 minutes, and of dead processes of this host.",
    )
    .option("--remove-all", "all locks, also those of programs at work: only when you know that there are none");
  addRepositoryOptions(command);
  return command.action(async () => {
    const flags = flagsOf<UnlockFlags>(command);
    await withRepository(terminal, command, loadEngine, async ({ repository, engine, settings }) => {
      const removed = await engine.unlock(repository, {
        removeAll: flags.removeAll === true,
        now: terminal.now,
        signal: terminal.signal,
      });
      const left = await engine.listLocks(repository, terminal.signal);
      if (settings.isJson) return printJson(terminal, { removed, left });
      if (settings.isQuiet) return;
      await remark(terminal, removed === 0 ? "no stale lock" : `removed ${counted(removed, "lock")}`);
      for (const lock of left) {
        const kind = lock.isExclusive ? "exclusive" : "shared";
        await remark(terminal, `a ${kind} lock of ${lock.username}@${lock.hostname}, process ${lock.pid}, is in use`);
      }
    });
  });
}

async function loadEngine() {
  return import("@mycloud/backup/lock");
}
