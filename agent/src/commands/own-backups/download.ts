import { basename, join } from "node:path";
import type { SnapshotEntry } from "@mycloud/protocol/snapshot-view";
import { Command } from "commander";
import {
  addExamples,
  CommandError,
  flagsOf,
  oneOf,
  printJson,
  remark,
  resolveFrom,
  type Terminal,
} from "../../command-line/index.ts";
import { addMachineOptions, type MachineFlags } from "../../machine-choice/index.ts";
import { chooseSnapshot, parseSnapshotPath, viewPathOf } from "../../snapshot-choice/index.ts";
import { formatSize } from "../repo/size-text.ts";
import { createRunDisplay } from "../run-following/index.ts";
import { downloadArchive } from "./download-archive.ts";
import { downloadFile } from "./download-file.ts";
import { findEntry } from "./ls.ts";
import { createTransferProgress } from "./transfer-progress.ts";
import { type Opened, openBackups, snapshotPathOf } from "./view-answers.ts";

export interface DownloadFlags extends MachineFlags {
  readonly output?: string;
  readonly format?: "zip" | "tar";
  readonly force?: boolean;
}

/** `mycloud download SNAPSHOT PATH...`. */
export function createDownloadCommand(terminal: Terminal): Command {
  const command = new Command("download")
    .description("Bring files of a snapshot to this machine: one file as it is, folders and several as an archive.")
    .argument("<SNAPSHOT>", "the beginning of an id, latest, latest~1, a time, or SNAPSHOT:PATH")
    .argument("[PATH...]", "files and folders")
    .option("-o, --output <FILE>", "the file to write, or - for standard output")
    .option("--format <FORMAT>", "zip or tar; of one file: as an archive, too", oneOf(["zip", "tar"]))
    .option("-f, --force", "overwrite FILE when it is there");
  addMachineOptions(command);
  addExamples(command, [
    ["mycloud download latest /srv/www", "www.zip in this folder"],
    ["mycloud download yesterday notes.txt -o -", "one file to standard output"],
    ["mycloud download 1a2b3c4d / --format tar -o - | tar -x", "everything, unpacked here"],
  ]);
  return command.action(async (text: string, words: string[]) => {
    const flags = flagsOf<DownloadFlags>(command);
    const typed = parseSnapshotPath(text, terminal.now());
    if (typed.snapshot === null) {
      throw new CommandError("usage", `write the snapshot first: mycloud download latest ${text}`);
    }
    const opened = await openBackups(terminal, flags);
    const names = [...(typed.path === null ? [] : [typed.path]), ...words];
    if (names.length === 0) throw new CommandError("usage", "which PATH? mycloud ls shows them; / is all");
    const paths = names.map((name) => viewPathOf(name, opened.standpoint));
    const snapshot = chooseSnapshot(opened.snapshots, typed.snapshot, paths[0] ?? null, terminal.now());
    const entries = await findAll(opened, snapshot.id, paths);
    await download(terminal, opened, flags, snapshot.id, entries);
  });
}

async function findAll(opened: Opened, snapshotId: string, paths: readonly string[]): Promise<SnapshotEntry[]> {
  return await Promise.all(
    paths.map(async (path) => {
      const entry = await findEntry(opened, snapshotId, path);
      if (entry !== null) return entry;
      throw new CommandError("notFound", `${path} is not in that snapshot; mycloud log ${path} shows which have it`);
    }),
  );
}

async function download(
  terminal: Terminal,
  opened: Opened,
  flags: DownloadFlags,
  snapshotId: string,
  entries: readonly SnapshotEntry[],
): Promise<void> {
  const [first] = entries;
  const isPlain = entries.length === 1 && first?.type === "file" && flags.format === undefined;
  const format = flags.format ?? "zip";
  const target = targetOf(terminal, flags, isPlain ? null : format, entries, opened.machine.hostName);
  const display = createRunDisplay(terminal, flags.json);
  const progress = createTransferProgress(terminal, display);
  const { client } = opened;
  const at = snapshotPathOf(opened, snapshotId);
  try {
    const options = { terminal, client, target, isForced: flags.force === true, progress };
    const done =
      isPlain && first !== undefined
        ? await downloadFile({ ...options, path: `${at}/file`, entry: first })
        : await downloadArchive({ ...options, path: `${at}/archive`, format, paths: entries.map(({ path }) => path) });
    await display.end();
    if (target === "-") return;
    if (flags.json) return await printJson(terminal, { file: target, ...done });
    await remark(terminal, `${target}  ${formatSize(done.sizeBytes)}${done.resumedAtBytes > 0 ? ", resumed" : ""}`);
  } finally {
    await display.end();
  }
}

/** The file to write, absolute, or `-`. Throws CommandError when standard output is a terminal. */
function targetOf(
  terminal: Terminal,
  { output }: DownloadFlags,
  format: string | null,
  entries: readonly SnapshotEntry[],
  hostName: string,
): string {
  if (output === "-") {
    if (terminal.stdout.isTTY === true && format !== null) {
      throw new CommandError("usage", "an archive is nothing for a terminal; give -o FILE, or pass it on with |");
    }
    return "-";
  }
  if (output !== undefined) return resolveFrom(terminal.workingDirectory, output);
  const [first] = entries;
  const stem = entries.length === 1 && first !== undefined && first.path !== "/" ? basename(first.path) : hostName;
  // A name comes from whoever made the file: it must be one, and visible.
  const safe = stem.replaceAll(/[/\u0000-\u001f\u007f]/g, "_").replace(/^\.{1,2}$/, "_");
  return join(terminal.workingDirectory, format === null ? safe : `${safe}.${format}`);
}
