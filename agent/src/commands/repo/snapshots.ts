import type { SnapshotGroup, StoredSnapshot } from "@mycloud/backup/snapshot";
import { Command } from "commander";
import { addExamples, flagsOf, printJson, type Terminal, wholeNumber, write } from "../../command-line/index.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import {
  addSnapshotOptions,
  type GroupKey,
  groupKeysOf,
  type SnapshotFlags,
  snapshotFilter,
} from "./snapshot-options.ts";
import { printGroupHeading, printSnapshots, snapshotJson } from "./snapshot-table.ts";
import { type OpenedRepository, withRepository } from "./with-repository.ts";

interface SnapshotsFlags extends RepositoryFlags, SnapshotFlags {
  readonly groupBy?: GroupKey[];
  readonly latest?: number;
}

/** `mycloud repo snapshots`. */
export function createSnapshotsVerb(terminal: Terminal): Command {
  const command = new Command("snapshots")
    .description("List snapshots, oldest first.")
    .argument("[SNAPSHOT...]", "only these: ids, their beginnings, or latest")
    .option("-g, --group-by <KEYS>", "a table for each host,paths,tags", groupKeysOf)
    .option("--latest <N>", "only the newest N of each host and paths", wholeNumber(1, 1_000_000));
  addSnapshotOptions(command);
  addRepositoryOptions(command);
  addExamples(command, [
    ["mycloud repo snapshots --latest 1", "the newest of each host and paths"],
    ["mycloud repo snapshots --host web1 --json", "for scripts"],
  ]);
  return command.action(async (specifiers: string[]) => {
    const flags = flagsOf<SnapshotsFlags>(command);
    await withRepository(terminal, command, loadEngine, async (opened) => {
      const { repository, engine, settings } = opened;
      const chosen = await chooseSnapshots(terminal, opened, flags, specifiers);
      const groups = flags.groupBy === undefined ? null : engine.snapshot.groupSnapshots(chosen, flags.groupBy);
      if (settings.isJson) return printJson(terminal, groups?.map(groupJson) ?? chosen.map(snapshotJson));
      const holds = await engine.hold.listHolds(repository.backend, terminal.signal);
      if (groups === null) return printSnapshots(terminal, chosen, { holds });
      for (const [at, group] of groups.entries()) {
        if (at > 0) await write(terminal.stdout, "\n");
        await printGroupHeading(terminal, group);
        await printSnapshots(terminal, group.snapshots, { holds });
      }
    });
  });
}

async function chooseSnapshots(
  terminal: Terminal,
  { repository, engine, display }: OpenedRepository<Awaited<ReturnType<typeof loadEngine>>>,
  flags: SnapshotsFlags,
  specifiers: readonly string[],
): Promise<readonly StoredSnapshot[]> {
  const { compareSnapshots, groupSnapshots, listSnapshots, matchesFilter, resolveSnapshot } = engine.snapshot;
  const filter = snapshotFilter(flags);
  const found = new Map<string, StoredSnapshot>();
  for (const specifier of specifiers) {
    const { snapshot } = await resolveSnapshot(repository, specifier, filter, terminal.signal);
    found.set(snapshot.id, snapshot);
  }
  let chosen = [...found.values()].sort(compareSnapshots);
  if (specifiers.length === 0) {
    const onDamaged = (_id: string, error: Error) => display.note(`mycloud: ${error.message}`);
    const all = await listSnapshots(repository, { signal: terminal.signal, onDamaged });
    chosen = all.filter((snapshot) => matchesFilter(snapshot, filter));
  }
  const { latest } = flags;
  if (latest === undefined) return chosen;
  const groups = groupSnapshots(chosen, ["host", "paths"]);
  return groups.flatMap((group) => group.snapshots.slice(-latest)).sort(compareSnapshots);
}

function groupJson({ host, paths, tags, snapshots }: SnapshotGroup<StoredSnapshot>): Readonly<Record<string, unknown>> {
  return { group_key: { hostname: host ?? "", paths, tags }, snapshots: snapshots.map(snapshotJson) };
}

async function loadEngine() {
  const [snapshot, hold] = await Promise.all([import("@mycloud/backup/snapshot"), import("@mycloud/backup/hold")]);
  return { snapshot, hold };
}
