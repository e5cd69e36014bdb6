import { FolderPage, maximumFolderPage, SnapshotEntry } from "@mycloud/protocol/snapshot-view";
import { Command } from "commander";
import { parseAnswer } from "../../client/index.ts";
import {
  addExamples,
  CommandError,
  flagsOf,
  oneOf,
  type Paint,
  paintFor,
  printable,
  printJson,
  remark,
  type Terminal,
  wholeNumber,
  write,
} from "../../command-line/index.ts";
import { addMachineOptions, type MachineFlags } from "../../machine-choice/index.ts";
import {
  type Choosable,
  chooseSnapshot,
  formatLocalTime,
  isBelow,
  parseSnapshotPath,
  viewPathOf,
} from "../../snapshot-choice/index.ts";
import { formatSize } from "../repo/size-text.ts";
import { shortId } from "../repo/snapshot-table.ts";
import { type Opened, openBackups, snapshotPathOf } from "./view-answers.ts";

interface LsFlags extends MachineFlags {
  readonly sort: keyof typeof sortFields;
  readonly reverse?: boolean;
  readonly limit: number;
}

const sortFields = { name: "name", size: "sizeBytes", time: "modifiedAtMs" } as const;

/** `mycloud ls [SNAPSHOT[:PATH]]`. */
export function createLsCommand(terminal: Terminal): Command {
  const command = new Command("ls")
    .description("List a folder as it was in a snapshot.")
    .argument("[SNAPSHOT[:PATH]]", "latest by default; without a PATH the working directory where it was backed up")
    .option("--sort <BY>", "name, size or time", oneOf(["name", "size", "time"]), "name")
    .option("-r, --reverse", "the other way round")
    .option("--limit <N>", "show at most N", wholeNumber(1, 1_000_000), 10_000);
  addMachineOptions(command);
  addExamples(command, [
    ["mycloud ls", "the newest snapshot"],
    ["mycloud ls yesterday:/srv/www", "a folder as it was yesterday"],
    ["mycloud ls 1a2b3c4d:docs --sort size -r", "largest first"],
  ]);
  return command.action(async (text: string | undefined) => {
    const flags = flagsOf<LsFlags>(command);
    const typed = parseSnapshotPath(text ?? "latest", terminal.now());
    const opened = await openBackups(terminal, flags);
    const given = typed.path === null ? null : viewPathOf(typed.path, opened.standpoint);
    const snapshot = chooseSnapshot(opened.snapshots, typed.snapshot ?? "latest", given, terminal.now());
    const path = given ?? startOf(snapshot, opened);
    const page = await readFolder(opened, snapshot.id, path, flags, terminal.signal);
    if (flags.json) {
      const { machine, repository } = opened;
      return printJson(terminal, {
        machine: machine.hostName,
        policy: repository.policyName,
        repositoryId: repository.id,
        snapshotId: snapshot.id,
        takenAtMs: snapshot.takenAtMs,
        ...page,
      });
    }
    await remark(
      terminal,
      `${opened.machine.hostName}:${page.entry.path} in ${shortId(snapshot.id)} of ${formatLocalTime(snapshot.takenAtMs)}`,
    );
    await write(terminal.stdout, formatEntries(page.entries, paintFor(terminal)));
    if (page.entries.length < page.total) {
      await remark(terminal, `showing ${page.entries.length} of ${page.total}; --limit shows more`);
    }
  });
}

/** Where to begin: the working directory when it was backed up from here, else what was backed up when that is one folder. */
function startOf({ paths }: Choosable, { standpoint, isHere }: Opened): string {
  const here = isHere ? viewPathOf(".", standpoint) : null;
  if (here !== null && paths.some((path) => isBelow(here, path))) return here;
  return paths.length === 1 && paths[0]?.startsWith("/") ? paths[0] : "/";
}

async function readFolder(
  opened: Opened,
  snapshotId: string,
  path: string,
  { sort, reverse, limit }: LsFlags,
  signal: AbortSignal,
): Promise<FolderPage> {
  const { client } = opened;
  const at = snapshotPathOf(opened, snapshotId);
  const entry = parseAnswer(SnapshotEntry, await client.request("GET", `${at}/entry`, { query: { path }, signal }));
  if (entry.type !== "dir") return { entry, entries: [entry], total: 1 };
  const entries: SnapshotEntry[] = [];
  while (true) {
    const page = parseAnswer(
      FolderPage,
      await client.request("GET", `${at}/folder`, {
        signal,
        query: {
          path,
          sort: sortFields[sort],
          order: reverse ? "desc" : "asc",
          offset: String(entries.length),
          limit: String(Math.min(maximumFolderPage, limit - entries.length)),
        },
      }),
    );
    entries.push(...page.entries);
    if (page.entries.length === 0 || entries.length >= Math.min(limit, page.total)) return { ...page, entries };
  }
}

/** As `ls -l` shows them. Pure but for the time zone. */
export function formatEntries(entries: readonly SnapshotEntry[], paint: Paint): string {
  const rows = entries.map((entry) => ({
    entry,
    owner: `${entry.user} ${entry.group}`,
    size: entry.sizeBytes === null ? "" : formatSize(entry.sizeBytes),
  }));
  const ownerWidth = Math.max(0, ...rows.map(({ owner }) => owner.length));
  const sizeWidth = Math.max(0, ...rows.map(({ size }) => size.length));
  const lines = rows.map(({ entry, owner, size }) => {
    const { mode, modifiedAtMs, name, type, linkTarget } = entry;
    const shown =
      type === "dir"
        ? paint("bold", `${printable(name)}/`)
        : printable(type === "symlink" ? `${name} -> ${linkTarget}` : name);
    return `${mode}  ${owner.padEnd(ownerWidth)}  ${size.padStart(sizeWidth)}  ${formatLocalTime(modifiedAtMs)}  ${shown}\n`;
  });
  return lines.join("");
}

/** The entry of a path in a snapshot, or null when it has none. Throws CommandError. */
export async function findEntry(opened: Opened, snapshotId: string, path: string): Promise<SnapshotEntry | null> {
  const request = opened.client.request("GET", `${snapshotPathOf(opened, snapshotId)}/entry`, { query: { path } });
  try {
    return parseAnswer(SnapshotEntry, await request);
  } catch (error) {
    if (error instanceof CommandError && error.code === "MYCLOUD_NOT_FOUND") return null;
    throw error;
  }
}
