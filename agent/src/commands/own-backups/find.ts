import { FoundEntry } from "@mycloud/protocol/snapshot-view";
import { Command } from "commander";
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
import { chooseSnapshot, formatLocalTime, viewPathOf } from "../../snapshot-choice/index.ts";
import { formatSize } from "../repo/size-text.ts";
import { shortId } from "../repo/snapshot-table.ts";
import { whileWaiting } from "../run-following/index.ts";
import { openBackups, readLines } from "./view-answers.ts";

interface FindFlags extends MachineFlags {
  readonly in?: string;
  readonly snapshot?: string;
  readonly limit: number;
}

/** `mycloud find PATTERN`. */
export function createFindCommand(terminal: Terminal): Command {
  const command = new Command("find")
    .description("Look for files and folders by name in all snapshots: each version once, with where it was last.")
    .argument("<PATTERN>", "a name or part of one; a pattern with * and ?; with a slash in it a path")
    .option("--in <PATH>", "only below this folder")
    .option("--snapshot <SNAPSHOT>", "only in this one")
    .option("--limit <N>", "show at most N", wholeNumber(1, 10_000), 500);
  addMachineOptions(command);
  addExamples(command, [
    ["mycloud find invoice", "whose name has this in it, upper or lower case"],
    ["mycloud find '*.jpg' --in /srv/www", "below a folder"],
  ]);
  return command.action(async (pattern: string) => {
    const flags = flagsOf<FindFlags>(command);
    const opened = await openBackups(terminal, flags);
    const path = flags.in === undefined ? "/" : viewPathOf(flags.in, opened.standpoint);
    const snapshot =
      flags.snapshot === undefined ? null : chooseSnapshot(opened.snapshots, flags.snapshot, path, terminal.now());
    const matches: FoundEntry[] = [];
    const { client, machine, repository } = opened;
    const { isTruncated } = await whileWaiting(terminal, "searching", () =>
      readLines(
        client,
        `/api/v1/backup-repositories/${repository.id}/find`,
        {
          query: { pattern, path, limit: String(flags.limit), ...(snapshot === null ? {} : { snapshot: snapshot.id }) },
          signal: terminal.signal,
        },
        FoundEntry,
        (found) => {
          matches.push(found);
        },
      ),
    );
    if (flags.json) {
      return printJson(terminal, {
        machine: machine.hostName,
        policy: repository.policyName,
        repositoryId: repository.id,
        matches,
        isTruncated,
      });
    }
    await printTable(terminal, columns, matches, `nothing is named like "${printable(pattern)}"`);
    if (isTruncated) await remark(terminal, `showing ${matches.length}; --limit shows more`);
  });
}

const columns: readonly Column<FoundEntry>[] = [
  { heading: "LAST IN", cell: ({ newestSnapshotId }) => shortId(newestSnapshotId) },
  { heading: "TIME", cell: ({ newestAtMs }) => formatLocalTime(newestAtMs) },
  {
    heading: "SIZE",
    cell: ({ entry }) => (entry.sizeBytes === null ? "" : formatSize(entry.sizeBytes)),
    align: "right",
  },
  { heading: "MODIFIED", cell: ({ entry }) => formatLocalTime(entry.modifiedAtMs) },
  { heading: "PATH", cell: ({ entry }) => printable(entry.type === "dir" ? `${entry.path}/` : entry.path) },
];
