import type { ApplyProgress } from "@mycloud/protocol/resource";
import type { Logger } from "pino";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { UnavailableError } from "../error/index.ts";
import { createPace } from "../schedule/index.ts";
import { type CarryOutDependencies, carryOutSlice } from "./carry-out-slice.ts";
import { findPlace, findStep, forgetRun, movePlace } from "./journal.ts";
import { type ApplyStep, decodeStep } from "./step.ts";

export interface CarryOutRunDependencies extends Omit<CarryOutDependencies, "database"> {
  readonly database: ConnectedDatabase;
  readonly logger: Logger;
}

/** A transaction gets so many milliseconds: results that come meanwhile wait for it. */
const sliceMs = 12;

/**
 * Carries out what is left of a decided apply, a slice a transaction, and forgets it; answers how many portions had to be left out. Each slice notes in its own
 * transaction how far it came, so that whoever goes on after a crash repeats nothing and leaves nothing out. Throws when the database is away, or
 * when stopped: the rest is carried out later.
 */
export async function carryOutRun(
  applyId: number,
  dependencies: CarryOutRunDependencies,
  report: (progress: ApplyProgress) => void,
  signal: AbortSignal,
): Promise<number> {
  const { database, logger, monotonicNow } = dependencies;
  const { dialect } = database;
  const pace = createPace();
  let read: { readonly number: number; readonly step: ApplyStep } | undefined;
  let skipped = 0;

  async function slice(isSkipping: boolean): Promise<{ done: number; total: number } | null> {
    return await database.transaction(async (tx) => {
      const place = await findPlace(tx, applyId);
      if (place === undefined) return null;
      if (read?.number !== place.step) {
        const body = await findStep(tx, applyId, place.step);
        if (body === undefined) return null;
        read = { number: place.step, step: decodeStep(body) };
      }
      const { step } = read;
      const outcome = isSkipping
        ? { position: positionBehind(step, place.position), done: 1 }
        : await carryOutSlice(tx, step, place.position, place.actor, monotonicNow() + sliceMs, dependencies);
      const done = place.done + outcome.done;
      const next =
        outcome.position === null
          ? { step: place.step + 1, position: 0 }
          : { step: place.step, position: outcome.position };
      await movePlace(tx, applyId, { ...next, done });
      return { done, total: place.total };
    });
  }

  for (;;) {
    if (signal.aborted) throw new UnavailableError("the control plane stops; the rest is carried out when it is back");
    const startedAtMs = monotonicNow();
    let progress: { done: number; total: number } | null;
    try {
      progress = await slice(false);
    } catch (error) {
      if (dialect.isConnectionLost(error) || dialect.isOutOfSpace(error) || dialect.isTransient(error)) throw error;
      // What cannot be done, for whatever somebody did meanwhile, must not keep the rest from being done.
      logger.error({ err: error, apply: applyId }, "a part of an apply cannot be carried out and is left out");
      skipped++;
      progress = await slice(true);
    }
    if (progress === null) break;
    report({ phase: "carrying-out", ...progress });
    // Results that came meanwhile are stored before the next.
    await pace.rest(monotonicNow() - startedAtMs);
  }
  await forgetRun(database, applyId);
  return skipped;
}

/** One change, or one host, further. */
function positionBehind(step: ApplyStep, position: number): number | null {
  if (step.do === "sync-checks" || step.do === "clear-checks") return position + 1;
  const length = step.do === "sync-hosts" ? step.hosts.length : step.changes.length;
  return position + 1 < length ? position + 1 : null;
}
