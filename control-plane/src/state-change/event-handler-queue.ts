import type { Executor } from "../database/dialect/dialect.ts";
import type { StateChangeRecord } from "./state-change-record.ts";

/** A stored state change with what its event handlers may be told of it. */
export interface HandledChange {
  readonly id: number;
  readonly record: StateChangeRecord;
  readonly hostVariables: Readonly<Record<string, string>>;
  readonly serviceVariables: Readonly<Record<string, string>>;
}

/** Has agents run what event handlers say; what it queues is stored in the changes' own transaction, so that neither is without the other. */
export interface EventHandlerQueue {
  /** Called with the `state` changes of objects whose event handlers are switched on, in order of occurrence. */
  queue(tx: Executor, changes: readonly HandledChange[], nowMs: number): Promise<void>;
}
