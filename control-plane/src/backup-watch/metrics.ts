import { DamagedObject } from "@mycloud/protocol/backup-maintenance";
import { FreshnessState } from "@mycloud/protocol/backup-repository";
import { Gauge, type Registry } from "prom-client";
import { z } from "zod";
import { judgeFreshness } from "../backup-run/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";

/** Repositories that have figures of their own: those whose newest snapshot is oldest. A label for each of ten thousand would be too many. */
const shownRepositories = 100;
/** The gauges of one scrape are read from one look. */
const sameScrapeMs = 1_000;

const Damaged = z.array(DamagedObject);

/** Gauges of repositories that policies use, read from the database at each scrape, so that every control plane tells the same. */
export function createRepositoryMetrics(registry: Registry, database: ConnectedDatabase, now: () => number): void {
  let looked: { readonly atMs: number; readonly rows: ReturnType<typeof findRows> } | undefined;
  const rows = () => {
    const atMs = performance.now();
    if (looked === undefined || atMs - looked.atMs > sameScrapeMs) looked = { atMs, rows: findRows(database) };
    return looked.rows;
  };
  const registers = [registry];

  new Gauge({
    name: "mycloud_backup_repositories",
    help: "Repositories that policies use, by the age of their newest snapshot held against the objective (RPO): OK, WARNING, CRITICAL, none (no objective)",
    labelNames: ["freshness"],
    registers,
    async collect() {
      const states = (await rows()).map((row) => judgeFreshness(row, now()).state);
      for (const freshness of FreshnessState.options) {
        this.set({ freshness }, states.filter((state) => state === freshness).length);
      }
    },
  });
  new Gauge({
    name: "mycloud_backup_snapshot_age_seconds",
    help: `Age of a repository's newest snapshot, of the ${shownRepositories} repositories where it is oldest; repository is its id`,
    labelNames: ["repository"],
    registers,
    async collect() {
      this.reset();
      for (const { id, lastSnapshotAtMs } of oldest(await rows(), ({ lastSnapshotAtMs }) => lastSnapshotAtMs)) {
        this.set({ repository: String(id) }, age(lastSnapshotAtMs, now()));
      }
    },
  });
  new Gauge({
    name: "mycloud_backup_scrub_age_seconds",
    help: `How long ago a storage server had read a repository whole, of the ${shownRepositories} repositories where that is longest; repository is its id`,
    labelNames: ["repository"],
    registers,
    async collect() {
      this.reset();
      for (const { id, scrubbedAtMs } of oldest(await rows(), ({ scrubbedAtMs }) => scrubbedAtMs)) {
        this.set({ repository: String(id) }, age(scrubbedAtMs, now()));
      }
    },
  });
  new Gauge({
    name: "mycloud_backup_damaged_objects",
    help: "Objects of repositories that scrubs found damaged and no backup has healed yet",
    registers,
    async collect() {
      this.set((await rows()).reduce((sum, { damagedObjects }) => sum + damagedObjects, 0));
    },
  });
  new Gauge({
    name: "mycloud_backup_repositories_frozen",
    help: "Repositories that a suspicious change froze and nobody has released",
    registers,
    async collect() {
      this.set((await rows()).filter(({ isFrozen }) => isFrozen).length);
    },
  });
  new Gauge({
    name: "mycloud_backup_stored_bytes",
    help: "Bytes that these repositories take on their storage servers",
    registers,
    async collect() {
      this.set((await rows()).reduce((sum, { usedBytes }) => sum + usedBytes, 0));
    },
  });
}

/** How many repositories that policies use stand how to their objective. */
export async function countFreshness(
  database: ConnectedDatabase,
  nowMs: number,
): Promise<Record<FreshnessState, number>> {
  const counts: Record<FreshnessState, number> = { OK: 0, WARNING: 0, CRITICAL: 0, none: 0 };
  for (const row of await findRows(database)) counts[judgeFreshness(row, nowMs).state] += 1;
  return counts;
}

async function findRows({ db }: ConnectedDatabase) {
  const rows = await db
    .selectFrom("backup_repository")
    .select(["id", "last_snapshot_at_ms", "assigned_at_ms", "rpo_seconds", "frozen_at_ms"])
    .select(["damaged_json", "scrubbed_at_ms", "used_bytes"])
    .where("assigned_at_ms", "is not", null)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    lastSnapshotAtMs: row.last_snapshot_at_ms,
    assignedAtMs: row.assigned_at_ms,
    rpoSeconds: row.rpo_seconds,
    isFrozen: row.frozen_at_ms !== null,
    damagedObjects: row.damaged_json === null ? 0 : Damaged.parse(JSON.parse(row.damaged_json)).length,
    scrubbedAtMs: row.scrubbed_at_ms,
    usedBytes: row.used_bytes ?? 0,
  }));
}

/** Those that have such an instant, the earliest first. */
function oldest<Row>(rows: readonly Row[], atMs: (row: Row) => number | null): Row[] {
  return rows
    .filter((row) => atMs(row) !== null)
    .toSorted((a, b) => (atMs(a) ?? 0) - (atMs(b) ?? 0))
    .slice(0, shownRepositories);
}

function age(atMs: number | null, nowMs: number): number {
  return Math.max(0, Math.round((nowMs - (atMs ?? nowMs)) / 1000));
}
