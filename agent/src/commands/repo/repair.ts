import type { RepairSnapshotsResult } from "@mycloud/backup/repair";
import type { StoredSnapshot } from "@mycloud/backup/snapshot";
import { Command } from "commander";
import { CommandError, commandGroup, flagsOf, printJson, type Terminal, write } from "../../command-line/index.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { repositoryPassword } from "./repository-password.ts";
import { counted } from "./size-text.ts";
import { addSnapshotOptions, type SnapshotFlags, snapshotFilter } from "./snapshot-options.ts";
import { shortId } from "./snapshot-table.ts";
import { withBackend, withRepository } from "./with-repository.ts";

/** `mycloud repo repair config|index|packs|snapshots`. */
export function createRepairVerb(terminal: Terminal): Command {
  return commandGroup(
    "repair",
    "Make a damaged repository usable again; in this order: config, index, packs, snapshots, then prune.",
    [repairConfigVerb(terminal), repairIndexVerb(terminal), repairPacksVerb(terminal), repairSnapshotsVerb(terminal)],
  );
}

interface RepairFlags extends RepositoryFlags, SnapshotFlags {
  readonly readAllPacks?: boolean;
  readonly dryRun?: boolean;
  readonly forget?: boolean;
}

function repairConfigVerb(terminal: Terminal): Command {
  const command = new Command("config")
    .description(
      "Make a new config where it is damaged or lost. Unchanged data that is read again is stored again once.",
    )
    .option("-n, --dry-run", "say what would be done, and change nothing");
  addRepositoryOptions(command);
  return command.action(async () => {
    const flags = flagsOf<RepairFlags>(command);
    await withBackend(terminal, flags, async ({ backend, settings }) => {
      const { repairConfig } = await import("@mycloud/backup/repair");
      const password = await repositoryPassword(terminal, flags);
      const isDryRun = flags.dryRun === true;
      const { config } = await repairConfig(backend, password, { isDryRun, signal: terminal.signal });
      if (settings.isJson)
        return printJson(terminal, { dry_run: isDryRun, is_damaged: config !== null, id: config?.id ?? null });
      const text =
        config === null
          ? "the config is sound; nothing was changed"
          : isDryRun
            ? `the config is damaged or lost; a new one of version ${config.version} would be made (dry run)`
            : `made a new config of version ${config.version}; the repository's id is ${shortId(config.id)} now`;
      if (!settings.isQuiet) await write(terminal.stdout, `${text}\n`);
    });
  });
}

function repairIndexVerb(terminal: Terminal): Command {
  const command = new Command("index")
    .description("Write a new index from the packs themselves.")
    .option("--read-all-packs", "read the header of every pack, not only of those the index lacks")
    .option("-n, --dry-run", "say what would be done, and change nothing");
  addRepositoryOptions(command);
  return command.action(async () => {
    const flags = flagsOf<RepairFlags>(command);
    await withRepository(terminal, command, loadEngine, async ({ repository, engine, settings, display }) => {
      const result = await engine.repair.repairIndex(repository, {
        readAllPacks: flags.readAllPacks === true,
        isDryRun: flags.dryRun === true,
        onProgress: display.onProgress,
        signal: terminal.signal,
      });
      display.end();
      if (settings.isJson) {
        return printJson(terminal, {
          dry_run: flags.dryRun === true,
          packs_entered: result.packsEntered,
          packs_missing: result.packsMissing,
          packs_unreadable: result.packsUnreadable,
          indexes_unreadable: result.indexesUnreadable,
        });
      }
      const lines = [
        ...result.packsUnreadable.map(({ id, message }) => `unreadable  ${shortId(id)}: ${message}`),
        `${counted(result.packsEntered, "pack")} read and entered`,
        ...(result.packsMissing.length > 0
          ? [`${counted(result.packsMissing.length, "pack")} of the old index missing`]
          : []),
        ...(result.indexesUnreadable.length > 0
          ? [`${counted(result.indexesUnreadable.length, "old index file")} unreadable`]
          : []),
        flags.dryRun ? "nothing was changed (dry run)" : "the index is new; mycloud repo verify says how things stand",
      ];
      if (!settings.isQuiet) await write(terminal.stdout, `${lines.join("\n")}\n`);
    });
  });
}

