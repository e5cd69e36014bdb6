import type { FindCriteria } from "@mycloud/backup/listing";
import type { StoredSnapshot } from "@mycloud/backup/snapshot";
import { Command } from "commander";
import {
  addExamples,
  CommandError,
  collect,
  flagsOf,
  formatInstant,
  paintFor,
  parseDurationMs,
  printJson,
  remark,
  someOf,
  type Terminal,
  write,
} from "../../command-line/index.ts";
import { createLineWriter } from "./line-writer.ts";
import { parseLocalTimeMs } from "./local-time.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { addSnapshotOptions, type SnapshotFlags, snapshotFilter } from "./snapshot-options.ts";
import { shortId, snapshotAtMs } from "./snapshot-table.ts";
import { type OpenedRepository, underSharedLock, withRepository } from "./with-repository.ts";

const types = ["file", "dir", "symlink", "dev", "chardev", "fifo", "socket"] as const;

interface FindFlags extends RepositoryFlags, SnapshotFlags {
  readonly ignoreCase?: boolean;
  readonly long?: boolean;
  readonly oldest?: string;
  readonly newest?: string;
  readonly type?: (typeof types)[number][];
  readonly minSize?: string;
  readonly maxSize?: string;
  readonly snapshot?: string[];
  readonly blob?: boolean;
  readonly tree?: boolean;
  readonly pack?: boolean;
}

/** `mycloud repo find`. */
export function createFindVerb(terminal: Terminal): Command {
  const command = new Command("find")
    .description("Find files in all snapshots, or in some.")
    .argument("[PATTERN...]", "names or paths with *, ? and **; with --blob, --tree or --pack ids")
    .option("-i, --ignore-case", "upper and lower case are the same")
    .option("-l, --long", "with mode, owner, size and time")
    .option("-O, --oldest <TIME>", "modified at this time or later: 2026-11-22, 2026-11-22T20:15, or 7d for days ago")
    .option("-N, --newest <TIME>", "modified at this time or before")
    .option("--type <TYPE>", `only entries of these types: ${types.join(", ")}`, someOf(types))
    .option("--min-size <SIZE>", "only files of at least so many bytes, e.g. 10M")
    .option("--max-size <SIZE>", "only files of at most so many bytes")
    .option("-s, --snapshot <ID>", "only in this snapshot; repeatable", collect)
    .option("--blob", "PATTERN are blobs: which files use them")
    .option("--tree", "PATTERN are trees: which directories they are")
    .option("--pack", "PATTERN are packs: which files use something in them");
  addSnapshotOptions(command);
  addRepositoryOptions(command);
  addExamples(command, [
    ["mycloud repo find '*.conf' --newest 2026-11-01", "configuration not touched since"],
    ["mycloud repo find -s latest --min-size 1G", "what is large now"],
  ]);
  return command.action(async (patterns: string[]) => {
    const flags = flagsOf<FindFlags>(command);
    await withRepository(terminal, command, loadEngine, async (opened) => {
      const criteria = await criteriaOf(flags, patterns, terminal, opened.engine);
      await underSharedLock(terminal, opened, async (signal) => {
        const snapshots = await chosenSnapshots(opened, flags, signal);
        await opened.repository.loadIndex(signal);
        if (flags.blob || flags.tree || flags.pack)
          await findUses(terminal, opened, flags, patterns, snapshots, signal);
        else await findNamed(terminal, opened, flags, criteria, snapshots, signal);
      });
    });
  });
}

type Engine = Awaited<ReturnType<typeof loadEngine>>;

async function loadEngine() {
  const [snapshot, listing, pattern, bytes] = await Promise.all([
    import("@mycloud/backup/snapshot"),
    import("@mycloud/backup/listing"),
    import("@mycloud/backup/pattern"),
    import("@mycloud/backup/byte-string"),
  ]);
  return { snapshot, listing, pattern, bytes };
}

async function criteriaOf(
  flags: FindFlags,
  patterns: readonly string[],
  terminal: Terminal,
  engine: Engine,
): Promise<FindCriteria> {
  const { oldest, newest, type, minSize, maxSize } = flags;
  if (patterns.length === 0 && !(oldest || newest || type || minSize || maxSize)) {
    throw new CommandError(
      "usage",
      "what to find? Give a pattern such as '*.conf', or --type, --min-size, --oldest ...",
    );
  }
  const atNs = (option: string, text: string) => BigInt(parseTime(option, text, terminal.now())) * 1_000_000n;
  return {
    patterns,
    isCaseIgnored: flags.ignoreCase === true,
    ...(type === undefined ? {} : { types: type }),
    ...(oldest === undefined ? {} : { oldestNs: atNs("--oldest", oldest) }),
    ...(newest === undefined ? {} : { newestNs: atNs("--newest", newest) + 999_999n }),
    ...(minSize === undefined ? {} : { minSizeBytes: engine.pattern.parseSize(minSize, "--min-size") }),
    ...(maxSize === undefined ? {} : { maxSizeBytes: engine.pattern.parseSize(maxSize, "--max-size") }),
  };
}

