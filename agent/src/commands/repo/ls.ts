import type { ByteString } from "@mycloud/backup/byte-string";
import type { ListedEntry, ListOptions } from "@mycloud/backup/listing";
import type { StoredSnapshot } from "@mycloud/backup/snapshot";
import { Command } from "commander";
import { addExamples, flagsOf, formatInstant, printable, type Terminal } from "../../command-line/index.ts";
import { createLineWriter } from "./line-writer.ts";
import { pathArgument } from "./path-argument.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { addSnapshotOptions, type SnapshotFlags, snapshotFilter } from "./snapshot-options.ts";
import { shortId, snapshotAtMs, snapshotJson } from "./snapshot-table.ts";
import { underSharedLock, withRepository } from "./with-repository.ts";

interface LsFlags extends RepositoryFlags, SnapshotFlags {
  readonly long?: boolean;
  readonly recursive?: boolean;
}

/** `mycloud repo ls`. */
export function createLsVerb(terminal: Terminal): Command {
  const command = new Command("ls")
    .description("List what is in a snapshot.")
    .argument("<SNAPSHOT>", "an id, its beginning, or latest; ID:PATH begins at that directory")
    .argument("[PATH...]", "only these paths and what lies directly in them")
    .option("-l, --long", "with mode, owner, size and time")
    .option("--recursive", "also below the directories of PATH");
  addSnapshotOptions(command);
  addRepositoryOptions(command);
  addExamples(command, [
    ["mycloud repo ls latest", "everything"],
    ["mycloud repo ls -l latest /etc", "one directory, as ls -l"],
  ]);
  return command.action(async (specifier: string, paths: string[]) => {
    const flags = flagsOf<LsFlags>(command);
    await withRepository(terminal, command, loadEngine, async (opened) => {
      const { repository, engine, settings, display } = opened;
      await underSharedLock(terminal, opened, async (signal) => {
        const filter = snapshotFilter(flags);
        const { snapshot, path } = await engine.snapshot.resolveSnapshot(repository, specifier, filter, signal);
        await repository.loadIndex(signal);
        const output = createLineWriter(terminal.stdout);
        if (settings.isJson) await output.line(snapshotLine(snapshot));
        else if (!settings.isQuiet) display.note(describeSnapshot(snapshot));
        const isLong = flags.long === true;
        const { entryJson, entryLine } = engine.listing;
        const show = (entry: ListedEntry) =>
          output.line(settings.isJson ? JSON.stringify(entryJson(entry)) : entryLine(entry, { isLong }));
        const below = paths.map((typed) => pathArgument(typed));
        for (const start of startsOf(path, below, engine.bytes.joinBytes)) {
          const options = listOptions(start, flags.recursive, signal);
          for await (const entry of engine.listing.listEntries(repository, snapshot, options)) await show(entry);
        }
        await output.flush();
      });
    });
  });
}

function listOptions(path: ByteString | null, isRecursive: boolean | undefined, signal: AbortSignal): ListOptions {
  return { signal, ...(path === null ? {} : { path }), ...(isRecursive === undefined ? {} : { isRecursive }) };
}

function snapshotLine(snapshot: StoredSnapshot): string {
  return JSON.stringify({ ...snapshotJson(snapshot), struct_type: "snapshot" });
}

/** Where to list: the paths, below that of `ID:PATH`; null is the whole snapshot. */
function startsOf(
  base: ByteString,
  paths: readonly ByteString[],
  join: (...parts: string[]) => ByteString,
): readonly (ByteString | null)[] {
  if (paths.length === 0) return [base === "" ? null : base];
  return base === "" ? paths : paths.map((path) => join(base, "/", path));
}

function describeSnapshot(snapshot: StoredSnapshot): string {
  const of = `${snapshot.hostname ?? ""}:${snapshot.paths.join(" ")}`;
  return `snapshot ${shortId(snapshot.id)} of ${printable(of)} at ${formatInstant(snapshotAtMs(snapshot))}`;
}

async function loadEngine() {
  const [snapshot, listing, bytes] = await Promise.all([
    import("@mycloud/backup/snapshot"),
    import("@mycloud/backup/listing"),
    import("@mycloud/backup/byte-string"),
  ]);
  return { snapshot, listing, bytes };
}
