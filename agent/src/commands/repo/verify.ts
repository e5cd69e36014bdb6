import type { Finding, VerifyResult } from "@mycloud/backup/verify";
import { Command } from "commander";
import { addExamples, CommandError, flagsOf, paintFor, type Terminal, write } from "../../command-line/index.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { counted, formatSize } from "./size-text.ts";
import { shortId } from "./snapshot-table.ts";
import { underSharedLock, withRepository } from "./with-repository.ts";

interface VerifyFlags extends RepositoryFlags {
  readonly readData?: boolean;
  readonly readDataSubset?: string;
}

/** `mycloud repo verify`, also `check`. */
export function createVerifyVerb(terminal: Terminal): Command {
  const command = new Command("verify")
    .alias("check")
    .description(
      "Examine a repository: that all is there and, if asked, that every byte is what was written. Ends with 1 when it is damaged.",
    )
    .option("--read-data", "read and check every byte")
    .option("--read-data-subset <PART>", "read a part of the data: 1/7 (one of seven), 5% or 10G chosen at random");
  addRepositoryOptions(command);
  addExamples(command, [
    ["mycloud repo verify", "structure: seconds"],
    ["mycloud repo verify --read-data-subset 1/30", "a thirtieth of the data; another each day covers all in a month"],
  ]);
  return command.action(async () => {
    const flags = flagsOf<VerifyFlags>(command);
    if (flags.readData && flags.readDataSubset !== undefined) {
      throw new CommandError("usage", "--read-data reads everything, --read-data-subset a part; give one of them");
    }
    await withRepository(
      terminal,
      command,
      loadEngine,
      async (opened) => {
        const { repository, engine, settings, display } = opened;
        const readData = flags.readData
          ? ({ kind: "all" } as const)
          : flags.readDataSubset === undefined
            ? undefined
            : engine.parsePackSubset(flags.readDataSubset);
        const result = await underSharedLock(terminal, opened, (signal) =>
          engine.verify(repository, {
            ...(readData === undefined ? {} : { readData }),
            onFinding: ({ severity, object, message }) => {
              // Their consequences are told at the end; a person who watches wants to know at once.
              if (severity === "error" && !settings.isJson) display.note(`mycloud: ${object}: ${message}`);
            },
            onProgress: display.onProgress,
            signal,
          }),
        );
        display.end();
        if (settings.isJson) await writeJson(terminal, result);
        else await report(terminal, result, settings.isQuiet, readData !== undefined);
        if (!result.isSound) {
          throw new CommandError("failed", `the repository is damaged: ${counted(result.errorCount, "error")}`, {
            code: "MYCLOUD_BACKUP_DAMAGED",
          });
        }
      },
      { hasJsonStatus: true },
    );
  });
}

async function loadEngine() {
  return import("@mycloud/backup/verify");
}

async function report(terminal: Terminal, result: VerifyResult, isQuiet: boolean, hasReadData: boolean): Promise<void> {
  const paint = paintFor(terminal);
  const errors = result.findings.filter(({ severity }) => severity === "error");
  const lines: string[] = [];
  for (const finding of errors) {
    lines.push(`${paint("red", "damaged")}  ${finding.object}: ${finding.message}`, ...consequences(finding));
  }
  const notes = result.findings.filter(({ severity }) => severity === "note");
  if (!isQuiet) {
    for (const note of notes.slice(0, 10)) lines.push(`${paint("dim", "note")}     ${note.object}: ${note.message}`);
    if (notes.length > 10) lines.push(`${paint("dim", "note")}     and ${notes.length - 10} more; prune tidies up`);
    const read = hasReadData ? `; ${counted(result.packsRead, "pack")}, ${formatSize(result.bytesRead)} read` : "";
    lines.push(
      `examined ${counted(result.snapshots, "snapshot")}, ${counted(result.trees, "directory", "directories")}, ${counted(result.blobs, "blob")} in ${counted(result.packs, "pack")}${read}`,
    );
    if (result.isSound) lines.push(paint("green", "no error was found"));
  }
  if (errors.length > 0) lines.push("", advice(errors));
  if (lines.length > 0) await write(terminal.stdout, `${lines.join("\n")}\n`);
}

function consequences({ affectedSnapshots, affectedFiles, affectedFileCount }: Finding): string[] {
  if (affectedSnapshots.length === 0) return [];
  const lines = [
    `         hits ${counted(affectedFileCount, "file")} in ${counted(affectedSnapshots.length, "snapshot")}:`,
  ];
  for (const { snapshotId, path } of affectedFiles.slice(0, 20))
    lines.push(`           ${shortId(snapshotId)}  ${path}`);
  if (affectedFileCount > 20) lines.push(`           and ${affectedFileCount - 20} more`);
  return lines;
}

/** What to do, in the order in which it helps. */
function advice(errors: readonly Finding[]): string {
  const packs = errors.filter(({ kind }) => kind === "pack-damaged").map(({ object }) => object.replace(/^data\//, ""));
  const steps = [
    "What to do: keep a copy of the repository as it is, then",
    "  mycloud repo repair index",
    ...(packs.length > 0
      ? [`  mycloud repo repair packs ${packs.slice(0, 5).map(shortId).join(" ")}${packs.length > 5 ? " ..." : ""}`]
      : []),
    "  mycloud repo backup ...          what is still on disk is stored again",
    "  mycloud repo repair snapshots    snapshots without what is lost",
  ];
  return steps.join("\n");
}

async function writeJson(terminal: Terminal, result: VerifyResult): Promise<void> {
  const lines = result.findings.map((finding) => ({
    message_type: finding.severity,
    kind: finding.kind,
    object: finding.object,
    message: finding.message,
    affected_snapshots: finding.affectedSnapshots,
    affected_files: finding.affectedFiles.map(({ snapshotId, path }) => ({ snapshot: snapshotId, path })),
    affected_file_count: finding.affectedFileCount,
  }));
  const errors = result.findings.filter(({ severity }) => severity === "error");
  const summary = {
    message_type: "summary",
    num_errors: result.errorCount,
    broken_packs: errors
      .filter(({ kind }) => kind === "pack-damaged")
      .map(({ object }) => object.replace(/^data\//, "")),
    suggest_repair_index: errors.some(({ kind }) => kind.startsWith("index-") || kind.startsWith("pack-")),
    suggest_prune: result.findings.some(({ kind }) => kind === "pack-unreferenced"),
    is_sound: result.isSound,
    snapshots: result.snapshots,
    trees: result.trees,
    blobs: result.blobs,
    packs: result.packs,
    packs_read: result.packsRead,
    bytes_read: result.bytesRead,
  };
  await write(terminal.stdout, `${[...lines, summary].map((line) => JSON.stringify(line)).join("\n")}\n`);
}
