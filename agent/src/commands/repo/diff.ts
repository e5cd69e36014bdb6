import type { DiffCounts, DiffSummary } from "@mycloud/backup/diff";
import { Command } from "commander";
import { addExamples, CommandError, flagsOf, type Terminal, write } from "../../command-line/index.ts";
import { itemErrorMessage, showItemError } from "./item-error.ts";
import { createLineWriter } from "./line-writer.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { counted, formatSize } from "./size-text.ts";
import { shortId } from "./snapshot-table.ts";
import { underSharedLock, withRepository } from "./with-repository.ts";

interface DiffFlags extends RepositoryFlags {
  readonly metadata?: boolean;
}

/** `mycloud repo diff`. */
export function createDiffVerb(terminal: Terminal): Command {
  const command = new Command("diff")
    .description("Show what changed from one snapshot to another: + added, - removed, M modified, U metadata, T type.")
    .argument("<BEFORE>", "a snapshot, or ID:PATH for one directory of it")
    .argument("<AFTER>", "the other one")
    .option("--metadata", "also entries whose metadata alone changed");
  addRepositoryOptions(command);
  addExamples(command, [
    ["mycloud repo diff 1a2b3c4d latest", "since that snapshot"],
    ["mycloud repo diff 1a2b3c4d:/etc latest:/etc", "in one directory"],
  ]);
  return command.action(async (before: string, after: string) => {
    const flags = flagsOf<DiffFlags>(command);
    await withRepository(terminal, command, loadEngine, async (opened) => {
      const { repository, engine, settings, display } = opened;
      await underSharedLock(terminal, opened, async (signal) => {
        const [from, to] = [
          await engine.snapshot.resolveSnapshot(repository, before, {}, signal),
          await engine.snapshot.resolveSnapshot(repository, after, {}, signal),
        ];
        await repository.loadIndex(signal);
        const output = createLineWriter(terminal.stdout);
        const side = ({ snapshot, path }: typeof from) => ({ snapshot, ...(path === "" ? {} : { path }) });
        const summary = await engine.diff.diffSnapshots(repository, side(from), side(to), {
          isMetadataCompared: flags.metadata === true,
          signal,
          onChange: ({ letters, path, before: old, after: present }) => {
            const node = present ?? old;
            const shown = `${engine.bytes.displayText(path)}${node?.type === "dir" && !path.endsWith("/") ? "/" : ""}`;
            return output.line(
              settings.isJson
                ? JSON.stringify({ message_type: "change", path: shown, modifier: letters })
                : `${letters.padEnd(4)} ${shown}`,
            );
          },
        });
        await output.flush();
        for (const error of summary.errorItems) {
          display.note(settings.isJson ? itemErrorMessage(error) : showItemError(error));
        }
        if (settings.isJson)
          await write(terminal.stdout, `${JSON.stringify(statistics(from.snapshot.id, to.snapshot.id, summary))}\n`);
        else if (!settings.isQuiet) {
          await write(
            terminal.stdout,
            `\n${shortId(from.snapshot.id)} to ${shortId(to.snapshot.id)}\n${describe(summary)}\n`,
          );
        }
        if (summary.errors > 0) {
          throw new CommandError(
            "incomplete",
            `${counted(summary.errors, "directory", "directories")} could not be read; the rest was compared`,
          );
        }
      });
    });
  });
}

async function loadEngine() {
  const [diff, snapshot, bytes] = await Promise.all([
    import("@mycloud/backup/diff"),
    import("@mycloud/backup/snapshot"),
    import("@mycloud/backup/byte-string"),
  ]);
  return { diff, snapshot, bytes };
}

function describe({ changedFiles, added, removed }: DiffSummary): string {
  const one = (counts: DiffCounts) =>
    [
      counted(counts.files, "file"),
      counted(counts.dirs, "directory", "directories"),
      ...(counts.others > 0 ? [counted(counts.others, "other entry", "other entries")] : []),
    ].join(", ");
  return [
    `changed  ${counted(changedFiles, "file")}`,
    `added    ${one(added)}; ${formatSize(added.bytes)} of data only the second has`,
    `removed  ${one(removed)}; ${formatSize(removed.bytes)} of data only the first has`,
  ].join("\n");
}

function statistics(source: string, target: string, summary: DiffSummary): Readonly<Record<string, unknown>> {
  const counts = (side: DiffCounts) => ({
    files: side.files,
    dirs: side.dirs,
    others: side.others,
    data_blobs: side.dataBlobs,
    tree_blobs: side.treeBlobs,
    bytes: side.bytes,
  });
  return {
    message_type: "statistics",
    source_snapshot: source,
    target_snapshot: target,
    changed_files: summary.changedFiles,
    added: counts(summary.added),
    removed: counts(summary.removed),
    errors: summary.errors,
  };
}
