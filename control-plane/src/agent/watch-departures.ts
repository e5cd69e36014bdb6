import type { Logger } from "pino";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { saveDepartures } from "./presence.ts";

/** Knows which agents' streams ended here and did not come back, and says so after a while. */
export interface DeparturesWatch {
  left(hostId: number): void;
  cameBack(hostId: number): void;
  /** What has not been said by then is not: agents of a control plane that stops go to the next. */
  stop(): Promise<void>;
}

export interface DeparturesWatchDependencies {
  readonly database: ConnectedDatabase;
  readonly changes: ChangeBus;
  readonly logger: Logger;
  readonly now: () => number;
  /** An agent that is restarted, or whose connection broke, is back within it. */
  readonly graceMs?: number;
}

const defaultGraceMs = 10_000;

/** Makes one. Many that leave at once, as a network does, are written together. */
export function createDeparturesWatch(deps: DeparturesWatchDependencies): DeparturesWatch {
  const { database, changes, logger, now, graceMs = defaultGraceMs } = deps;
  const departed = new Map<number, { readonly sinceMs: number; readonly dueAtMs: number }>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> = Promise.resolve();
  let isStopped = false;

  function schedule(): void {
    const [first] = departed.values();
    if (timer !== undefined || first === undefined || isStopped) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        saving = saving.then(save);
        void saving.then(schedule);
      },
      Math.max(0, first.dueAtMs - performance.now()),
    );
  }

  async function save(): Promise<void> {
    const due = [...departed].filter(([, { dueAtMs }]) => dueAtMs <= performance.now());
    for (const [hostId] of due) departed.delete(hostId);
    if (due.length === 0) return;
    try {
      const gone = await saveDepartures(database, new Map(due.map(([hostId, { sinceMs }]) => [hostId, sinceMs])));
      if (gone.length > 0) changes.publish("machines", gone);
    } catch (err) {
      // Their silence tells it later.
      logger.warn({ err, agents: due.length }, "that agents are gone was not written");
    }
  }

  return {
    left(hostId) {
      if (isStopped) return;
      // At the end of the list again: the first is the one that is due first.
      departed.delete(hostId);
      departed.set(hostId, { sinceMs: now(), dueAtMs: performance.now() + graceMs });
      schedule();
    },
    cameBack(hostId) {
      departed.delete(hostId);
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      departed.clear();
      await saving;
    },
  };
}
