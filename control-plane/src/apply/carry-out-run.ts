import type { ApplyProgress } from "@mycloud/protocol/resource";
import type { Logger } from "pino";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { UnavailableError } from "../error/index.ts";
import { createPace } from "../schedule/index.ts";
import { type CarryOutDependencies, carryOutSlice, passOver } from "./carry-out-slice.ts";
import { findPlace, findStep, movePlace } from "./journal.ts";
import { type ApplyStep, openStep } from "./step.ts";

export interface CarryOutRunDependencies extends Omit<CarryOutDependencies, "database"> {
  readonly database: ConnectedDatabase;
  readonly logger: Logger;
}

/** A transaction gets so many milliseconds: results that come meanwhile wait for it. */
const sliceMs = 12;
/** No portion has more changes or hosts. */
const portionAtMost = 50;

/**
 * Carries out what is left of a decided apply, a slice a transaction; answers how many portions had to be left out. Each slice notes in its own
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
  /** So many more are carried out one by one. */
  let singly = 0;

  async function slice(how: "quickly" | "singly" | "passing-over"): Promise<ApplyProgress | null> {
    return await database.transaction(async (tx) => {
      const place = await findPlace(tx, dialect, applyId);
      if (place === undefined) return null;
      if (read?.number !== place.step) {
        const body = await findStep(tx, applyId, place.step);
        if (body === undefined) return null;
        read = { number: place.step, step: openStep(dependencies.sealer, body) };
      }
      const { step } = read;
      const limit = { untilMs: monotonicNow() + sliceMs, isSingle: how === "singly" };
      const outcome =
        how === "passing-over"
          ? passOver(step, place.position)
          : await carryOutSlice(tx, step, place.position, place.actor, limit, dependencies);
      const done = place.done + outcome.done;
      const next =
        outcome.position === null
          ? { step: place.step + 1, position: 0 }
          : { step: place.step, position: outcome.position };
      await movePlace(tx, applyId, { ...next, done });
      return { phase: "carrying-out", done, total: place.total };
    });
  }

  for (;;) {
    if (signal.aborted) throw new UnavailableError("the control plane stops; the rest is carried out when it is back");
    const startedAtMs = monotonicNow();
    let progress: ApplyProgress | null;
    try {
      progress = await slice(singly > 0 ? "singly" : "quickly");
      singly = Math.max(0, singly - 1);
    } catch (error) {
      if (dialect.isConnectionLost(error) || dialect.isOutOfSpace(error) || dialect.isTransient(error)) throw error;
      if (singly === 0) {
        // One of several cannot be carried out, for whatever somebody did meanwhile: the others are.
        singly = portionAtMost;
        continue;
      }
      logger.error({ err: error, apply: applyId }, "a part of an apply cannot be carried out and is left out");
      skipped++;
      progress = await slice("passing-over");
    }
    if (progress === null) break;
    report(progress);
    // Results that came meanwhile are stored before the next.
    await pace.rest(monotonicNow() - startedAtMs);
  }
  return skipped;
}
