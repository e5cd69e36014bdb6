import type { Downtime, DowntimeInput } from "@mycloud/protocol/downtime";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { ConflictError, InputError, NotFoundError } from "../error/index.ts";
import { authorOf, type Operator, userIdOf } from "../operation/operator.ts";
import type { Scope } from "../scope/index.ts";
import { cancelDowntime, findDowntime, insertDowntime } from "./store.ts";

export interface DowntimeDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
}

/** What can be done with downtimes; each call is one transaction with its audit. They are not edited: what was announced stays on record. */
export interface Downtimes {
  /** Throws InputError when it would be over already. `authorName` replaces the operator's own name. */
  plan(operator: Operator, input: DowntimeInput, authorName?: string): Promise<Downtime>;
  /** Throws NotFoundError, or ConflictError when it is over or cancelled already. */
  cancel(operator: Operator, id: number): Promise<Downtime>;
}

export function createDowntimes({ database, audit, changes, now }: DowntimeDependencies): Downtimes {
  async function existing(executor: Executor, scope: Scope, id: number): Promise<Downtime> {
    const downtime = await findDowntime(executor, scope, id, now());
    if (downtime === null) throw new NotFoundError(`there is no downtime ${id}`);
    return downtime;
  }

  return {
    async plan(operator, input, authorName) {
      const { actor, scope } = operator;
      if (input.endAtMs <= now()) {
        throw new InputError("endAtMs has passed already", [
          { field: "endAtMs", value: String(input.endAtMs), message: "has passed already" },
        ]);
      }
      const downtime = await database.transaction(async (tx) => {
        const customer = scope.kind === "customer" ? scope.customer : null;
        if (input.triggeredById !== null) await existing(tx, scope, input.triggeredById);
        const by = { authorName: authorOf(operator, authorName), customer, userId: userIdOf(operator) };
        const id = await insertDowntime(tx, input, by, now());
        const after = await existing(tx, scope, id);
        const record = { actor, resourceKind: "downtime", resourceId: id, resourceName: after.comment };
        await audit.record(tx, { ...record, action: "downtime.create", after });
        return after;
      });
      changes.publish("definitions", null);
      return downtime;
    },

    async cancel({ actor, scope }, id) {
      const downtime = await database.transaction(async (tx) => {
        const before = await existing(tx, scope, id);
        if (!(await cancelDowntime(tx, id, now()))) {
          throw new ConflictError(`downtime ${id} is ${before.phase}; only a pending or active one can be cancelled`);
        }
        const after = await existing(tx, scope, id);
        const record = { actor, resourceKind: "downtime", resourceId: id, resourceName: before.comment };
        await audit.record(tx, { ...record, action: "downtime.cancel", before, after });
        return after;
      });
      changes.publish("definitions", null);
      return downtime;
    },
  };
}
