import type { Logger } from "pino";
import type { ConnectedDatabase } from "./dialect/dialect.ts";

/**
 * Leases: rights that one control plane holds for a while, kept as rows. A lease is kept between runs and extended at half of its
 * time, so that a job every second does not write every second; when its holder dies, another takes it after `ttlMs`. The instants
 * come from each control plane's own clock: `ttlMs` must be well above the difference of their clocks.
 */
export interface Leases {
  /**
   * Runs `job` when this control plane holds the lease or can take it now; answers whether it did. `signal` is aborted when the lease
   * is lost while the job runs (the database was away too long). Jobs must stand being run twice all the same.
   */
  runLeased(name: string, ttlMs: number, job: (signal: AbortSignal) => Promise<void>): Promise<boolean>;
  /** Gives up everything held, so that another control plane goes on at once. */
  releaseAll(): Promise<void>;
}

interface LeaseDependencies {
  readonly database: ConnectedDatabase;
  /** Unique for this process. */
  readonly holder: string;
  readonly now: () => number;
  readonly logger: Logger;
}

/** Takes or extends a lease; false when somebody else holds it. */
export async function takeLease(
  { db, dialect }: ConnectedDatabase,
  name: string,
  holder: string,
  ttlMs: number,
  nowMs: number,
): Promise<boolean> {
  const expiresAtMs = nowMs + ttlMs;
  const taken = await db
    .updateTable("lease")
    .set({ holder, expires_at_ms: expiresAtMs })
    .where("name", "=", name)
    .where((eb) => eb.or([eb("holder", "=", holder), eb("expires_at_ms", "<=", nowMs)]))
    .executeTakeFirst();
  if (taken.numUpdatedRows > 0n) return true;
  return await dialect.insertIfAbsent(db, "lease", { name, holder, expires_at_ms: expiresAtMs });
}

export async function releaseLease({ db }: ConnectedDatabase, name: string, holder: string): Promise<void> {
  await db.deleteFrom("lease").where("name", "=", name).where("holder", "=", holder).execute();
}

/** Ends every lease: for whoever is alone with the database and knows that their holders are gone. */
export async function endLeases({ db }: ConnectedDatabase): Promise<void> {
  await db.deleteFrom("lease").execute();
}

export function createLeases({ database, holder, now, logger }: LeaseDependencies): Leases {
  const heldUntilMs = new Map<string, number>();

  async function extend(name: string, ttlMs: number): Promise<boolean> {
    const startedAtMs = now();
    const isHeld = await takeLease(database, name, holder, ttlMs, startedAtMs);
    if (isHeld) heldUntilMs.set(name, startedAtMs + ttlMs);
    else heldUntilMs.delete(name);
    return isHeld;
  }

  return {
    async runLeased(name, ttlMs, job) {
      const isFresh = (heldUntilMs.get(name) ?? 0) - now() > ttlMs / 2;
      if (!isFresh && !(await extend(name, ttlMs))) return false;
      const lost = new AbortController();
      const renewal = setInterval(() => {
        extend(name, ttlMs).then(
          (isHeld) => {
            if (!isHeld) lost.abort(new Error(`lease ${name} was lost`));
          },
          (err: unknown) => {
            logger.warn({ lease: name, err }, "lease could not be extended");
            if ((heldUntilMs.get(name) ?? 0) <= now()) lost.abort(new Error(`lease ${name} ran out`));
          },
        );
      }, ttlMs / 3);
      try {
        await job(lost.signal);
      } finally {
        clearInterval(renewal);
      }
      return true;
    },

    async releaseAll() {
      const names = [...heldUntilMs.keys()];
      heldUntilMs.clear();
      for (const name of names) await releaseLease(database, name, holder);
    },
  };
}
