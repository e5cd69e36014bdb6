import type { ServerClock } from "../clock/index.ts";
import type { FreeSpace } from "../quota/index.ts";
import type { Repositories, StateLayout } from "../repository/index.ts";
import { emptyTrashBefore, emptyTrashedRepositories, readTrash, readTrashedRepositories } from "../trash/index.ts";
import type { StorageLogger } from "./storage-server-options.ts";

/** What is looked after every now and then. */
export interface HousekeepingOptions {
  readonly layout: StateLayout;
  readonly repositories: Repositories;
  readonly clock: ServerClock;
  readonly freeSpace: FreeSpace;
  readonly trashGraceMs: number;
  readonly renewCertificate: () => Promise<void>;
  readonly logger: StorageLogger;
}

/** What to do and how often. */
export interface Housekeeping {
  /** About once a minute. */
  everyMinute(): Promise<void>;
  /** About once an hour: deletes what has been in the trash for the grace period. */
  emptyTrash(): Promise<void>;
}

/** Chores; each failure is logged and does not stop the others. */
export function createHousekeeping(options: HousekeepingOptions): Housekeeping {
  const { layout, repositories, clock, freeSpace, logger } = options;

  async function emptyOf(name: string, beforeMs: number): Promise<void> {
    const repository = await repositories.find(name);
    if (repository === null) return;
    const { objects, bytes } = await emptyTrashBefore(repository.layout.trash, beforeMs);
    if (objects === 0) return;
    logger.info({ repository: name, objects, bytes }, "trash was emptied");
    if (repository.usage.current() !== null) await repository.usage.recount();
  }

  return {
    async everyMinute() {
      for (const chore of [() => clock.persist(), () => freeSpace.refill(), options.renewCertificate])
        await chore().catch((err: unknown) => logger.warn({ err }, "housekeeping failed"));
    },
    async emptyTrash() {
      const beforeMs = clock.uptimeMs() - options.trashGraceMs;
      if (beforeMs <= 0) return;
      const warn = (fields: object) => (err: unknown) => logger.warn({ err, ...fields }, "trash cannot be emptied");
      for (const name of await repositories.list()) await emptyOf(name, beforeMs).catch(warn({ repository: name }));
      await emptyTrashedRepositories(layout.trashedRepositories, beforeMs).then((removed) => {
        if (removed > 0) logger.info({ repositories: removed }, "deleted repositories were removed for good");
      }, warn({}));
    },
  };
}

/** The latest uptime that anything in the trash was stamped with: a clock whose file was lost goes on from there. */
export async function latestTrashStamp(layout: StateLayout, names: readonly string[]): Promise<number> {
  let latest = 0;
  for (const name of names) {
    for (const { trashedAtUptimeMs } of await readTrash(layout.repository(name).trash))
      latest = Math.max(latest, trashedAtUptimeMs);
  }
  for (const { trashedAtUptimeMs } of await readTrashedRepositories(layout.trashedRepositories))
    latest = Math.max(latest, trashedAtUptimeMs);
  return latest;
}
