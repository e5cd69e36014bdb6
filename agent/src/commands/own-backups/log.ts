import { FileHistory, type MachineSnapshot } from "@mycloud/protocol/machine";
import type { FileVersion } from "@mycloud/protocol/snapshot-view";
import { Command } from "commander";
import { parseAnswer } from "../../client/index.ts";
import {
  addExamples,
  type Column,
  flagsOf,
  printable,
  printJson,
  printTable,
  remark,
  type Terminal,
  wholeNumber,
} from "../../command-line/index.ts";
import { addMachineOptions, type MachineFlags } from "../../machine-choice/index.ts";
import { formatLocalTime, isDump, viewPathOf } from "../../snapshot-choice/index.ts";
import { counted, formatCount, formatSize } from "../repo/size-text.ts";
import { shortId } from "../repo/snapshot-table.ts";
import { whileWaiting } from "../run-following/index.ts";
import { type Opened, openBackups } from "./view-answers.ts";

interface LogFlags extends MachineFlags {
  readonly limit: number;
  readonly all?: boolean;
}

/** `mycloud log [PATH]`. */
export function createLogCommand(terminal: Terminal): Command {
  const command = new Command("log")
    .description("Show the snapshots of a machine, newest first; of a file: its versions.")
    .argument("[PATH]", "a file or folder, from the working directory when this is the machine itself")
    .option("-n, --limit <N>", "show at most N", wholeNumber(1, 1000), 50)
    .option("--all", "show all, also the dumps of databases made beside the files");
  addMachineOptions(command);
  addExamples(command, [
    ["mycloud log", "when was what backed up"],
    ["mycloud log notes.txt", "when this file changed"],
  ]);
  return command.action(async (typed: string | undefined) => {
    const flags = flagsOf<LogFlags>(command);
    const opened = await openBackups(terminal, flags);
    if (typed === undefined) return logSnapshots(terminal, opened, flags);
    await logVersions(terminal, opened, flags, viewPathOf(typed, opened.standpoint));
  });
}

async function logSnapshots(terminal: Terminal, opened: Opened, flags: LogFlags): Promise<void> {
  const { machine, repository } = opened;
  const newestFirst = opened.snapshots.toReversed();
  const ofFiles = newestFirst.filter((snapshot) => !isDump(snapshot));
  const counting = flags.all || ofFiles.length === 0 ? newestFirst : ofFiles;
  const shown = flags.all ? counting : counting.slice(0, flags.limit);
  if (flags.json) {
    const { hostName } = machine;
    return printJson(terminal, {
      machine: hostName,
      policy: repository.policyName,
      repositoryId: repository.id,
      snapshots: shown,
    });
  }
  await printTable(terminal, snapshotColumns(shown), shown, "no snapshot yet; mycloud sync makes one");
  const dumps = newestFirst.length - counting.length;
  const rest = counting.length - shown.length;
  if (rest > 0) await remark(terminal, `showing ${shown.length} of ${counting.length}; --all shows all`);
  if (dumps > 0) await remark(terminal, `and ${counted(dumps, "dump")} of databases; --all shows them`);
}

/** One line each; what no snapshot has gets no column. Pure. */
export function snapshotColumns(snapshots: readonly MachineSnapshot[]): Column<MachineSnapshot>[] {
  const when = (condition: boolean, column: Column<MachineSnapshot>) => (condition ? [column] : []);
  const number = (value: number | null, sign: string) => (value === null ? "" : `${sign}${formatCount(value)}`);
  const size = (bytes: number | null) => (bytes === null ? "" : formatSize(bytes));
  return [
    { heading: "SNAPSHOT", cell: ({ id }) => shortId(id) },
    { heading: "TIME", cell: ({ takenAtMs }) => formatLocalTime(takenAtMs) },
    { heading: "NEW", cell: ({ filesNew }) => number(filesNew, "+"), align: "right" },
    { heading: "CHANGED", cell: ({ filesChanged }) => number(filesChanged, "~"), align: "right" },
    { heading: "FILES", cell: ({ totalFiles }) => number(totalFiles, ""), align: "right" },
    { heading: "SIZE", cell: ({ totalBytes }) => size(totalBytes), align: "right" },
    { heading: "ADDED", cell: ({ addedBytes }) => size(addedBytes), align: "right" },
    ...when(
      snapshots.some(({ unreadableCount }) => unreadableCount > 0),
      { heading: "UNREAD", cell: ({ unreadableCount }) => String(unreadableCount || ""), align: "right" },
    ),
    ...when(snapshots.some(isDump), {
      heading: "OF",
      cell: ({ tags, paths }) =>
        printable(tags.find((tag) => tag.startsWith("source="))?.slice("source=".length) ?? paths.join(" ")),
    }),
    ...when(
      snapshots.some(({ hold }) => hold !== null),
      { heading: "HELD", cell: ({ hold }) => describeHold(hold) },
    ),
    ...when(
      snapshots.some(({ note, labels }) => note !== "" || labels.length > 0),
      {
        heading: "NOTE",
        cell: ({ note, labels }) => printable([...labels.map((label) => `[${label}]`), note].join(" ").trim()),
      },
    ),
  ];
}

function describeHold(hold: MachineSnapshot["hold"]): string {
  if (hold === null) return "";
  return printable(hold.untilMs === null ? hold.reason : `${hold.reason}, until ${formatLocalTime(hold.untilMs)}`);
}

async function logVersions(terminal: Terminal, opened: Opened, flags: LogFlags, path: string): Promise<void> {
  const { client, machine, repository } = opened;
  const { isTruncated, ...history } = parseAnswer(
    FileHistory,
    await whileWaiting(terminal, "looking through snapshots", () =>
      client.request("GET", `/api/v1/backup-repositories/${repository.id}/history`, {
        query: { path, limit: String(flags.all ? 1000 : flags.limit) },
        signal: terminal.signal,
      }),
    ),
  );
  // As git shows a log: the newest first.
  const versions = history.versions.toSorted((one, other) => other.takenAtMs - one.takenAtMs);
  if (flags.json) {
    return printJson(terminal, {
      machine: machine.hostName,
      policy: repository.policyName,
      repositoryId: repository.id,
      path,
      versions,
      isTruncated,
    });
  }
  await printTable(terminal, versionColumns, versions, `${printable(path)} is in no snapshot`);
  if (isTruncated) await remark(terminal, `showing ${versions.length}; --all shows more`);
}

const versionColumns: readonly Column<FileVersion>[] = [
  { heading: "SNAPSHOT", cell: ({ snapshotId }) => shortId(snapshotId) },
  { heading: "TIME", cell: ({ takenAtMs }) => formatLocalTime(takenAtMs) },
  { heading: "WHAT", cell: ({ change }) => change },
  {
    heading: "SIZE",
    cell: ({ entry }) => (entry === null || entry.sizeBytes === null ? "" : formatSize(entry.sizeBytes)),
    align: "right",
  },
  { heading: "MODIFIED", cell: ({ entry }) => (entry === null ? "" : formatLocalTime(entry.modifiedAtMs)) },
  {
    heading: "SAME UNTIL",
    cell: ({ snapshotId, lastSnapshotId, lastTakenAtMs }) =>
      snapshotId === lastSnapshotId ? "" : `${shortId(lastSnapshotId)} ${formatLocalTime(lastTakenAtMs)}`,
  },
];
