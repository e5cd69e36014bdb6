import type { Statistics, StatisticsMode } from "@mycloud/backup/stats";
import { Command } from "commander";
import { addExamples, flagsOf, oneOf, printFields, printJson, type Terminal } from "../../command-line/index.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { formatCount, formatSize } from "./size-text.ts";
import { addSnapshotOptions, type SnapshotFlags, snapshotFilter } from "./snapshot-options.ts";
import { withRepository } from "./with-repository.ts";

const modes = [
  "restore-size",
  "files-by-contents",
  "blobs-per-file",
  "raw-data",
] as const satisfies readonly StatisticsMode[];

interface StatsFlags extends RepositoryFlags, SnapshotFlags {
  readonly mode?: StatisticsMode;
}

/** `mycloud repo stats`. */
export function createStatsVerb(terminal: Terminal): Command {
  const command = new Command("stats")
    .description("How much there is: what a restore would write, or what it takes in the repository.")
    .argument("[SNAPSHOT...]", "only these (default all)")
    .option("--mode <MODE>", `${modes.join(", ")} (default restore-size)`, oneOf(modes));
  addSnapshotOptions(command);
  addRepositoryOptions(command);
  addExamples(command, [
    ["mycloud repo stats latest", "what restoring the newest would write"],
    ["mycloud repo stats --mode raw-data", "what all of them take, and what compression saves"],
  ]);
  return command.action(async (specifiers: string[]) => {
    const flags = flagsOf<StatsFlags>(command);
    const mode = flags.mode ?? "restore-size";
    await withRepository(
      terminal,
      command,
      () => import("@mycloud/backup/stats"),
      async (opened) => {
        const { repository, engine, settings } = opened;
        const statistics = await engine.countStatistics(repository, {
          mode,
          snapshots: specifiers,
          filter: snapshotFilter(flags),
          retryForMs: settings.retryLockForMs,
          signal: terminal.signal,
        });
        if (settings.isJson) return printJson(terminal, statisticsJson(statistics));
        const { compressionRatio: ratio, compressionSavingPercent: saving } = statistics;
        await printFields(terminal, [
          ["mode", mode],
          ["snapshots", formatCount(statistics.snapshots)],
          ["files", statistics.files > 0 ? formatCount(statistics.files) : null],
          ["blobs", statistics.blobs > 0 ? formatCount(statistics.blobs) : null],
          ["size", formatSize(statistics.totalSize)],
          ["uncompressed", statistics.uncompressedSize === null ? null : formatSize(statistics.uncompressedSize)],
          [
            "compression",
            ratio === null || saving === null ? null : `${ratio.toFixed(2)}x, saves ${saving.toFixed(1)}%`,
          ],
        ]);
      },
    );
  });
}

/** In restic's field names. */
function statisticsJson(statistics: Statistics): Readonly<Record<string, unknown>> {
  const optional = {
    total_uncompressed_size: statistics.uncompressedSize,
    compression_ratio: statistics.compressionRatio,
    compression_progress: statistics.compressionProgressPercent,
    compression_space_saving: statistics.compressionSavingPercent,
  };
  return {
    total_size: statistics.totalSize,
    ...(statistics.files > 0 ? { total_file_count: statistics.files } : {}),
    ...(statistics.blobs > 0 ? { total_blob_count: statistics.blobs } : {}),
    snapshots_count: statistics.snapshots,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  };
}