function parseTime(option: string, text: string, nowMs: number): number {
  const ago = parseDurationMs(text);
  if (ago !== undefined) return nowMs - ago;
  const atMs = parseLocalTimeMs(text);
  if (atMs !== undefined) return atMs;
  throw new CommandError("usage", `${option} is "${text}"; write 2026-11-22, "2026-11-22 20:15:00" or 7d for days ago`);
}

async function chosenSnapshots(
  { repository, engine }: OpenedRepository<Engine>,
  flags: FindFlags,
  signal: AbortSignal,
): Promise<readonly StoredSnapshot[]> {
  const filter = snapshotFilter(flags);
  if (flags.snapshot === undefined) {
    const all = await engine.snapshot.listSnapshots(repository, { signal });
    return all.filter((snapshot) => engine.snapshot.matchesFilter(snapshot, filter));
  }
  const named: StoredSnapshot[] = [];
  for (const specifier of flags.snapshot) {
    named.push((await engine.snapshot.resolveSnapshot(repository, specifier, filter, signal)).snapshot);
  }
  return named;
}

async function findNamed(
  terminal: Terminal,
  { repository, engine, settings }: OpenedRepository<Engine>,
  flags: FindFlags,
  criteria: FindCriteria,
  snapshots: readonly StoredSnapshot[],
  signal: AbortSignal,
): Promise<void> {
  const output = createLineWriter(terminal.stdout);
  const paint = paintFor(terminal);
  const grouped = new Map<string, Readonly<Record<string, unknown>>[]>();
  let heading = "";
  for await (const found of engine.listing.findEntries(repository, { ...criteria, snapshots, signal })) {
    const { id } = found.snapshot;
    if (settings.isJson) {
      const matches = grouped.get(id) ?? [];
      matches.push(engine.listing.entryJson(found));
      grouped.set(id, matches);
      continue;
    }
    if (heading !== id) {
      const title = `snapshot ${shortId(id)} of ${found.snapshot.hostname ?? ""} at ${formatInstant(snapshotAtMs(found.snapshot))}`;
      await output.line(`${heading === "" ? "" : "\n"}${paint("bold", title)}`);
      heading = id;
    }
    await output.line(engine.listing.entryLine(found, { isLong: flags.long === true }));
  }
  await output.flush();
  if (settings.isJson) {
    const hits = [...grouped].map(([snapshot, matches]) => ({ matches, hits: matches.length, snapshot }));
    return printJson(terminal, hits);
  }
  if (heading === "") await remark(terminal, `nothing found in ${snapshots.length} snapshots`);
}

async function findUses(
  terminal: Terminal,
  { repository, engine, settings }: OpenedRepository<Engine>,
  flags: FindFlags,
  ids: readonly string[],
  snapshots: readonly StoredSnapshot[],
  signal: AbortSignal,
): Promise<void> {
  if (ids.length === 0) throw new CommandError("usage", "which ones? Give their ids, or the beginnings of them");
  const wanted = {
    ...(flags.blob ? { blobs: ids } : {}),
    ...(flags.tree ? { trees: ids } : {}),
    ...(flags.pack ? { packs: ids } : {}),
  };
  const all: Readonly<Record<string, unknown>>[] = [];
  for await (const found of engine.listing.findObjects(repository, { ...wanted, snapshots, signal })) {
    const path = engine.bytes.displayText(found.path) || "/";
    if (settings.isJson) {
      const object_type = found.type === "data" ? "blob" : "tree";
      all.push({
        object_type,
        id: found.id,
        path,
        ...(found.packId === null ? {} : { pack: found.packId }),
        snapshot: found.snapshot.id,
        time: found.snapshot.time,
      });
    } else {
      const pack = found.packId === null ? "" : `  (pack ${shortId(found.packId)})`;
      await write(
        terminal.stdout,
        `${shortId(found.snapshot.id)}  ${found.type} ${shortId(found.id)}  ${path}${pack}\n`,
      );
    }
  }
  if (settings.isJson) await printJson(terminal, all);
}
