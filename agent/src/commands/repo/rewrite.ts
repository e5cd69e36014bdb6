import { Command } from "commander";
import { addExamples, CommandError, flagsOf, printJson, remark, type Terminal } from "../../command-line/index.ts";
import { addExcludeOptions, type ExcludeFlags, excludePatterns } from "./backup-options.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { counted, formatSize } from "./size-text.ts";
import { addSnapshotOptions, type SnapshotFlags, snapshotFilter } from "./snapshot-options.ts";
import { shortId } from "./snapshot-table.ts";
import { withRepository } from "./with-repository.ts";

interface RewriteFlags extends RepositoryFlags, SnapshotFlags, ExcludeFlags {
  readonly forget?: boolean;
  readonly dryRun?: boolean;
}

/** `mycloud repo rewrite`. */
export function createRewriteVerb(terminal: Terminal): Command {
  const command = new Command("rewrite")
    .description("Take paths out of snapshots that are stored: what should never have been backed up.")
    .argument("[SNAPSHOT...]", "only these (default all)");
  addExcludeOptions(command)
    .option("--forget", "drop the old snapshots; without it the new ones stand beside them, tagged rewrite")
    .option("-n, --dry-run", "say what would be taken out, and change nothing");
  addSnapshotOptions(command);
  addRepositoryOptions(command);
  addExamples(command, [["mycloud repo rewrite --exclude '*.iso' --forget", "then prune frees the space"]]);
  return command.action(async (specifiers: string[]) => {
    const flags = flagsOf<RewriteFlags>(command);
    await withRepository(terminal, command, loadEngine, async ({ repository, engine, settings }) => {
      const { patterns, caseInsensitivePatterns } = await excludePatterns(terminal, flags, engine);
      if (patterns.length + caseInsensitivePatterns.length === 0) {
        throw new CommandError("usage", "what to take out? Give --exclude PATTERN");
      }
      const isDryRun = flags.dryRun === true;
      const result = await engine.rewrite.rewriteSnapshots(repository, {
        exclude: { patterns, caseInsensitive: caseInsensitivePatterns },
        forget: flags.forget === true,
        isDryRun,
        snapshots: specifiers,
        filter: snapshotFilter(flags),
        retryForMs: settings.retryLockForMs,
        nowMs: terminal.now,
        signal: terminal.signal,
      });
      if (settings.isJson) {
        return printJson(terminal, {
          dry_run: isDryRun,
          examined: result.examined,
          rewritten: result.rewritten.map(({ oldId, newId, removedEntries, removedBytes }) => ({
            id: oldId,
            new_id: newId,
            removed_entries: removedEntries,
            removed_bytes: removedBytes,
          })),
        });
      }
      if (settings.isQuiet) return;
      for (const { oldId, newId, removedEntries, removedBytes } of result.rewritten) {
        const became = newId === null ? "would lose" : `is ${shortId(newId)} now, without`;
        const what = `${counted(removedEntries, "entry", "entries")}, ${formatSize(removedBytes)}`;
        await remark(terminal, `${shortId(oldId)} ${became} ${what}`);
      }
      const count = counted(result.rewritten.length, "snapshot");
      await remark(
        terminal,
        `${counted(result.examined, "snapshot")} examined, ${isDryRun ? `${count} would change` : `${count} written again`}`,
      );
    });
  });
}

async function loadEngine() {
  const [rewrite, pattern, bytes] = await Promise.all([
    import("@mycloud/backup/rewrite"),
    import("@mycloud/backup/pattern"),
    import("@mycloud/backup/byte-string"),
  ]);
  return { rewrite, pattern, bytes };
}
