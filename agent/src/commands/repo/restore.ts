import { readFile } from "node:fs/promises";
import type { OverwritePolicy, RestoreOptions, RestoreSummary } from "@mycloud/backup/restorer";
import { Command } from "commander";
import {
  addExamples,
  CommandError,
  collect,
  flagsOf,
  formatDuration,
  oneOf,
  resolveFrom,
  type Terminal,
  wholeNumber,
  write,
} from "../../command-line/index.ts";
import { itemErrorMessage, showItemError } from "./item-error.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { counted, formatCount, formatSize } from "./size-text.ts";
import { addSnapshotOptions, type SnapshotFlags, snapshotFilter } from "./snapshot-options.ts";
import { type OpenedRepository, underSharedLock, withRepository } from "./with-repository.ts";

const policies = ["always", "if-changed", "if-newer", "never"] as const satisfies readonly OverwritePolicy[];

interface RestoreFlags extends RepositoryFlags, SnapshotFlags {
  readonly to?: string;
  readonly target?: string;
  readonly include?: string[];
  readonly iinclude?: string[];
  readonly includeFile?: string[];
  readonly iincludeFile?: string[];
  readonly exclude?: string[];
  readonly iexclude?: string[];
  readonly excludeFile?: string[];
  readonly iexcludeFile?: string[];
  readonly overwrite?: OverwritePolicy;
  readonly delete?: boolean;
  readonly verify?: boolean;
  readonly sparse?: boolean;
  readonly dryRun?: boolean;
  readonly threads?: number;
}

/** `mycloud repo restore`. */
export function createRestoreVerb(terminal: Terminal): Command {
  const command = new Command("restore")
    .description("Restore a snapshot or a part of it.")
    .argument("<SNAPSHOT>", "an id, its beginning, or latest; ID:PATH restores what is in PATH directly into DIR")
    .option("--to <DIR>", "where to: the absolute paths are made below DIR; / restores in place")
    .option("-t, --target <DIR>", "the same, restic's name")
    .option("-i, --include <PATTERN>", "only what matches; repeatable", collect)
    .option("--iinclude <PATTERN>", "the same, upper and lower case alike", collect)
    .option("--include-file <FILE>", "only what matches a line of this file", collect)
    .option("--iinclude-file <FILE>", "the same, upper and lower case alike", collect)
    .option("-e, --exclude <PATTERN>", "all but what matches; repeatable", collect)
    .option("--iexclude <PATTERN>", "the same, upper and lower case alike", collect)
    .option("--exclude-file <FILE>", "all but what matches a line of this file", collect)
    .option("--iexclude-file <FILE>", "the same, upper and lower case alike", collect)
    .option("--overwrite <POLICY>", `what exists already: ${policies.join(", ")} (default always)`, oneOf(policies))
    .option("--delete", "remove what the snapshot does not have from the directories it restores")
    .option("--verify", "read everything again afterwards and compare")
    .option("--sparse", "make holes of zeros in every file (default: where there were holes)")
    .option("-n, --dry-run", "say what would be done, and change nothing")
    .option("--threads <N>", "threads that write (default one a processor, at most 4)", wholeNumber(1, 64));
  addSnapshotOptions(command);
  addRepositoryOptions(command);
  addExamples(command, [
    ["mycloud repo restore latest --to /tmp/restored", "everything, below /tmp/restored"],
    ["mycloud repo restore latest:/etc/nginx --to /etc/nginx", "one directory, in place"],
    ["mycloud repo restore latest --to / --include /etc --delete --dry-run", "what making /etc equal would do"],
  ]);
  return command.action(async (specifier: string) => {
    const flags = flagsOf<RestoreFlags>(command);
    const target = targetOf(flags, terminal.workingDirectory);
    await withRepository(
      terminal,
      command,
      loadEngine,
      async (opened) => {
        const { repository, engine, settings, display } = opened;
        const { isJson } = settings;
        const patterns = await patternsOf(terminal, flags, engine.pattern);
        const restore = async (signal: AbortSignal, mayWrite: Promise<void>) => {
          const filter = snapshotFilter(flags);
          const { snapshot, path } = await engine.snapshot.resolveSnapshot(repository, specifier, filter, signal);
          await repository.loadIndex(signal);
          return engine.restorer.restoreSnapshot(repository, {
            snapshot,
            ...(path === "" ? {} : { subfolder: path }),
            target,
            ...patterns,
            ...choicesOf(flags),
            ...itemReport(terminal, opened, flags.dryRun === true),
            onProgress: display.onProgress,
            mayWrite,
            signal,
          });
        };
        const summary = await underSharedLock(terminal, opened, restore, { startsEarly: true });
        display.end();
        for (const error of summary.errorItems) display.note(isJson ? itemErrorMessage(error) : showItemError(error));
        const isDryRun = flags.dryRun === true;
        if (isJson) await write(terminal.stdout, `${JSON.stringify(summaryMessage(summary, isDryRun))}\n`);
        else if (!settings.isQuiet) await write(terminal.stdout, describe(summary, target, isDryRun));
        if (summary.isComplete) return;
        const entries = counted(summary.errors, "entry", "entries");
        throw new CommandError("incomplete", `${entries} could not be restored whole; the rest was`);
      },
      { hasJsonStatus: true },
    );
  });
}

function choicesOf(flags: RestoreFlags) {
  return {
    overwrite: flags.overwrite ?? "always",
    isDeleting: flags.delete === true,
    isDryRun: flags.dryRun === true,
    isVerifying: flags.verify === true,
    isSparseForced: flags.sparse === true,
    ...(flags.threads === undefined ? {} : { threads: flags.threads }),
  } as const;
}

