import { EntryChange, type SnapshotEntry, TextDiff } from "@mycloud/protocol/snapshot-view";
import { Command } from "commander";
import { parseAnswer } from "../../client/index.ts";
import {
  addExamples,
  CommandError,
  flagsOf,
  paintFor,
  printable,
  printJson,
  remark,
  type Terminal,
  wholeNumber,
  write,
} from "../../command-line/index.ts";
import { addMachineOptions, type MachineFlags } from "../../machine-choice/index.ts";
import { chooseSnapshot, formatLocalTime, splitDiffArguments, viewPathOf } from "../../snapshot-choice/index.ts";
import { createLineWriter } from "../repo/line-writer.ts";
import { formatSize } from "../repo/size-text.ts";
import { shortId } from "../repo/snapshot-table.ts";
import { whileWaiting } from "../run-following/index.ts";
import { describeChanges, formatChange, formatTextDiff } from "./format-diff.ts";
import { findEntry } from "./ls.ts";
import { type Opened, openBackups, readLines } from "./view-answers.ts";

interface DiffFlags extends MachineFlags {
  readonly metadata?: boolean;
  readonly limit: number;
}

interface Sides {
  readonly from: Opened["snapshots"][number];
  readonly to: Opened["snapshots"][number];
  readonly path: string;
}

/** `mycloud diff [A] [B] [PATH]`. */
export function createDiffCommand(terminal: Terminal): Command {
  const command = new Command("diff")
    .description(
      "Show what changed from snapshot A to B: + added, - removed, ~ changed, t another type, m metadata alone; of one text file its lines.",
    )
    .argument("[A]", "a snapshot; without any the last two are compared")
    .argument("[B]", "another; without it the latest")
    .argument("[PATH]", "a file or folder; write ./NAME where it could be a snapshot")
    .option("--metadata", "also what changed in metadata alone")
    .option("--limit <N>", "show at most N", wholeNumber(1, 100_000), 10_000);
  addMachineOptions(command);
  addExamples(command, [
    ["mycloud diff", "what the newest snapshot brought"],
    ["mycloud diff yesterday", "since yesterday"],
    ["mycloud diff latest~3 latest notes.txt", "the lines of one file"],
  ]);
  return command.action(async (...typed: (string | undefined)[]) => {
    const flags = flagsOf<DiffFlags>(command);
    const nowMs = terminal.now();
    const words = typed.slice(0, 3).filter((word) => word !== undefined);
    const { from: a, to: b, path: at } = splitDiffArguments(words, nowMs);
    const opened = await openBackups(terminal, flags);
    const path = at === null ? "/" : viewPathOf(at, opened.standpoint);
    const from = chooseSnapshot(opened.snapshots, a, path, nowMs);
    const to = chooseSnapshot(opened.snapshots, b, path, nowMs);
    const sides: Sides = { from, to, path };
    if (path !== "/") {
      const [old, present] = await Promise.all([findEntry(opened, from.id, path), findEntry(opened, to.id, path)]);
      if (old === null && present === null) {
        throw new CommandError("notFound", `${path} is in neither snapshot; mycloud find looks in all`);
      }
      if (old?.type === "file" && present?.type === "file") {
        return diffText(terminal, opened, flags, sides, old, present);
      }
    }
    await diffTrees(terminal, opened, flags, sides);
  });
}

function heading({ machine, repository }: Opened, { from, to, path }: Sides) {
  return {
    machine: machine.hostName,
    policy: repository.policyName,
    repositoryId: repository.id,
    fromSnapshotId: from.id,
    toSnapshotId: to.id,
    path,
  };
}

async function diffTrees(terminal: Terminal, opened: Opened, flags: DiffFlags, sides: Sides): Promise<void> {
  const { from, to, path } = sides;
  const changes: EntryChange[] = [];
  const paint = paintFor(terminal);
  const output = createLineWriter(terminal.stdout);
  if (!flags.json) await remark(terminal, titleOf(sides));
  const { isTruncated } = await whileWaiting(terminal, "comparing", (end) =>
    readLines(
      opened.client,
      `/api/v1/backup-repositories/${opened.repository.id}/compare`,
      {
        query: {
          from: from.id,
          to: to.id,
          path,
          limit: String(flags.limit),
          ...(flags.metadata ? { metadata: "1" } : {}),
        },
        signal: terminal.signal,
      },
      EntryChange,
      async (change) => {
        end();
        changes.push(change);
        if (!flags.json) await output.line(formatChange(change, paint));
      },
    ),
  );
  if (flags.json) return printJson(terminal, { ...heading(opened, sides), changes, isTruncated });
  await output.flush();
  await remark(terminal, describeChanges(changes));
  if (isTruncated) await remark(terminal, `showing the first ${changes.length}; --limit shows more`);
}

function titleOf({ from, to, path }: Sides): string {
  const one = ({ id, takenAtMs }: Sides["from"]) => `${shortId(id)} of ${formatLocalTime(takenAtMs)}`;
  return `${printable(path)}: ${one(from)} to ${one(to)}`;
}

async function diffText(
  terminal: Terminal,
  opened: Opened,
  flags: DiffFlags,
  sides: Sides,
  old: SnapshotEntry,
  present: SnapshotEntry,
): Promise<void> {
  const { from, to, path } = sides;
  const diff = parseAnswer(
    TextDiff,
    await opened.client.request("GET", `/api/v1/backup-repositories/${opened.repository.id}/text-diff`, {
      query: { from: from.id, fromPath: path, to: to.id, toPath: path },
      signal: terminal.signal,
    }),
  );
  if (flags.json) return printJson(terminal, { ...heading(opened, sides), diff });
  if (diff.refusal !== null) {
    const sizes = `${formatSize(old.sizeBytes ?? 0)} to ${formatSize(present.sizeBytes ?? 0)}`;
    const isSame = old.contentId !== null && old.contentId === present.contentId;
    return remark(
      terminal,
      `${printable(path)}: ${isSame ? "the same" : "changed"}, ${sizes}; ${printable(diff.refusal)}`,
    );
  }
  if (diff.hunks.length === 0) return remark(terminal, `${printable(path)} is the same in both`);
  const names = {
    from: `${path}\t${formatLocalTime(from.takenAtMs)}`,
    to: `${path}\t${formatLocalTime(to.takenAtMs)}`,
  };
  await write(terminal.stdout, formatTextDiff(diff, names, paintFor(terminal)));
}