function repairPacksVerb(terminal: Terminal): Command {
  const command = new Command("packs")
    .description("Write the good blobs of damaged packs again, and drop the packs.")
    .argument("<PACK...>", "their ids as verify names them, or the beginnings");
  addRepositoryOptions(command);
  return command.action(async (wanted: string[]) => {
    await withRepository(terminal, command, loadEngine, async ({ repository, engine, settings, display }) => {
      const ids = await packIds(repository.backend, wanted, terminal.signal);
      const result = await engine.repair.repairPacks(repository, ids, {
        onProgress: display.onProgress,
        signal: terminal.signal,
      });
      display.end();
      if (settings.isJson) {
        return printJson(terminal, {
          packs: result.packs,
          blobs_salvaged: result.blobsSalvaged,
          blobs_lost: result.blobsLost,
        });
      }
      const lost = result.blobsLost === 0 ? "nothing lost" : `${counted(result.blobsLost, "blob")} lost`;
      const next =
        result.blobsLost === 0 ? "" : "; a backup of the files stores them again, else mycloud repo repair snapshots";
      const text = `${counted(result.packs, "pack")}: ${counted(result.blobsSalvaged, "blob")} saved, ${lost}${next}\n`;
      if (!settings.isQuiet) await write(terminal.stdout, text);
    });
  });
}

/** The packs with these ids or beginnings of ids. */
async function packIds(
  backend: import("@mycloud/backup/backend").Backend,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const files = await backend.list("data", signal);
  return wanted.map((prefix) => {
    const found = files.filter(({ name }) => name.startsWith(prefix.toLowerCase()));
    const [file] = found;
    if (file === undefined) throw new CommandError("notFound", `there is no pack ${prefix} in the repository`);
    if (found.length > 1)
      throw new CommandError("input", `${prefix} is the beginning of ${found.length} packs; write more of it`);
    return file.name;
  });
}

function repairSnapshotsVerb(terminal: Terminal): Command {
  const command = new Command("snapshots")
    .description("Write damaged snapshots again without what is lost.")
    .argument("[SNAPSHOT...]", "only these (default all)")
    .option("--forget", "drop the damaged ones when their copies are stored")
    .option("-n, --dry-run", "say what would be done, and change nothing");
  addSnapshotOptions(command);
  addRepositoryOptions(command);
  return command.action(async (specifiers: string[]) => {
    const flags = flagsOf<RepairFlags>(command);
    await withRepository(terminal, command, loadEngine, async ({ repository, engine, settings }) => {
      const filter = snapshotFilter(flags);
      const chosen: StoredSnapshot[] = [];
      for (const specifier of specifiers) {
        chosen.push((await engine.snapshot.resolveSnapshot(repository, specifier, filter, terminal.signal)).snapshot);
      }
      const result = await engine.repair.repairSnapshots(repository, {
        forget: flags.forget === true,
        isDryRun: flags.dryRun === true,
        ...(specifiers.length > 0 ? { snapshots: chosen } : {}),
        nowMs: terminal.now(),
        signal: terminal.signal,
      });
      if (settings.isJson) {
        return printJson(terminal, {
          examined: result.examined,
          repaired: result.repaired.map(({ id, newId, isLost, changes, changeCount }) => ({
            id,
            new_id: newId,
            is_lost: isLost,
            changes,
            change_count: changeCount,
          })),
        });
      }
      if (!settings.isQuiet) await write(terminal.stdout, describeRepaired(result));
    });
  });
}

function describeRepaired({ examined, repaired }: RepairSnapshotsResult): string {
  const lines = repaired.flatMap(({ id, newId, isLost, changes, changeCount }) => {
    const copy = newId === null ? "would be repaired" : `repaired as ${shortId(newId)}`;
    const more = changeCount - changes.length;
    return [
      `${shortId(id)}: ${isLost ? "nothing of it is left" : copy}, ${counted(changeCount, "change")}`,
      ...changes.map(({ path, message }) => `  ${path}: ${message}`),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ];
  });
  lines.push(`${counted(examined, "snapshot")} examined, ${counted(repaired.length, "damaged one")}`);
  return `${lines.join("\n")}\n`;
}

async function loadEngine() {
  const [repair, snapshot] = await Promise.all([import("@mycloud/backup/repair"), import("@mycloud/backup/snapshot")]);
  return { repair, snapshot };
}