/** Tells what is done with each path: with --verbose, and in a dry run, whose whole point that is. */
function itemReport(
  terminal: Terminal,
  { engine, settings, display }: OpenedRepository<Awaited<ReturnType<typeof loadEngine>>>,
  isDryRun: boolean,
): Pick<RestoreOptions, "onItem"> {
  if (settings.isQuiet || !(settings.isVerbose || isDryRun)) return {};
  return {
    onItem: ({ action, path, sizeBytes }) => {
      if (action === "unchanged" && !settings.isVerbose) return;
      const item = engine.bytes.displayText(path);
      if (settings.isJson) {
        const message = { message_type: "verbose_status", action, item, size: sizeBytes };
        terminal.stdout.write(`${JSON.stringify(message)}\n`);
      } else if (isDryRun) terminal.stdout.write(`${action.padEnd(9)}  ${item}\n`);
      else display.note(`${action.padEnd(9)}  ${item}`);
    },
  };
}

async function loadEngine() {
  const [restorer, snapshot, pattern, bytes] = await Promise.all([
    import("@mycloud/backup/restorer"),
    import("@mycloud/backup/snapshot"),
    import("@mycloud/backup/pattern"),
    import("@mycloud/backup/byte-string"),
  ]);
  return { restorer, snapshot, pattern, bytes };
}

function targetOf(flags: RestoreFlags, workingDirectory: string): string {
  if (flags.to !== undefined && flags.target !== undefined && flags.to !== flags.target) {
    throw new CommandError("usage", "--to and --target name two directories; give one of them");
  }
  const target = flags.to ?? flags.target;
  if (target === undefined || target === "") {
    throw new CommandError(
      "usage",
      "where to? Give --to DIR (the paths are made below it), or --to / to restore in place",
    );
  }
  return resolveFrom(workingDirectory, target);
}

async function patternsOf(
  terminal: Terminal,
  flags: RestoreFlags,
  pattern: typeof import("@mycloud/backup/pattern"),
): Promise<Pick<RestoreOptions, "includes" | "excludes" | "caseIgnoredIncludes" | "caseIgnoredExcludes">> {
  const all = async (typed: readonly string[] | undefined, files: readonly string[] | undefined) => {
    const lists = (files ?? []).map(async (file) =>
      pattern.parsePatternFile(await readFile(resolveFrom(terminal.workingDirectory, file)), terminal.environment),
    );
    // The restorer takes patterns as text.
    const listed = (await Promise.all(lists)).flat().map((line) => Buffer.from(line, "latin1").toString("utf8"));
    return [...(typed ?? []), ...listed];
  };
  const includes = await all(flags.include, flags.includeFile);
  const caseIgnoredIncludes = await all(flags.iinclude, flags.iincludeFile);
  const excludes = await all(flags.exclude, flags.excludeFile);
  const caseIgnoredExcludes = await all(flags.iexclude, flags.iexcludeFile);
  return {
    ...(includes.length > 0 ? { includes } : {}),
    ...(caseIgnoredIncludes.length > 0 ? { caseIgnoredIncludes } : {}),
    ...(excludes.length > 0 ? { excludes } : {}),
    ...(caseIgnoredExcludes.length > 0 ? { caseIgnoredExcludes } : {}),
  };
}

function describe(summary: RestoreSummary, target: string, isDryRun: boolean): string {
  const { entriesRestored, entriesUnchanged, entriesKept, entriesDeleted, secondsElapsed } = summary;
  const took = secondsElapsed < 10 ? `${secondsElapsed.toFixed(1)}s` : formatDuration(secondsElapsed * 1000);
  const parts = [
    `${formatCount(entriesRestored)} ${isDryRun ? "to restore" : "restored"}`,
    ...(entriesUnchanged > 0 ? [`${formatCount(entriesUnchanged)} unchanged`] : []),
    ...(entriesKept > 0 ? [`${formatCount(entriesKept)} kept as they were`] : []),
    ...(entriesDeleted > 0 ? [`${formatCount(entriesDeleted)} deleted`] : []),
  ];
  const lines = [
    `${"entries".padEnd(10)}${parts.join(", ")}`,
    `${"content".padEnd(10)}${formatSize(summary.bytesWritten)} written of ${formatSize(summary.bytesTotal)}`,
    ...(summary.filesVerified > 0
      ? [`${"verified".padEnd(10)}${counted(summary.filesVerified, "file")} read again and compared`]
      : []),
    ...summary.notices.map(
      ({ count, message, example }) => `${"note".padEnd(10)}${message}: ${formatCount(count)}, e.g. ${example}`,
    ),
    isDryRun ? "nothing was changed (dry run)" : `restored to ${target} in ${took}`,
  ];
  return `${lines.join("\n")}\n`;
}

function summaryMessage(summary: RestoreSummary, isDryRun: boolean): Readonly<Record<string, unknown>> {
  return {
    message_type: "summary",
    ...(isDryRun ? { dry_run: true } : {}),
    seconds_elapsed: Math.round(summary.secondsElapsed),
    total_files: summary.entriesTotal,
    files_restored: summary.entriesRestored,
    files_skipped: summary.entriesKept + summary.entriesUnchanged,
    files_unchanged: summary.entriesUnchanged,
    files_kept: summary.entriesKept,
    files_deleted: summary.entriesDeleted,
    files_verified: summary.filesVerified,
    total_bytes: summary.bytesTotal,
    bytes_restored: summary.bytesWritten,
    bytes_skipped: summary.bytesUnchanged,
    errors: summary.errors,
    notices: summary.notices,
  };
}
